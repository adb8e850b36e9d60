package apiserver

import (
	"bufio"
	"net/http"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// around is what stands around the items of a list.
type around struct {
	head, tail []byte
	lead       func(to []byte, first bool, item []byte) []byte // appends what comes before an item
}

// writeList answers a list: put together from what its objects were encoded to, or encoded as a whole in the forms that are not kept.
func writeList(w http.ResponseWriter, req *http.Request, want wanted, r *registry.Resource, p page) error {
	if want.as != asMetadata && len(p.editions) > 0 {
		if form := want.kept(); form != "" {
			if done, err := writeItems(w, want, form, r, p); done || err != nil {
				return err
			}
		}
	}
	list, err := want.formList(req, r, p.objects(), p.meta)
	if err != nil {
		return err
	}
	return write(w, want, http.StatusOK, list)
}

// writeItems writes a list without ever holding the whole of it. Until all is encoded nothing is written, so that an error can still be
// answered. It says whether the list could be put together.
func writeItems(w http.ResponseWriter, want wanted, form string, r *registry.Resource, p page) (bool, error) {
	items := make([][]byte, len(p.editions))
	for i, e := range p.editions {
		enc, err := want.encoding(form, e)
		if err != nil || enc.Item == nil {
			return false, err
		}
		items[i] = enc.Item
	}
	empty, err := want.emptyList(r, p.meta)
	if err != nil {
		return false, err
	}
	a, ok := want.format.wire.list(want.format, empty, &p.meta, items)
	if !ok {
		return false, nil
	}
	w.Header().Set("Content-Type", want.format.mediaType)
	w.WriteHeader(http.StatusOK)
	a.write(w, items)
	return true, nil
}

// emptyList is a list of the kind that is answered, without items.
func (want wanted) emptyList(r *registry.Resource, m metav1.ListMeta) (runtime.Object, error) {
	if want.as == "" {
		return newList(r, nil, m)
	}
	l := want.partialList(m)
	l.Items = []metav1.PartialObjectMetadata{}
	return l, nil
}

var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 64<<10) }}

// write writes the list in large pieces. A client that is gone is nobody's error.
func (a around) write(w http.ResponseWriter, items [][]byte) {
	out := writers.Get().(*bufio.Writer)
	defer writers.Put(out)
	out.Reset(w)
	defer out.Reset(nil)
	_, _ = out.Write(a.head)
	for i, item := range items {
		_, _ = out.Write(a.lead(out.AvailableBuffer(), i == 0, item))
		_, _ = out.Write(item)
	}
	_, _ = out.Write(a.tail)
	_ = out.Flush()
}

// objects are what the page shows.
func (p page) objects() []store.Object {
	objs := make([]store.Object, len(p.editions))
	for i, e := range p.editions {
		objs[i] = e.Object
	}
	return objs
}
