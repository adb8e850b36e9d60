package fake

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/crd"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/kubernetes/scheme"
)

// Types has the cluster serve kinds that there are Go types of, without a CRD: those of the given objects, which scheme must know, or, if
// none is given, all in scheme that are not Kubernetes' own.
//
//	fake.RunT(t, fake.Types(scheme, &v1.CronTab{}, fake.ClusterScoped(&v1.Planet{})))
//
// A kind is in namespaces unless it is wrapped in [ClusterScoped], its plural is the usual one unless it is wrapped in [Plural], and it
// has a status subresource if its type has a field for the status. Fields that the type does not have are unknown fields, as with any
// kind: refused, warned of or dropped. Defaults are those of scheme. Of what markers in comments say (required fields, bounds, enums, list
// types, printed columns) a program knows nothing; who has a CRD should give it to [CRDs] instead. Several versions of a kind differ by name
// only, and the first that is given is the one that is stored.
//
// Start fails for objects that scheme does not know, and in groups that a definition cannot be in.
func Types(scheme *runtime.Scheme, objects ...runtime.Object) Option {
	return func(o *options) {
		o.kinds = append(o.kinds, func() ([]definedKind, error) { return goKinds(scheme, objects) })
	}
}

// ClusterScoped says to [Types] that a kind is in no namespace.
func ClusterScoped(obj runtime.Object) runtime.Object { return describe(obj, goKind{cluster: true}) }

// Plural says to [Types] what the objects of a kind are called in URLs, in lower case, where that is not the usual plural.
func Plural(name string, obj runtime.Object) runtime.Object {
	return describe(obj, goKind{plural: name})
}

// goKind is an object with what is to be said of its kind.
type goKind struct {
	runtime.Object
	cluster bool
	plural  string
}

func describe(obj runtime.Object, more goKind) runtime.Object {
	k, ok := obj.(goKind)
	if !ok {
		k = goKind{Object: obj}
	}
	k.cluster, k.plural = k.cluster || more.cluster, cmp.Or(more.plural, k.plural)
	return k
}

func goKinds(s *runtime.Scheme, objects []runtime.Object) ([]definedKind, error) {
	if s == nil {
		return nil, errors.New("define kinds of Go types: the scheme is nil")
	}
	if len(objects) == 0 {
		objects = ownTypes(s)
	}
	var kinds []definedKind
	at := map[schema.GroupKind]int{}
	for _, obj := range objects {
		k, ok := obj.(goKind)
		if !ok {
			k = goKind{Object: obj}
		}
		gvks, _, err := s.ObjectKinds(k.Object)
		if err != nil {
			return nil, fmt.Errorf("define a kind of Go type %T: %w; register it in the scheme", k.Object, err)
		}
		for _, gvk := range gvks {
			i, known := at[gvk.GroupKind()]
			if !known {
				i = len(kinds)
				at[gvk.GroupKind()] = i
				kinds = append(kinds, k.define(s, gvk))
			}
			v := k.version(gvk)
			v.Storage = !known
			kinds[i].definition.Spec.Versions = append(kinds[i].definition.Spec.Versions, v)
		}
	}
	return kinds, nil
}

// ownTypes are the kinds of a scheme that are not Kubernetes' own, sorted by group, kind and version, the one to prefer first.
func ownTypes(s *runtime.Scheme) []runtime.Object {
	kubernetes := runtime.NewScheme()
	if err := scheme.AddToScheme(kubernetes); err != nil {
		panic(fmt.Sprintf("fake: client-go's own scheme: %v", err)) // it is empty
	}
	var kinds []schema.GroupVersionKind
	for gvk, t := range s.AllKnownTypes() {
		if kubernetes.IsGroupRegistered(gvk.Group) || gvk.Version == runtime.APIVersionInternal || !reflect.PointerTo(t).Implements(reflect.TypeFor[metav1.Object]()) {
			continue
		}
		kinds = append(kinds, gvk)
	}
	slices.SortFunc(kinds, func(a, b schema.GroupVersionKind) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind), -version.CompareKubeAwareVersionStrings(a.Version, b.Version))
	})
	var objects []runtime.Object
	for _, gvk := range kinds {
		obj, err := s.New(gvk)
		if err == nil {
			objects = append(objects, obj)
		}
	}
	return objects
}

// define is the definition of a kind, without versions.
func (k goKind) define(s *runtime.Scheme, gvk schema.GroupVersionKind) definedKind {
	plural := k.plural
	if plural == "" {
		guess, _ := meta.UnsafeGuessKindToResource(gvk)
		plural = guess.Resource
	}
	scope := apiextensionsv1.NamespaceScoped
	if k.cluster {
		scope = apiextensionsv1.ClusterScoped
	}
	d := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: plural + "." + gvk.Group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: gvk.Group, Scope: scope,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural: plural, Singular: strings.ToLower(gvk.Kind), Kind: gvk.Kind, ListKind: gvk.Kind + "List",
			},
		},
	}
	if strings.HasSuffix(gvk.Group, ".k8s.io") || strings.HasSuffix(gvk.Group, ".kubernetes.io") {
		d.Annotations = map[string]string{apiextensionsv1.KubeAPIApprovedAnnotation: "unapproved, defined by a Go type"}
	}
	return definedKind{definition: d, from: fmt.Sprintf("define %s of Go type %T", gvk.Kind, k.Object), defaults: defaultsOf(s)}
}

func (k goKind) version(gvk schema.GroupVersionKind) apiextensionsv1.CustomResourceDefinitionVersion {
	t := reflect.TypeOf(k.Object).Elem()
	v := apiextensionsv1.CustomResourceDefinitionVersion{
		Name: gvk.Version, Served: true,
		Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: crd.GoType(t)},
	}
	if _, ok := v.Schema.OpenAPIV3Schema.Properties["status"]; ok {
		v.Subresources = &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}}
	}
	return v
}

// defaultsOf sets the defaults of a scheme in objects that are kept without their Go types. An object without any is left as it is, so that
// no empty fields come in from the type.
func defaultsOf(s *runtime.Scheme) func(runtime.Object) {
	return func(obj runtime.Object) {
		u, ok := obj.(runtime.Unstructured)
		if !ok {
			return
		}
		was, err := s.New(obj.GetObjectKind().GroupVersionKind())
		if err != nil || runtime.DefaultUnstructuredConverter.FromUnstructured(u.UnstructuredContent(), was) != nil {
			return // validation says what is wrong
		}
		is := was.DeepCopyObject()
		s.Default(is)
		if reflect.DeepEqual(was, is) {
			return
		}
		content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(is)
		if err != nil {
			return
		}
		content["metadata"] = u.UnstructuredContent()["metadata"]
		u.SetUnstructuredContent(content)
	}
}
