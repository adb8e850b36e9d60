package v1_test

import (
	"os"
	"strings"
	"testing"

	"github.com/podwright/podwright/gen"
)

// What is generated is what would be generated now. In a project of your own, let CI call the command:
//
//	go tool podwright types -check -config podwright.yaml
func TestGenerated(t *testing.T) {
	for _, verb := range []string{"types", "builders"} {
		t.Run(verb, func(t *testing.T) {
			var diff, notes strings.Builder
			if code := gen.Main([]string{verb, "-check", "-config", "podwright.yaml"}, os.Stdin, &diff, &notes); code != 0 || notes.Len() > 0 {
				t.Errorf("exit code %d; %s\n%s", code, &notes, &diff)
			}
		})
	}
}
