package apiserver

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// writeObject answers one object in the form that the client wants.
func writeObject(w http.ResponseWriter, req *http.Request, code int, r *registry.Resource, obj runtime.Object) error {
	o, ok := obj.(store.Object)
	if !ok || r == nil { // a Status has no other form
		return write(w, wanted{format: negotiatePlain(req), pretty: isPretty(req)}, code, obj)
	}
	want, err := negotiate(req)
	if err != nil {
		return err
	}
	if obj, err = want.form(req, r, o); err != nil {
		return err
	}
	return write(w, want, code, obj)
}

func write(w http.ResponseWriter, want wanted, code int, obj runtime.Object) error {
	b := buffers.Get().(*bytes.Buffer)
	defer release(b)
	if err := want.format.encodeTo(b, obj, want.pretty); err != nil {
		return want.format.cannot(obj, err)
	}
	writeBytes(w, want, code, b.Bytes())
	return nil
}

// answer is writeObject for what was just written. It is kept if there is a watch that will show it.
func (s *Server) answer(w http.ResponseWriter, req *http.Request, code int, r *registry.Resource, obj store.Object) error {
	want, err := negotiate(req)
	if err == nil && s.watched.sees(r, want.kept()) {
		return writeEdition(w, req, code, r, s.editionOf(r, obj))
	}
	return writeObject(w, req, code, r, obj)
}

// writeEdition is writeObject for what is in the store, or was.
func writeEdition(w http.ResponseWriter, req *http.Request, code int, r *registry.Resource, e *store.Edition) error {
	want, err := negotiate(req)
	if err != nil {
		return err
	}
	form := want.kept()
	if form == "" || want.as == asMetadataList {
		return writeObject(w, req, code, r, e.Object)
	}
	enc, err := want.encoding(form, e)
	if err != nil {
		return err
	}
	writeBytes(w, want, code, enc.Whole)
	return nil
}

func writeBytes(w http.ResponseWriter, want wanted, code int, body []byte) {
	w.Header().Set("Content-Type", want.format.mediaType)
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

func (f *format) cannot(obj runtime.Object, err error) error {
	return fmt.Errorf("encoding %T as %s: %w", obj, f.mediaType, err)
}

// form turns one object into what was asked for.
func (want wanted) form(req *http.Request, r *registry.Resource, obj store.Object) (runtime.Object, error) {
	switch want.as {
	case asTable:
		t, err := want.table(req, r, []store.Object{obj})
		if err != nil {
			return nil, err
		}
		t.ResourceVersion = obj.GetResourceVersion()
		return t, nil
	case asMetadata:
		return want.partial(obj), nil
	case asMetadataList:
		return nil, notInForm("you requested PartialObjectMetadataList, but the requested object is not a list (*core.%s)", r.Kind)
	}
	return obj, nil
}

// formList turns a list into what was asked for.
func (want wanted) formList(req *http.Request, r *registry.Resource, objs []store.Object, m metav1.ListMeta) (runtime.Object, error) {
	switch want.as {
	case asTable:
		t, err := want.table(req, r, objs)
		if err != nil {
			return nil, err
		}
		if r.MarkRows != nil {
			r.MarkRows(objs, t.Rows)
		}
		t.ListMeta = m
		return t, nil
	case asMetadata:
		return nil, notInForm("you requested PartialObjectMetadata, but the requested object is a list (*core.%sList)", r.Kind)
	case asMetadataList:
		l := want.partialList(m)
		for _, o := range objs {
			l.Items = append(l.Items, *want.partial(o))
		}
		return l, nil
	}
	return newList(r, objs, m)
}

// notInForm says that an answer has another shape than the form that was asked for. A real server names its internal type.
func notInForm(text, kind string) error {
	err := status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable, fmt.Sprintf(text, kind))
	err.ErrStatus.Details = nil
	return err
}

// newList makes a typed list of shallow copies. Its items carry no kind, as a real server's do not.
func newList(r *registry.Resource, objs []store.Object, m metav1.ListMeta) (runtime.Object, error) {
	list := r.NewList()
	list.GetObjectKind().SetGroupVersionKind(r.ListGroupVersionKind())
	lm, err := meta.ListAccessor(list)
	if err != nil {
		return nil, err
	}
	lm.SetResourceVersion(m.ResourceVersion)
	lm.SetContinue(m.Continue)
	lm.SetRemainingItemCount(m.RemainingItemCount)

	if l, ok := list.(*unstructured.UnstructuredList); ok { // a kind without a Go type
		l.Items = make([]unstructured.Unstructured, 0, len(objs))
		for _, o := range objs {
			l.Items = append(l.Items, *o.(*unstructured.Unstructured))
		}
		return l, nil
	}
	items := reflect.ValueOf(list).Elem().FieldByName("Items")
	items.Set(reflect.MakeSlice(items.Type(), len(objs), len(objs)))
	for i, o := range objs {
		item := items.Index(i)
		item.Set(reflect.ValueOf(o).Elem())
		item.FieldByName("TypeMeta").SetZero()
	}
	return list, nil
}

func (want wanted) partialList(m metav1.ListMeta) *metav1.PartialObjectMetadataList {
	return &metav1.PartialObjectMetadataList{TypeMeta: metav1.TypeMeta{APIVersion: want.apiVersion(), Kind: asMetadataList}, ListMeta: m}
}

func (want wanted) partial(obj store.Object) *metav1.PartialObjectMetadata {
	p := meta.AsPartialObjectMetadata(obj)
	p.TypeMeta = metav1.TypeMeta{APIVersion: want.apiVersion(), Kind: asMetadata}
	return p
}

// table prints objects as kubectl get shows them.
func (want wanted) table(req *http.Request, r *registry.Resource, objs []store.Object) (*metav1.Table, error) {
	include := metav1.IncludeObjectPolicy(req.URL.Query().Get("includeObject"))
	switch include {
	case metav1.IncludeNone, metav1.IncludeObject, metav1.IncludeMetadata, "":
	default:
		return nil, badRequest("Unable to convert to Table as requested: %v",
			field.Invalid(field.NewPath("includeObject"), string(include), "must be 'Metadata', 'Object', 'None', or empty"))
	}
	t := &metav1.Table{
		TypeMeta:          metav1.TypeMeta{APIVersion: want.apiVersion(), Kind: asTable},
		ColumnDefinitions: r.TableColumns(), Rows: make([]metav1.TableRow, 0, len(objs)),
	}
	for _, o := range objs {
		t.Rows = append(t.Rows, want.row(r, o, include))
	}
	return t, nil
}

func (want wanted) row(r *registry.Resource, obj store.Object, include metav1.IncludeObjectPolicy) metav1.TableRow {
	row := metav1.TableRow{Cells: r.TableCells(obj), Conditions: registry.RowConditions(obj)}
	switch include {
	case metav1.IncludeNone:
	case metav1.IncludeObject:
		row.Object.Object = obj
	default:
		row.Object.Object = want.partial(obj)
	}
	return row
}
