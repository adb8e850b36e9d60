package controllerruntime

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestPatch(t *testing.T) {
	t.Parallel()
	eachRule(t, []clientRule{
		{"MergeFrom sends what differs", func(w *world, c client.Client) {
			cm := configMap("merge")
			cm.Data = map[string]string{"a": "1", "b": "2"}
			ok(w.t, c.Create(w.ctx, cm))
			stale := cm.DeepCopy()
			cm.Data["c"] = "3"
			ok(w.t, c.Update(w.ctx, cm))
			changed := stale.DeepCopy()
			delete(changed.Data, "a")
			ok(w.t, c.Patch(w.ctx, changed, client.MergeFrom(stale)))
			equal(w.t, map[string]string{"b": "2", "c": "3"}, changed.Data)
		}},
		{"with an optimistic lock a stale patch conflicts", func(w *world, c client.Client) {
			cm := configMap("lock")
			ok(w.t, c.Create(w.ctx, cm))
			stale := cm.DeepCopy()
			cm.Data = map[string]string{"a": "1"}
			ok(w.t, c.Update(w.ctx, cm))
			changed := stale.DeepCopy()
			changed.Data = map[string]string{"b": "2"}
			lock := client.MergeFromWithOptions(stale, client.MergeFromWithOptimisticLock{})
			refused(w.t, c.Patch(w.ctx, changed, lock), apierrors.IsConflict)
		}},
		{"a merge patch replaces a list, a strategic one merges it by key", func(w *world, c client.Client) {
			for name, patchFrom := range map[string]func(client.Object) client.Patch{
				"replaced": func(o client.Object) client.Patch { return client.MergeFrom(o) },
				"merged":   func(o client.Object) client.Patch { return client.StrategicMergeFrom(o) },
			} {
				rc := controller("list-"+name, 1)
				ok(w.t, c.Create(w.ctx, rc))
				stale := rc.DeepCopy()
				rc.Spec.Template.Spec.Containers = append(rc.Spec.Template.Spec.Containers, corev1.Container{Name: "log", Image: "log:1"})
				ok(w.t, c.Update(w.ctx, rc))
				changed := stale.DeepCopy()
				changed.Spec.Template.Spec.Containers[0].Image = "web:2"
				ok(w.t, c.Patch(w.ctx, changed, patchFrom(stale)))
				got := changed.Spec.Template.Spec.Containers
				if want := map[string]int{"replaced": 1, "merged": 2}[name]; len(got) != want || got[0].Image != "web:2" {
					w.t.Errorf("%s: %d containers, want %d; the first has image %s", name, len(got), want, got[0].Image)
				}
			}
		}},
		{"a JSON patch whose test fails is refused", func(w *world, c client.Client) {
			cm := configMap("json")
			cm.Data = map[string]string{"a": "1"}
			ok(w.t, c.Create(w.ctx, cm))
			patch := func(value string) client.Patch {
				return client.RawPatch(types.JSONPatchType, []byte(`[{"op":"test","path":"/data/a","value":"`+value+`"},{"op":"replace","path":"/data/a","value":"3"}]`))
			}
			refused(w.t, c.Patch(w.ctx, cm, patch("2")), apierrors.IsInvalid)
			ok(w.t, c.Patch(w.ctx, cm, patch("1")))
			equal(w.t, map[string]string{"a": "3"}, cm.Data)
		}},
		{"Status().Patch leaves the spec", func(w *world, c client.Client) {
			rc := controller("status-patch", 1)
			ok(w.t, c.Create(w.ctx, rc))
			before := rc.DeepCopy()
			rc.Spec.Replicas, rc.Status.Replicas = new(int32(9)), 4
			ok(w.t, c.Status().Patch(w.ctx, rc, client.MergeFrom(before)))
			equal(w.t, "1 4", text(*rc.Spec.Replicas)+" "+text(rc.Status.Replicas))
		}},
	})
}

