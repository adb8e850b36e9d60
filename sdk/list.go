package sdk

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
)

// pageSize is the number of objects asked for at a time, the same as kubectl's.
const pageSize = 500

// List fills into, a pointer to a list type such as corev1.PodList, with the objects that the
// options choose. Long lists are read in pages, all of one moment; should that moment pass out of
// the server's memory on the way, the list is read again in one piece. Every item has its kind and
// apiVersion set. Where the options choose nothing, into becomes empty, without a resource version, and the server is not
// asked. If it fails, into is unchanged.
func (c *Client) List(ctx context.Context, into runtime.Object, opts ...ListOption) error {
	k, err := c.itemKindOf(ctx, into)
	if err != nil {
		return doing("list", k, into, err)
	}
	scope, err := c.scopeOf(k, opts)
	if err == nil {
		err = c.list(ctx, scope, into)
	}
	if err != nil {
		return scope.failed("list", err)
	}
	return nil
}

// scope is what list options choose of one kind.
type scope struct {
	kind
	namespace      string // empty for all
	labels, fields string
	nothing        bool // no object at all
	everything     bool // on purpose
	streamed       bool // a watch may bring what there is already, instead of a list
}

func (c *Client) scopeOf(k kind, opts []ListOption) (scope, error) {
	var o listOptions
	for _, opt := range opts {
		opt(&o)
	}
	return c.scopeOfOptions(k, o)
}

func (c *Client) scopeOfOptions(k kind, o listOptions) (scope, error) {
	s := scope{kind: k, fields: strings.Join(o.fields, ",")}
	if !o.all {
		s.namespace = c.namespaceOf(k, o.namespace)
	}
	labels := o.labels
	for _, chosen := range o.selectors {
		if chosen.IsNothing() {
			s.nothing = true
			continue
		}
		text, err := chosen.Query()
		if err != nil {
			return s, err
		}
		s.everything = s.everything || chosen.IsAll()
		labels = appendText(labels, text)
	}
	s.labels = strings.Join(labels, ",")
	return s, nil
}

func (s scope) failed(doing string, err error) error {
	return fmt.Errorf("%s %s: %w", doing, s, err)
}

func (s scope) String() string {
	where := "in all namespaces"
	switch {
	case !s.namespaced:
		where = "of the cluster"
	case s.namespace != "":
		where = "in " + s.namespace
	}
	return s.resource + " " + where
}

// address points a request at the scope.
func (s scope) address(r *rest.Request) *rest.Request {
	r = r.NamespaceIfScoped(s.namespace, s.namespaced && s.namespace != "")
	if s.labels != "" {
		r = r.Param("labelSelector", s.labels)
	}
	if s.fields != "" {
		r = r.Param("fieldSelector", s.fields)
	}
	return r
}

func (c *Client) list(ctx context.Context, s scope, into runtime.Object) error {
	gvk := s.GroupVersion().WithKind(s.Kind + "List")
	all, token := reflect.New(reflect.TypeOf(into).Elem()), ""
	if s.nothing {
		all.Interface().(runtime.Object).GetObjectKind().SetGroupVersionKind(gvk)
		if _, err := join(all, all); err != nil {
			return err
		}
		reflect.ValueOf(into).Elem().Set(all.Elem())
		return nil
	}
	for first := true; first || token != ""; first = false {
		page := reflect.New(all.Type().Elem())
		err := c.page(ctx, s, gvk, pageSize, token, page)
		if apierrors.IsResourceExpired(err) && !first {
			all = reflect.New(all.Type().Elem())
			err = c.page(ctx, s, gvk, 0, "", page)
		}
		if err != nil {
			return err
		}
		if token, err = join(all, page); err != nil {
			return err
		}
	}
	list := all.Interface().(runtime.Object)
	if err := meta.EachListItem(list, func(item runtime.Object) error {
		item.GetObjectKind().SetGroupVersionKind(s.GroupVersionKind)
		return nil
	}); err != nil {
		return err
	}
	reflect.ValueOf(into).Elem().Set(all.Elem())
	return nil
}

// page reads one page; no limit means the whole list.
func (c *Client) page(ctx context.Context, s scope, gvk schema.GroupVersionKind, limit int, token string, into reflect.Value) error {
	r, err := c.request(http.MethodGet, s.kind)
	if err != nil {
		return err
	}
	r = s.address(r)
	if limit > 0 {
		r = r.Param("limit", strconv.Itoa(limit))
	}
	if token != "" {
		r = r.Param("continue", token)
	}
	return fill(r.Do(ctx), gvk, into.Interface().(runtime.Object))
}

// join appends the items of page to those of all, takes over its metadata, and returns the token
// of the page after.
func join(all, page reflect.Value) (string, error) {
	have, err := meta.GetItemsPtr(all.Interface().(runtime.Object))
	if err != nil {
		return "", err
	}
	more, err := meta.GetItemsPtr(page.Interface().(runtime.Object))
	if err != nil {
		return "", err
	}
	items := reflect.AppendSlice(reflect.ValueOf(have).Elem(), reflect.ValueOf(more).Elem())
	if items.IsNil() {
		items = reflect.MakeSlice(items.Type(), 0, 0) // as the wire says: no items, not unknown ones
	}
	all.Elem().Set(page.Elem())
	reflect.ValueOf(have).Elem().Set(items)

	m, err := meta.ListAccessor(all.Interface())
	if err != nil {
		return "", err
	}
	token := m.GetContinue()
	m.SetContinue("")
	m.SetRemainingItemCount(nil)
	return token, nil
}
