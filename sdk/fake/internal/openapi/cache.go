package openapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// cache holds the documents of this process by what they are made from, so that all clusters with equal rows share them. Of documents in
// which nothing is defined by users there are few, and they are never dropped; of the others the latest are kept.
var cache = struct {
	sync.Mutex
	built  map[string]*built
	custom []string // the keys of documents that can be dropped, the oldest first
}{built: map[string]*built{}}

// mostCustom is how many documents with kinds that users define are kept.
const mostCustom = 64

// cached returns the document of a key, made by make unless it is there.
func cached(key string, custom bool, make func() *built) *built {
	cache.Lock()
	defer cache.Unlock()
	if b := cache.built[key]; b != nil {
		return b
	}
	b := make()
	cache.built[key] = b
	if custom {
		cache.custom = append(cache.custom, key)
		if len(cache.custom) > mostCustom {
			delete(cache.built, cache.custom[0])
			cache.custom = slices.Delete(cache.custom, 0, 1)
		}
	}
	return b
}

// keyOf tells sets of rows apart by everything that their document says of them, and says whether users define any of them.
func keyOf(rows []*registry.Resource) (key string, custom bool) {
	var lines []string
	for _, r := range rows {
		line := fmt.Sprint(r.GroupVersionKind(), r.Name, r.Namespaced, r.AllowedVerbs(), r.PatchTypes, r.ReturnDeleted, newObject(r), newList(r))
		if r.Schema != nil {
			data, err := json.Marshal(r.Schema)
			line = fmt.Sprint(line, r.ListKind, string(data), err)
			custom = true
		}
		lines = append(lines, line)
		for _, s := range r.Subresources {
			lines = append(lines, fmt.Sprint(r.Name, "/", s.Name, s.Group, s.Version, s.Kind, s.Verbs))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n"), custom
}