func TestApply(t *testing.T) {
	t.Parallel()
	apply := func(name, key, value string) *applycorev1.ConfigMapApplyConfiguration {
		return applycorev1.ConfigMap(name, "default").WithData(map[string]string{key: value})
	}
	eachRule(t, []clientRule{
		{"apply creates, and takes back what it no longer says", func(w *world, c client.Client) {
			ok(w.t, c.Apply(w.ctx, apply("applied", "a", "1"), client.FieldOwner("left")))
			ok(w.t, c.Apply(w.ctx, apply("applied", "b", "2"), client.FieldOwner("right")))
			ok(w.t, c.Apply(w.ctx, applycorev1.ConfigMap("applied", "default"), client.FieldOwner("left")))
			cm := configMap("applied")
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
			equal(w.t, map[string]string{"b": "2"}, cm.Data)
		}},
		{"a field of another owner conflicts, unless it is forced", func(w *world, c client.Client) {
			ok(w.t, c.Apply(w.ctx, apply("contested", "a", "1"), client.FieldOwner("left")))
			refused(w.t, c.Apply(w.ctx, apply("contested", "a", "2"), client.FieldOwner("right")), apierrors.IsConflict)
			forced := apply("contested", "a", "2")
			ok(w.t, c.Apply(w.ctx, forced, client.FieldOwner("right"), client.ForceOwnership))
			if forced.ResourceVersion == nil || *forced.ResourceVersion == "" {
				w.t.Error("the configuration is not filled with the answer")
			}
		}},
		{"apply wants an owner", func(w *world, c client.Client) {
			if err := c.Apply(w.ctx, apply("nobody", "a", "1")); err == nil {
				w.t.Error("accepted")
			}
			ok(w.t, client.WithFieldOwner(c, "somebody").Apply(w.ctx, apply("nobody", "a", "1")))
			cm := configMap("nobody")
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
			equal(w.t, "somebody Apply", cm.ManagedFields[0].Manager+" "+string(cm.ManagedFields[0].Operation))
		}},
		{"an unstructured configuration", func(w *world, c client.Client) {
			u := newUnstructured("v1", "ConfigMap", "loose")
			u.Object["data"] = map[string]any{"a": "1"}
			ok(w.t, c.Apply(w.ctx, client.ApplyConfigurationFromUnstructured(u), client.FieldOwner("left")))
			if u.GetUID() == "" {
				w.t.Error("the configuration is not filled with the answer")
			}
		}},
		{"Status().Apply owns the status apart", func(w *world, c client.Client) {
			rc := controller("status-apply", 1)
			ok(w.t, c.Create(w.ctx, rc))
			ok(w.t, c.Status().Apply(w.ctx, applycorev1.ReplicationController(rc.Name, "default").
				WithStatus(applycorev1.ReplicationControllerStatus().WithReplicas(2)), client.FieldOwner("status")))
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(rc), rc))
			equal(w.t, "2", text(rc.Status.Replicas))
			if !slices.ContainsFunc(rc.ManagedFields, func(e metav1.ManagedFieldsEntry) bool {
				return e.Manager == "status" && e.Operation == metav1.ManagedFieldsOperationApply && e.Subresource == "status"
			}) {
				w.t.Errorf("managed fields %v", rc.ManagedFields)
			}
		}},
	})
}

// Metadata alone can be read, patched and deleted.
func TestPartialObjectMetadata(t *testing.T) {
	t.Parallel()
	eachRule(t, []clientRule{
		{"read, list, patch, delete", func(w *world, c client.Client) {
			ok(w.t, c.Create(w.ctx, configMap("partial")))
			m := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "partial"}}
			m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(m), m))
			before := m.DeepCopy()
			m.Annotations = map[string]string{"seen": "yes"}
			ok(w.t, c.Patch(w.ctx, m, client.MergeFrom(before)))
			list := &metav1.PartialObjectMetadataList{}
			list.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMapList"))
			ok(w.t, c.List(w.ctx, list, client.MatchingFields{"metadata.name": "partial"}))
			if len(list.Items) != 1 || list.Items[0].Annotations["seen"] != "yes" {
				w.t.Errorf("listed %v", list.Items)
			}
			ok(w.t, c.Delete(w.ctx, m))
			refused(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(m), m), apierrors.IsNotFound)
		}},
	})
}
