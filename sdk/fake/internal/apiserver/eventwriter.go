package apiserver

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
)

// eventWriter frames events for one client.
type eventWriter struct {
	req      *http.Request
	want     wanted
	form     string // as kept says
	resource *registry.Resource
	out      io.Writer
	flusher  http.Flusher
	columns  bool // the table's columns are sent already
}

func newEventWriter(w http.ResponseWriter, req *http.Request, want wanted, r *registry.Resource) *eventWriter {
	contentType := want.format.mediaType
	if contentType != runtime.ContentTypeJSON {
		contentType += ";stream=watch"
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusOK)
	flusher, _ := w.(http.Flusher)
	want.pretty = false // a stream never is
	e := &eventWriter{req: req, want: want, resource: r, out: w, flusher: flusher}
	if want.as != asMetadataList {
		e.form = want.kept()
	}
	e.flush() // the client learns that the watch stands before anything happens
	return e
}

func (e *eventWriter) flush() {
	if e.flusher != nil {
		e.flusher.Flush()
	}
}

// edition sends a version of an object, encoded by whoever needed it first.
func (e *eventWriter) edition(kind watch.EventType, edition *store.Edition) error {
	edition = shown(e.resource, edition)
	if e.form == "" {
		return e.event(kind, edition.Object)
	}
	enc, err := e.want.encoding(e.form, edition)
	if err != nil {
		return err
	}
	return e.frame(kind, enc.Whole)
}

// left sends that an object is no longer in the selection. What is then shown of it is kept with the version that took it out.
func (e *eventWriter) left(event store.Event) error {
	last := event.Edition.View(leftView{}, func(store.Object) store.Object { return lastSeen(event) })
	return e.edition(watch.Deleted, last)
}

// leftView is the key of what an object was before it left a selection.
type leftView struct{}

// lastSeen is what a watch shows of an object that has left the selection: its state before that, with the version of the event, as
// cacheWatcher's convertToWatchEvent does.
func lastSeen(e store.Event) store.Object {
	last := e.Old.DeepCopyObject().(store.Object)
	last.SetResourceVersion(e.Object.GetResourceVersion())
	return last
}

// event sends an object that is encoded for this client alone.
func (e *eventWriter) event(kind watch.EventType, obj store.Object) error {
	formed, err := e.want.form(e.req, e.resource, obj)
	if err != nil {
		return e.error(err)
	}
	if t, ok := formed.(*metav1.Table); ok && e.columns {
		t.ColumnDefinitions = nil
	} else if ok {
		e.columns = true
	}
	return e.send(kind, formed)
}

// bookmark tells how far the client has come.
func (e *eventWriter) bookmark(version uint64, annotations map[string]string) error {
	obj := e.resource.New()
	obj.GetObjectKind().SetGroupVersionKind(e.resource.GroupVersionKind())
	obj.SetResourceVersion(strconv.FormatUint(version, 10))
	obj.SetAnnotations(annotations)
	if err := e.event(watch.Bookmark, obj); err != nil {
		return err
	}
	e.flush()
	return nil
}

// error ends a watch with a Status.
func (e *eventWriter) error(err error) error {
	sendErr := e.send(watch.Error, toStatus(err))
	e.flush()
	return sendErr
}

func (e *eventWriter) send(kind watch.EventType, obj runtime.Object) error {
	raw, err := e.want.format.encode(obj, false)
	if err != nil {
		return err
	}
	return e.frame(kind, raw)
}

// frame writes an event around an encoded object, without looking into it.
func (e *eventWriter) frame(kind watch.EventType, whole []byte) error {
	b := buffers.Get().(*bytes.Buffer)
	defer release(b)
	b.Grow(len(whole) + frameRoom)
	_, err := e.out.Write(e.want.format.wire.frame(b.AvailableBuffer(), string(kind), whole))
	return err
}

// frameRoom is more than a frame takes beside the object.
const frameRoom = 64
