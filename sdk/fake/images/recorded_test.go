package images_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestRecorded runs scripts that a real BusyBox has run, and holds what they print against what it printed, byte for byte.
func TestRecorded(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/recorded.txtar")
	if err != nil {
		t.Fatal(err)
	}
	inWorld(t, func(w world) {
		for i := 0; i < len(archive.Files); i += 2 {
			script, want := archive.Files[i], string(archive.Files[i+1].Data)
			pod := strings.TrimSuffix(script.Name, ".sh")
			w.pod("p"+pod, "busybox", "sleep", "infinity")
			files, err := w.cluster.Files("default", "p"+pod, "main")
			if err == nil {
				err = files.WriteFile("run.sh", script.Data, 0o644)
			}
			if err != nil {
				w.Fatal(err)
			}
			got, _, code := w.exec("p"+pod, "", "sh", "-c", "mkdir /w; cd /w; exec sh /run.sh </dev/null 2>&1")
			w.kill("p" + pod)
			if diff := cmp.Diff(want, got+fmt.Sprintf("[%d]\n", code)); diff != "" {
				w.Errorf("%s:\n%s\n%s", script.Name, script.Data, diff)
			}
		}
	})
}
