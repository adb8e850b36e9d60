package apiserver

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/types/selector"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	internalscheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// selection is which objects of a resource a request is about.
type selection struct {
	resource  *registry.Resource
	namespace string
	labels    selector.Selector
	fields    selector.FieldSelector
	custom    customFields // instead of fields, for kinds without a Go type
}

func (s selection) matches(obj store.Object) bool {
	if s.namespace != "" && obj.GetNamespace() != s.namespace {
		return false
	}
	return s.labels.Matches(obj.GetLabels()) && s.fields.Matches(registry.EventOf(obj)) && s.custom.matches(obj)
}

func (s selection) isAll() bool {
	return s.labels.IsEmpty() && s.fields.IsEmpty() && len(s.custom) == 0
}

func (s selection) filter(editions []*store.Edition) []*store.Edition {
	if s.isAll() {
		return editions
	}
	return slices.DeleteFunc(editions, func(e *store.Edition) bool { return !s.matches(e.Object) })
}

// newSelection reads the selectors of a query.
func newSelection(t target, query url.Values) (selection, error) {
	sel := selection{resource: t.resource, namespace: t.namespace}
	var err error
	if sel.labels, err = selector.Parse(query.Get("labelSelector")); err != nil {
		return sel, badRequest("%v", err)
	}
	if t.resource.Selectable != nil {
		if sel.custom, err = newCustomFields(t.resource, query.Get("fieldSelector")); err != nil {
			return sel, badRequest("%v", err)
		}
		return sel, nil
	}
	if sel.fields, err = selector.ParseFields(t.resource.GroupVersionKind(), query.Get("fieldSelector")); err != nil {
		return sel, badRequest("%v", err)
	}
	return sel, nil
}

// listOptions reads and checks the other parameters of a list or watch.
func listOptions(query url.Values, watch bool) (*internalversion.ListOptions, error) {
	query = cloneWithout(query, "labelSelector", "fieldSelector") // they have errors of their own
	opts := &internalversion.ListOptions{}
	if err := internalscheme.ParameterCodec.DecodeParameters(query, metav1.SchemeGroupVersion, opts); err != nil {
		return nil, badRequest("%v", err)
	}
	opts.Watch = watch
	internalversion.SetListOptionsDefaults(opts, true)
	if errs := validation.ValidateListOptions(opts, true); len(errs) > 0 {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: "ListOptions"}, "", errs)
	}
	return opts, nil
}

func cloneWithout(query url.Values, names ...string) url.Values {
	c := url.Values{}
	for k, v := range query {
		c[k] = v
	}
	for _, n := range names {
		delete(c, n)
	}
	return c
}

// list answers the objects that a query selects, in pages if it has a limit.
func (s *Server) list(w http.ResponseWriter, req *http.Request, t target) error {
	want, err := negotiate(req)
	if err != nil {
		return err
	}
	sel, err := newSelection(t, req.URL.Query())
	if err != nil {
		return err
	}
	opts, err := listOptions(req.URL.Query(), false)
	if err != nil {
		return err
	}
	page, err := s.page(sel, opts)
	if err != nil {
		return err
	}
	return writeList(w, req, want, t.resource, page)
}

// page is one answer to a list.
type page struct {
	editions []*store.Edition
	meta     metav1.ListMeta
}

func (s *Server) page(sel selection, opts *internalversion.ListOptions) (page, error) {
	editions, version, err := s.snapshot(sel, opts)
	if err != nil {
		return page{}, err
	}
	p := page{editions: sel.filter(editions), meta: metav1.ListMeta{ResourceVersion: strconv.FormatUint(version, 10)}}
	if opts.Continue != "" {
		if p.editions, err = sel.after(p.editions, opts.Continue); err != nil {
			return page{}, err
		}
	}
	limit := int(opts.Limit)
	if limit <= 0 || len(p.editions) <= limit || opts.ResourceVersion == "0" && opts.Continue == "" {
		p.editions = shownAll(sel.resource, p.editions)
		return p, nil // a list from the cache, which version 0 asks for, has no pages
	}
	p.meta.Continue = sel.token(version, p.editions[limit-1].Object)
	if sel.isAll() {
		rest := int64(len(p.editions) - limit)
		p.meta.RemainingItemCount = &rest
	}
	p.editions = shownAll(sel.resource, p.editions[:limit])
	return p, nil
}

// snapshot returns the editions at the version that the query asks for, which is the newest unless it continues a list
// or names an exact one.
func (s *Server) snapshot(sel selection, opts *internalversion.ListOptions) ([]*store.Edition, uint64, error) {
	key := sel.resource.StoreKey()
	version, exact, err := listVersion(opts)
	if err != nil {
		return nil, 0, err
	}
	if now := s.api.Store.Version(); version > now {
		return nil, 0, tooLarge(version, now)
	}
	if !exact {
		editions, now := s.api.Store.Editions(key, sel.namespace)
		return editions, now, nil
	}
	editions, err := s.api.Store.EditionsAt(key, sel.namespace, version)
	if errors.Is(err, store.ErrExpired) {
		return nil, 0, s.expired(version, opts.Continue)
	}
	return editions, version, err
}

// listVersion is the version that a list is to show or, if it is not exact, to have reached.
func listVersion(opts *internalversion.ListOptions) (version uint64, exact bool, err error) {
	if opts.Continue != "" {
		c, err := parseToken(opts.Continue)
		if err == nil && opts.ResourceVersion != "" && opts.ResourceVersion != "0" {
			err = badRequest("specifying resource version is not allowed when using continue")
		}
		return uint64(max(c.Version, 0)), err == nil && c.Version > 0, err
	}
	if opts.ResourceVersion == "" {
		return 0, false, nil
	}
	version, err = strconv.ParseUint(opts.ResourceVersion, 10, 64)
	if err != nil {
		return 0, false, badRequest("invalid resource version: %v", invalidVersion(opts.ResourceVersion))
	}
	exact = opts.ResourceVersionMatch == metav1.ResourceVersionMatchExact ||
		opts.Limit > 0 && opts.ResourceVersionMatch == "" && version != 0
	return version, exact, nil
}

// invalidVersion is what a real server says of a version that is no number.
func invalidVersion(version string) error {
	_, err := strconv.ParseUint(version, 10, 64)
	return field.Invalid(field.NewPath("resourceVersion"), version, err.Error())
}

func tooLarge(version, now uint64) error {
	err := apierrors.NewTimeoutError(fmt.Sprintf("Too large resource version: %d, current: %d", version, now), 1)
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: metav1.CauseTypeResourceVersionTooLarge, Message: "Too large resource version"}}
	return err
}
