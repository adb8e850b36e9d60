package imageref

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const digest = "sha256:4c325bcc6b40c110226b89fe1ac9d8b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"

func TestParse(t *testing.T) {
	tests := []struct {
		rule, in           string
		want               Ref
		familiar, complete string
	}{
		{"an official image gets registry, library and tag", "nginx",
			Ref{"docker.io", "library/nginx", "latest", ""}, "nginx:latest", "docker.io/library/nginx:latest"},
		{"a user's image gets a registry", "heejeong/crane:v2",
			Ref{"docker.io", "heejeong/crane", "v2", ""}, "heejeong/crane:v2", "docker.io/heejeong/crane:v2"},
		{"the old registry name is the new one", "index.docker.io/nginx",
			Ref{"docker.io", "library/nginx", "latest", ""}, "nginx:latest", "docker.io/library/nginx:latest"},
		{"a dot makes a registry", "gcr.io/a/b",
			Ref{"gcr.io", "a/b", "latest", ""}, "gcr.io/a/b:latest", "gcr.io/a/b:latest"},
		{"a port makes a registry", "registry:5000/a",
			Ref{"registry:5000", "a", "latest", ""}, "registry:5000/a:latest", "registry:5000/a:latest"},
		{"localhost is a registry", "localhost/a",
			Ref{"localhost", "a", "latest", ""}, "localhost/a:latest", "localhost/a:latest"},
		{"a digest needs no tag", "crane@" + digest,
			Ref{"docker.io", "library/crane", "", digest}, "crane@" + digest, "docker.io/library/crane@" + digest},
		{"a digest may come with a tag", "a/crane:v1@" + digest,
			Ref{"docker.io", "a/crane", "v1", digest}, "a/crane:v1@" + digest, "docker.io/a/crane:v1@" + digest},
		{"docker.io with a library of one's own keeps it", "docker.io/library/a/b",
			Ref{"docker.io", "library/a/b", "latest", ""}, "library/a/b:latest", "docker.io/library/a/b:latest"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			got, err := Parse(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", test.in, diff)
			}
			if diff := cmp.Diff([]string{test.familiar, test.complete}, []string{got.FamiliarString(), got.String()}); diff != "" {
				t.Errorf("names of %q (-want +got):\n%s", test.in, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"nothing", "", "invalid reference format"},
		{"a space", "a b", "invalid reference format"},
		{"an empty tag", "a:", "invalid reference format"},
		{"two slashes", "a//b", "invalid reference format"},
		{"a short digest", "a@sha256:12", "invalid reference format"},
		{"upper case", "a/Crane", "invalid reference format: repository name (a/Crane) must be lowercase"},
		{"an image id", strings.Repeat("ab", 32), "invalid repository name (" + strings.Repeat("ab", 32) + "), cannot specify 64-byte hexadecimal strings"},
		{"a name that is too long", strings.Repeat("a", 256), "repository name must not be more than 255 characters"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			ref, err := Parse(test.in)
			if err == nil {
				t.Fatalf("Parse(%q) = %+v, want an error", test.in, ref)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzParse holds that a name printed in full or in short is read as the same image again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"nginx", "a/b:c", "localhost:1/a@" + digest, "index.docker.io/x", "A.b/c", "library/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := Parse(s)
		if err != nil {
			return
		}
		for _, name := range []string{ref.String(), ref.FamiliarString()} {
			again, err := Parse(name)
			if err != nil || again != ref {
				t.Errorf("Parse(%q) = %+v, printed %q, read as %+v, %v", s, ref, name, again, err)
			}
		}
	})
}
