package gocode

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

func TestCamel(t *testing.T) {
	for _, tt := range []struct{ rule, name, want string }{
		{"words start with a capital letter", "web-server", "WebServer"},
		{"whatever stands between them", "app.kubernetes.io/part_of", "AppKubernetesIoPartOf"},
		{"a capital letter stays", "webServer", "WebServer"},
		{"a digit stays, where no name starts with it", "2-tier", "2Tier"},
		{"nothing is left of signs", "-", ""},
	} {
		if diff := gocmp.Diff(tt.want, Camel(tt.name)); diff != "" {
			t.Errorf("%s:\n%s", tt.rule, diff)
		}
	}
}
