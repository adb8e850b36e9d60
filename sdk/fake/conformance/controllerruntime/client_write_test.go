package controllerruntime

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

// clientRule is something that controller-runtime's client promises of a cluster.
type clientRule struct {
	name  string
	holds func(*world, client.Client)
}

// eachRule runs every rule over each way, all of a way on one cluster: the rules of one table use objects of different
// names.
func eachRule(t *testing.T, rules []clientRule) {
	t.Helper()
	eachWay(t, func(w *world) {
		for _, rule := range rules {
			w.t.Run(rule.name, func(t *testing.T) {
				own := *w
				own.t = t
				rule.holds(&own, own.client())
			})
		}
	}, fake.APIOnly())
}

func TestWrite(t *testing.T) {
	t.Parallel()
	eachRule(t, []clientRule{
		{"a create fills the object", func(w *world, c client.Client) {
			cm := configMap("filled")
			ok(w.t, c.Create(w.ctx, cm))
			if cm.UID == "" || cm.ResourceVersion == "" || cm.CreationTimestamp.IsZero() {
				w.t.Errorf("created %+v", cm.ObjectMeta)
			}
		}},
		{"a generated name is answered", func(w *world, c client.Client) {
			cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "default", GenerateName: "made-"}}
			ok(w.t, c.Create(w.ctx, cm))
			if len(cm.Name) != len("made-")+5 {
				w.t.Errorf("name %q", cm.Name)
			}
		}},
		{"a second create is refused", func(w *world, c client.Client) {
			ok(w.t, c.Create(w.ctx, configMap("twice")))
			refused(w.t, c.Create(w.ctx, configMap("twice")), apierrors.IsAlreadyExists)
		}},
		{"an invalid object is refused", func(w *world, c client.Client) {
			refused(w.t, c.Create(w.ctx, configMap("No_Name")), apierrors.IsInvalid)
		}},
		{"an update of an old version conflicts, and a retry succeeds", func(w *world, c client.Client) {
			first := configMap("stale")
			ok(w.t, c.Create(w.ctx, first))
			second := first.DeepCopy()
			first.Data = map[string]string{"a": "1"}
			ok(w.t, c.Update(w.ctx, first))
			second.Data = map[string]string{"b": "2"}
			refused(w.t, c.Update(w.ctx, second), apierrors.IsConflict)
			ok(w.t, retry.RetryOnConflict(retry.DefaultRetry, func() error {
				if err := c.Get(w.ctx, client.ObjectKeyFromObject(second), second); err != nil {
					return err
				}
				second.Data["b"] = "2"
				return c.Update(w.ctx, second)
			}))
			equal(w.t, map[string]string{"a": "1", "b": "2"}, second.Data)
		}},
		{"CreateOrUpdate creates, updates, and leaves alone", func(w *world, c client.Client) {
			for _, step := range []struct {
				value string
				want  controllerutil.OperationResult
			}{{"1", controllerutil.OperationResultCreated}, {"2", controllerutil.OperationResultUpdated}, {"2", controllerutil.OperationResultNone}} {
				rc := controller("create-or-update", 1)
				got, err := controllerutil.CreateOrUpdate(w.ctx, c, rc, func() error {
					metav1.SetMetaDataAnnotation(&rc.ObjectMeta, "value", step.value)
					return nil
				})
				ok(w.t, err)
				equal(w.t, step.want, got)
			}
		}},
		{"CreateOrPatch patches object and status", func(w *world, c client.Client) {
			rc := controller("create-or-patch", 1)
			ok(w.t, c.Create(w.ctx, rc))
			got, err := controllerutil.CreateOrPatch(w.ctx, c, rc, func() error {
				rc.Labels = map[string]string{"patched": "yes"}
				rc.Status.Replicas = 7
				return nil
			})
			ok(w.t, err)
			equal(w.t, controllerutil.OperationResultUpdatedStatus, got)
			read := controller("create-or-patch", 0)
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(rc), read))
			equal(w.t, "yes 7", read.Labels["patched"]+" "+text(read.Status.Replicas))
		}},
		{"Status().Update changes the status only", func(w *world, c client.Client) {
			rc := controller("status", 1)
			ok(w.t, c.Create(w.ctx, rc))
			rc.Spec.Replicas, rc.Status.Replicas = new(int32(5)), 3
			ok(w.t, c.Status().Update(w.ctx, rc))
			equal(w.t, "1 3", text(*rc.Spec.Replicas)+" "+text(rc.Status.Replicas))
		}},
		{"an update leaves the status", func(w *world, c client.Client) {
			rc := controller("no-status", 1)
			ok(w.t, c.Create(w.ctx, rc))
			rc.Spec.Replicas, rc.Status.Replicas = new(int32(5)), 3
			ok(w.t, c.Update(w.ctx, rc))
			equal(w.t, "5 0", text(*rc.Spec.Replicas)+" "+text(rc.Status.Replicas))
		}},
		{"a delete with the UID of another is refused", func(w *world, c client.Client) {
			cm := configMap("precondition")
			ok(w.t, c.Create(w.ctx, cm))
			refused(w.t, c.Delete(w.ctx, cm, client.Preconditions{UID: new(types.UID("another"))}), apierrors.IsConflict)
			ok(w.t, c.Delete(w.ctx, cm, client.Preconditions{UID: &cm.UID}))
			refused(w.t, c.Delete(w.ctx, cm), apierrors.IsNotFound)
		}},
		{"an object with a finalizer stays until it is taken off", func(w *world, c client.Client) {
			cm := configMap("finalized")
			controllerutil.AddFinalizer(cm, "example.com/last-will")
			ok(w.t, c.Create(w.ctx, cm))
			ok(w.t, c.Delete(w.ctx, cm))
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
			if cm.DeletionTimestamp.IsZero() {
				w.t.Error("no deletion timestamp")
			}
			controllerutil.RemoveFinalizer(cm, "example.com/last-will")
			ok(w.t, c.Update(w.ctx, cm))
			refused(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm), apierrors.IsNotFound)
		}},
		{"DeleteAllOf deletes what its selectors choose", func(w *world, c client.Client) {
			for _, name := range []string{"all-a", "all-b", "all-c"} {
				cm := configMap(name)
				cm.Labels = map[string]string{"all": name[len("all-"):]}
				ok(w.t, c.Create(w.ctx, cm))
			}
			ok(w.t, c.DeleteAllOf(w.ctx, &corev1.ConfigMap{}, client.InNamespace("default"), client.MatchingLabels{"all": "a"}))
			ok(w.t, c.DeleteAllOf(w.ctx, &corev1.ConfigMap{}, client.InNamespace("default"), client.MatchingFields{"metadata.name": "all-b"}))
			var left corev1.ConfigMapList
			ok(w.t, c.List(w.ctx, &left, client.InNamespace("default"), client.HasLabels{"all"}))
			if len(left.Items) != 1 || left.Items[0].Name != "all-c" {
				w.t.Errorf("left: %v", left.Items)
			}
		}},
		{"a dry run changes nothing", func(w *world, c client.Client) {
			cm := configMap("dry")
			ok(w.t, client.NewDryRunClient(c).Create(w.ctx, cm))
			refused(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm), apierrors.IsNotFound)
		}},
		{"strict field validation refuses unknown fields", func(w *world, c client.Client) {
			u := newUnstructured("v1", "ConfigMap", "strict")
			u.Object["dota"] = map[string]any{"a": "1"}
			refused(w.t, client.WithFieldValidation(c, metav1.FieldValidationStrict).Create(w.ctx, u), apierrors.IsBadRequest)
			ok(w.t, client.WithFieldValidation(c, metav1.FieldValidationIgnore).Create(w.ctx, u))
		}},
		{"a client of one namespace fills it in", func(w *world, c client.Client) {
			cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "namespaced"}}
			ok(w.t, client.NewNamespacedClient(c, "default").Create(w.ctx, cm))
			equal(w.t, "default", cm.Namespace)
		}},
		{"owner references are set by the scheme", func(w *world, c client.Client) {
			owner := configMap("owner")
			ok(w.t, c.Create(w.ctx, owner))
			d := deployment("owned", 1)
			ok(w.t, controllerutil.SetControllerReference(owner, d, c.Scheme()))
			ok(w.t, c.Create(w.ctx, d))
			equal(w.t, []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: owner.UID, Controller: new(true), BlockOwnerDeletion: new(true)}}, d.OwnerReferences)
		}},
	})
}
