package fake_test

import (
	"net/http"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// TestEvictionBodies: both versions of the kind are taken, and none at all; the name must be the URL's.
func TestEvictionBodies(t *testing.T) {
	for _, tc := range []struct {
		rule, query, body string
		status            int
	}{
		{"the current version", "", `{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"a"}}`, http.StatusCreated},
		{"the version before", "", `{"apiVersion":"policy/v1beta1","kind":"Eviction","metadata":{"name":"a"}}`, http.StatusCreated},
		{"no kind", "", `{"metadata":{"name":"a"}}`, http.StatusCreated},
		{"another kind", "", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}`, http.StatusBadRequest},
		{"another name", "", `{"metadata":{"name":"b"}}`, http.StatusBadRequest},
		{"an unknown field, strict", "?fieldValidation=Strict", `{"metadata":{"name":"a"},"x":1}`, http.StatusBadRequest},
		{"a dry run", "?dryRun=All", `{"metadata":{"name":"a"}}`, http.StatusCreated},
		{"two sorts of dry run", "?dryRun=Some", `{"metadata":{"name":"a"}}`, http.StatusUnprocessableEntity},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			r := newReplayer(t, fake.RunT(t, fake.APIOnly()))
			headers := map[string]string{"Content-Type": "application/json"}
			send := func(path, body string) *answer {
				a, err := r.send(t.Context(), http.MethodPost, "/api/v1/namespaces/default/pods"+path, headers, []byte(body))
				if err != nil {
					t.Fatal(err)
				}
				return a
			}
			if a := send("", `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]}}`); a.status != http.StatusCreated {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if a := send("/a/eviction"+tc.query, tc.body); a.status != tc.status {
				t.Errorf("%d %s, want %d", a.status, a.body, tc.status)
			}
		})
	}
}
