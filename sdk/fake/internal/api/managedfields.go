package api

import (
	"fmt"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// manageCreate records in obj that o.Manager owns all it sets.
func manageCreate(r *registry.Resource, obj store.Object, o WriteOptions) store.Object {
	if o.Shape == "" {
		return manageUpdate(r, r.New(), obj, o)
	}
	return manageShape(r, obj, o)
}

// Own is obj with a record of who set its fields, for kinds that are answered and not kept.
func (a *API) Own(r *registry.Resource, obj store.Object, o WriteOptions) store.Object {
	return manageCreate(r, obj, o)
}

// manageUpdate records in obj which of the fields that differ from old o.Manager owns now.
func manageUpdate(r *registry.Resource, old, obj store.Object, o WriteOptions) store.Object {
	if old.GetObjectKind().GroupVersionKind().Empty() {
		old.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	}
	if was, is := old, obj; r.MergeType == nil {
		if pod, ok := obj.(*corev1.Pod); ok && o.Subresource == "status" {
			was, is = withoutSpec(old.(*corev1.Pod)), withoutSpec(pod)
		}
		obj.SetManagedFields(managerOf(r, o).UpdateNoErrors(was, is, o.Manager).(store.Object).GetManagedFields())
		return obj
	}
	next, err := managerOf(r, o).Update(old, obj, o.Manager)
	if err != nil { // it does not fit the schema, as validation will say
		obj.SetManagedFields(old.GetManagedFields())
		return obj
	}
	return next.(store.Object)
}

// withoutSpec is a pod as a write of its status is held against another: that owns nothing in the spec, see its ResetFields. To compare
// two specs takes longer than all the rest.
func withoutSpec(pod *corev1.Pod) *corev1.Pod {
	without := *pod
	without.Spec = corev1.PodSpec{}
	return &without
}

// managers holds the field managers of all kinds, each made at its first use. They hold no state of a cluster.
var managers sync.Map // of managerKey to *managedfields.FieldManager

type managerKey struct {
	resource    *registry.Resource
	subresource string
	version     schema.GroupVersion
}

// managerOf returns the field manager for writes such as o describes.
func managerOf(r *registry.Resource, o WriteOptions) *managedfields.FieldManager {
	key := managerKey{r, o.Subresource, o.Version}
	made := &managers
	if r.Made != nil {
		made = r.Made
	}
	if m, ok := made.Load(key); ok {
		return m.(*managedfields.FieldManager)
	}
	kind := r.GroupVersionKind()
	if !o.Version.Empty() {
		kind = o.Version.WithKind(r.Kind)
	}
	var types managedfields.TypeConverter = converter
	newManager := managedfields.NewDefaultFieldManager
	if r.MergeType != nil {
		types, newManager = customTypes{r}, managedfields.NewDefaultCRDFieldManager
	}
	m, err := newManager(types, versions{r}, defaulter{r}, creater{r},
		kind, r.GroupVersion(), o.Subresource, resetFields(r, o.Subresource))
	if err != nil {
		panic(fmt.Sprintf("api: field manager of %s: %v", r.Name, err)) // only for a nil converter
	}
	made.Store(key, m)
	return m
}

// resetFields are the fields that a write does not own because it cannot change them.
func resetFields(r *registry.Resource, subresource string) map[fieldpath.APIVersion]fieldpath.Filter {
	paths := r.ResetFields
	if s := r.Subresource(subresource); s != nil {
		paths = s.ResetFields
	}
	if len(paths) == 0 {
		return nil
	}
	set := fieldpath.NewSet()
	for _, p := range paths {
		var parts []any
		for part := range strings.SplitSeq(p, ".") {
			parts = append(parts, part)
		}
		set.Insert(fieldpath.MakePathOrDie(parts...))
	}
	return map[fieldpath.APIVersion]fieldpath.Filter{
		fieldpath.APIVersion(r.GroupVersion().String()): fieldpath.NewExcludeSetFilter(set),
	}
}

// versions converts between the versions of a kind, of which only Event has two, and makes structs of what the
// merging library hands back as maps. Nothing else is copied, since field managers do not write to what they are given.
type versions struct{ r *registry.Resource }

func (v versions) ConvertToVersion(in runtime.Object, to runtime.GroupVersioner) (runtime.Object, error) {
	if v.r.MergeType != nil {
		return customIn(in, to), nil
	}
	if u, ok := in.(runtime.Unstructured); ok {
		out, err := v.empty(u.GetObjectKind().GroupVersionKind())
		if err != nil {
			return in, nil // a kind without a Go type stays a map
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.UnstructuredContent(), out); err != nil {
			return nil, err
		}
		in = out
	}
	return eventIn(in, to), nil
}

// empty is an object of a kind: of the row's own, or of one that client-go knows.
func (v versions) empty(kind schema.GroupVersionKind) (runtime.Object, error) {
	if kind == v.r.GroupVersionKind() {
		return v.r.New(), nil
	}
	return scheme.Scheme.New(kind)
}

func (versions) Convert(in, out, context any) error {
	return fmt.Errorf("api: converting %T to %T: not by filling in", in, out)
}

// defaulter sets defaults as a create does.
type defaulter struct{ r *registry.Resource }

func (d defaulter) Default(obj runtime.Object) {
	if o, ok := obj.(store.Object); ok {
		d.r.SetDefaults(o)
	}
}

// creater makes empty objects of its resource.
type creater struct{ r *registry.Resource }

func (c creater) New(kind schema.GroupVersionKind) (runtime.Object, error) {
	obj := c.r.New()
	obj.GetObjectKind().SetGroupVersionKind(kind)
	return obj, nil
}

// ConvertFieldLabel completes runtime.ObjectConvertor; field managers do not select.
func (versions) ConvertFieldLabel(_ schema.GroupVersionKind, label, value string) (string, string, error) {
	return label, value, nil
}
