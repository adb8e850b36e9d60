package conformance

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// varies are what differs from run to run, with what stands in for it.
var varies = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uid>"},
	{regexp.MustCompile(`(docker://)[0-9a-f]{64}`), "${1}<id>"},
	{regexp.MustCompile(`(sha256:)[0-9a-f]{64}`), "${1}<id>"},
	{regexp.MustCompile(`\b(crane|kube-api-access|node-debugger-minikube)-[bcdfghjklmnpqrstvwxz2456789]{5}\b`), "${1}-<rand>"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "<time>"},
	{regexp.MustCompile(`(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000`), "<time>"},
	{regexp.MustCompile(`(resourceVersion"?: )"\d+"`), "${1}<rv>"},
	{regexp.MustCompile(`in \d[\w.]*s? \(\d[\w.]*s? including waiting\)`), "in <took>"},
	{regexp.MustCompile(`(?m)(^|\s)\d+[smh](\d+s)?( \(x\d+ over \d+s\))?(\s|$)`), "${1}<age>${4}"},
	{regexp.MustCompile(`[ ]{2,}`), " "}, // columns are as wide as what is in them
	{regexp.MustCompile(`-{2,}`), "--"},
	{regexp.MustCompile(`(?m) +$`), ""},
}

func normal(s string) string {
	for _, v := range varies {
		s = v.pattern.ReplaceAllString(s, v.with)
	}
	return s
}

// update rewrites testdata/chapter, to be read through before it is kept. The recordings are never rewritten.
var update = flag.Bool("update", false, "rewrite testdata/chapter with what kubectl prints now")

// golden holds what kubectl printed against a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update && strings.HasPrefix(file, "chapter/") {
		if err := os.WriteFile(filepath.Join("testdata", file), []byte(normal(got)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(normal(string(want)), "\n"), strings.Split(normal(got), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// has holds what kubectl printed against the texts that must be in it.
func has(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%q is not in:\n%s", w, got)
		}
	}
}
