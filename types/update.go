package types

import (
	"reflect"

	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// UpdateErrors is [ValidateUpdate] as a list. Each problem stands in it once, though several rules may have found it.
func UpdateErrors(obj, old runtime.Object) field.ErrorList {
	if obj == nil || old == nil || reflect.TypeOf(obj) != reflect.TypeOf(old) {
		return field.ErrorList{field.Invalid(field.NewPath("kind"), "", "the kind of an object cannot change")}
	}
	r := &report{}
	r.sameObject(obj, old)
	switch k := rules.Of(obj); {
	case k != nil && k.UpdateErrors != nil:
		r.Add(k.UpdateErrors(obj, old)...)
	case !r.update(obj, old):
		r.Add(Errors(obj)...)
	}
	return distinct(r.Errors)
}

// update finds what is wrong with an update of a kind that has rules for updates, and reports whether obj is one. The order of the
// rules is that of each kind's ValidateUpdate.
func (r *report) update(obj, old runtime.Object) bool {
	switch obj := obj.(type) {
	case *corev1.Pod:
		r.Add(podUpdateErrors(obj, old.(*corev1.Pod))...)
	case *corev1.ReplicationController:
		r.replicationControllerUpdate(obj, old.(*corev1.ReplicationController))
	case *corev1.PodTemplate:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.PodTemplate).ObjectMeta)
		r.podTemplate(field.NewPath("template"), &obj.Template)
	case *corev1.Namespace:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.Namespace).ObjectMeta)
	case *corev1.ConfigMap:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.ConfigMap).ObjectMeta)
		r.configMapUpdate(obj, old.(*corev1.ConfigMap))
		r.configMap(obj)
	case *corev1.Secret:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.Secret).ObjectMeta)
		r.secretUpdate(obj, old.(*corev1.Secret))
		r.secret(obj)
	case *corev1.Service:
		r.serviceUpdate(obj, old.(*corev1.Service))
	case *corev1.Node:
		r.node(obj)
		r.nodeUpdate(obj, old.(*corev1.Node))
	case *corev1.PersistentVolumeClaim:
		r.claimUpdate(obj, old.(*corev1.PersistentVolumeClaim))
	case *corev1.LimitRange:
		r.limitRange(obj)
	case *corev1.ResourceQuota:
		r.quotaUpdate(obj, old.(*corev1.ResourceQuota))
	case *corev1.Endpoints:
		r.MetadataUpdate(&obj.ObjectMeta, &old.(*corev1.Endpoints).ObjectMeta)
		r.endpoints(obj, old.(*corev1.Endpoints))
	case *corev1.Event:
		r.event(obj)
	default:
		return false
	}
	return true
}

// sameObject checks the metadata of an update of any kind.
func (r *report) sameObject(obj, old runtime.Object) {
	if is, was := metadataOf(obj), metadataOf(old); is != nil && was != nil {
		r.CommonUpdate(is, was)
	}
}

func metadataOf(obj runtime.Object) *metav1.ObjectMeta {
	if a, ok := obj.(metav1.ObjectMetaAccessor); ok {
		if meta, ok := a.GetObjectMeta().(*metav1.ObjectMeta); ok {
			return meta
		}
	}
	return nil
}

// distinct drops repetitions, as the server's answers do.
func distinct(list field.ErrorList) field.ErrorList {
	var kept field.ErrorList
	seen := map[string]bool{}
	for _, e := range list {
		if text := e.Error(); !seen[text] {
			seen[text] = true
			kept = append(kept, e)
		}
	}
	return kept
}

const frozen = "field is immutable when `immutable` is set"

// configMapUpdate is ValidateConfigMapUpdate: one that is immutable keeps its data, and stays immutable.
func (r *report) configMapUpdate(m, old *corev1.ConfigMap) {
	if !isTrue(old.Immutable) {
		return
	}
	if !isTrue(m.Immutable) {
		r.Forbidden(field.NewPath("immutable"), frozen)
	}
	if !reflect.DeepEqual(m.Data, old.Data) {
		r.Forbidden(field.NewPath("data"), frozen)
	}
	if !reflect.DeepEqual(m.BinaryData, old.BinaryData) {
		r.Forbidden(field.NewPath("binaryData"), frozen)
	}
}

// secretUpdate is ValidateSecretUpdate.
func (r *report) secretUpdate(s, old *corev1.Secret) {
	r.Add(apivalidation.ValidateImmutableField(s.Type, old.Type, field.NewPath("type"))...)
	if !isTrue(old.Immutable) {
		return
	}
	if !isTrue(s.Immutable) {
		r.Forbidden(field.NewPath("immutable"), frozen)
	}
	if !reflect.DeepEqual(s.Data, old.Data) {
		r.Forbidden(field.NewPath("data"), frozen)
	}
}

func isTrue(p *bool) bool { return p != nil && *p }
