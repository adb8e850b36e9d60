package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

func TestAnnotateForms(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, name := range []string{"a", "b"} {
		c.kubectl("run", name, "--image=heejeong/crane")
	}
	for _, tc := range []struct{ args, stdout string }{
		{"annotate pods --all why=because", "pod/a annotated\npod/b annotated\n"},
		{"annotate pods -l run=a when=now why-", "pod/a annotated\n"},
		{"annotate pod a why-", "pod/a annotated\n"}, // unlike label, which says that there was none
		{"annotate pod b why=so --overwrite", "pod/b annotated\n"},
		{"annotate pod b why=because --overwrite --dry-run=server", "pod/b annotated (server dry run)\n"},
		{"annotate pods --field-selector=metadata.name=a where=here", "pod/a annotated\n"},
		{"get pods -o jsonpath={.items[*].metadata.annotations}", `{"when":"now","where":"here"} {"why":"so"}`},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if got := c.kubectl(fields(tc.args)...); got != tc.stdout {
				t.Errorf("said %q, want %q", got, tc.stdout)
			}
		})
	}
	has(t, c.kubectl("annotate", "pod", "a", "--list"), "when=now\n", "where=here\n")
	has(t, c.refused("annotate", "pod", "b", "why=not"), "--overwrite is false but found the following declared annotation(s): 'why' already has a value (so)")
	has(t, c.refused("annotate", "pod", "b", "why=not", "--resource-version=1", "--overwrite"), "the object has been modified; please apply your changes to the latest version and try again")
	has(t, c.refused("annotate", "pod", "b", "a/b/c=d"), `Invalid value: "a/b/c"`)
}
