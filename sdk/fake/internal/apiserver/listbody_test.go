package apiserver

import (
	"net/http"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// nowhere is a client that drops the answer.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) WriteHeader(int)             {}
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// TestListAllocatesNothingForAnItem: a list whose objects have been encoded before takes room for what stands around its items, and for
// a slice of them.
func TestListAllocatesNothingForAnItem(t *testing.T) {
	const items = 1000
	p := page{editions: randomEditions(registry.ConfigMaps, items)}
	w := nowhere{http.Header{}}
	for name, want := range forms() {
		form := want.kept()
		if form == "" {
			continue
		}
		if want.as != "" {
			want.as = asMetadataList
		}
		allocations := testing.AllocsPerRun(10, func() {
			if done, err := writeItems(w, want, form, registry.ConfigMaps, p); !done || err != nil {
				t.Fatal(done, err)
			}
		})
		if allocations > items/10 {
			t.Errorf("%s: %.0f allocations for %d items", name, allocations, items)
		}
	}
}
