package discovery

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/version"
)

// TestVersionIsThatOfARealServer compares all but what is the build's: the date, and the Go release and platform.
func TestVersionIsThatOfARealServer(t *testing.T) {
	var want version.Info
	readTestdata(t, "version.json", &want)
	got := *Version()
	want.BuildDate = got.BuildDate
	want.GoVersion, want.Compiler, want.Platform = runtime.Version(), runtime.Compiler, runtime.GOOS+"/"+runtime.GOARCH
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("version (-recorded +got):\n%s", diff)
	}
}
