package types

import (
	"github.com/podwright/podwright/types/facts"
	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
)

// Default fills in what the API server fills in when obj is created, in place, and nothing else: a field that is set
// stays as it is. A second call changes nothing. Kinds that have no defaults, and nil, are left alone. Lists are defaulted
// item by item. Most defaults are facts (see package facts), those of a user's own kinds too if their facts are registered; what
// depends on other fields is here and, for kinds outside the core group, in package types/workloads if the program imports it.
func Default(obj runtime.Object) {
	facts.Default(obj)
	if k := rules.Of(obj); k != nil {
		if k.Default != nil {
			k.Default(obj)
		}
		return
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		defaultPod(obj)
	case *corev1.PodTemplate:
		defaultPodSpec(&obj.Template.Spec)
	case *corev1.ReplicationController:
		defaultReplicationController(obj)
	case *corev1.Service:
		defaultService(obj)
	case *corev1.Namespace:
		defaultNamespace(obj)
	case *corev1.Node:
		defaultNode(obj)
	case *corev1.Endpoints:
		defaultEndpoints(obj)
	case *corev1.PersistentVolumeClaim:
		defaultClaim(obj)
	case *corev1.LimitRange:
		each(obj.Spec.Limits, defaultLimit)
	case *corev1.ResourceQuota:
		defaultQuota(obj)
	default:
		defaultItems(obj)
	}
}

// defaultItems sets those of the items of a list.
func defaultItems(obj runtime.Object) {
	if meta.IsListType(obj) {
		_ = meta.EachListItem(obj, func(item runtime.Object) error {
			Default(item)
			return nil
		})
	}
}

// orElse gives *field a value if it has none.
func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// orPointer is orElse for a pointer field. Each call makes a pointer of its own.
func orPointer[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

// each calls f on every element in place.
func each[T any](list []T, f func(*T)) {
	for i := range list {
		f(&list[i])
	}
}

// maybe calls f on what a pointer points to, if anything.
func maybe[T any](p *T, f func(*T)) {
	if p != nil {
		f(p)
	}
}
