package closest

import (
	"strings"
	"testing"
)

func TestTo(t *testing.T) {
	candidates := []string{"containers", "initContainers", "hostname", "hostIPC", "hostPID"}
	for _, tt := range []struct{ rule, name, want string }{
		{"two letters swapped are two mistakes", "contianers", "containers"},
		{"a letter too many is one", "containerss", "containers"},
		{"case alone always counts", "CONTAINERS", "containers"},
		{"the first of equally close ones wins", "hostIPD", "hostIPC"},
		{"one mistake in three letters is the most", "hos", ""},
		{"something else is no mistake", "volumes", ""},
		{"the empty name is close to nothing", "", ""},
		{"nothing is that long", strings.Repeat("containers", 11), ""},
	} {
		if got := To(tt.name, candidates); got != tt.want {
			t.Errorf("%s: To(%q) is %q, want %q", tt.rule, tt.name, got, tt.want)
		}
	}
}
