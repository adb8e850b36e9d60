package api_test

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// newAPI returns an API with namespace default and its service account.
func newAPI(tb testing.TB) *api.API {
	tb.Helper()
	a := api.New(registry.NewTable(registry.Core...), 1)
	mustCreate(tb, a, registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
	mustCreate(tb, a, registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})
	return a
}

func mustCreate(tb testing.TB, a *api.API, r *registry.Resource, obj store.Object) store.Object {
	tb.Helper()
	created, err := a.Create(r, obj, api.WriteOptions{Manager: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return created
}

func pod(name string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx:1.25"}}},
	}
}

func TestCreateFillsIn(t *testing.T) {
	a := newAPI(t)
	p := pod("")
	p.GenerateName = "g-"
	got := mustCreate(t, a, registry.Pods, p).(*corev1.Pod)
	if len(got.Name) != len("g-")+5 || got.UID == "" || got.CreationTimestamp.IsZero() || got.Generation != 1 || got.ResourceVersion == "" {
		t.Errorf("metadata not filled in: %+v", got.ObjectMeta)
	}
	if got.Status.Phase != corev1.PodPending || got.Status.QOSClass != corev1.PodQOSBestEffort {
		t.Errorf("status = %+v", got.Status)
	}
	if len(got.ManagedFields) != 1 || got.ManagedFields[0].Manager != "test" {
		t.Errorf("managedFields = %v", got.ManagedFields)
	}
}

func TestUpdateThatChangesNothingWritesNothing(t *testing.T) {
	a := newAPI(t)
	before := mustCreate(t, a, registry.Pods, pod("a"))
	after, err := a.Update(registry.Pods, "default", "a", api.WriteOptions{Manager: "test"}, func(store.Object) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if before.GetResourceVersion() != after.GetResourceVersion() {
		t.Errorf("resourceVersion went from %s to %s", before.GetResourceVersion(), after.GetResourceVersion())
	}
}

func TestDelete(t *testing.T) {
	for _, tc := range []struct {
		rule     string
		node     string
		grace    *int64
		final    []string
		gone     bool
		seconds  int64
		finalize []string
	}{
		{rule: "a pod on no node is gone at once", gone: true, seconds: 0},
		{rule: "a bound pod has its grace period", node: "n", seconds: 30},
		{rule: "a negative grace is one second", node: "n", grace: ptr.To[int64](-5), seconds: 1},
		{rule: "grace zero kills at once", node: "n", grace: ptr.To[int64](0), gone: true},
		{rule: "a finalizer holds it", final: []string{"example.com/hold"}, seconds: 0},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			a := newAPI(t)
			p := pod("a")
			p.Finalizers, p.Spec.NodeName = tc.final, tc.node
			mustCreate(t, a, registry.Pods, p)
			got, gone, err := a.Delete(registry.Pods, "default", "a", metav1.DeleteOptions{GracePeriodSeconds: tc.grace}, api.WriteOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if gone != tc.gone || *got.GetDeletionGracePeriodSeconds() != tc.seconds || got.GetGeneration() != 2 {
				t.Errorf("gone=%v seconds=%d generation=%d, want %v %d 2", gone, *got.GetDeletionGracePeriodSeconds(), got.GetGeneration(), tc.gone, tc.seconds)
			}
			_, err = a.Get(registry.Pods, "default", "a")
			if apierrors.IsNotFound(err) != tc.gone {
				t.Errorf("after the deletion Get says %v", err)
			}
		})
	}
}

func TestLastFinalizerReleases(t *testing.T) {
	a := newAPI(t)
	p := pod("a")
	p.Finalizers = []string{"example.com/hold"}
	mustCreate(t, a, registry.Pods, p)
	if _, gone, err := a.Delete(registry.Pods, "default", "a", metav1.DeleteOptions{}, api.WriteOptions{}); gone || err != nil {
		t.Fatalf("gone=%v err=%v", gone, err)
	}
	_, err := a.Update(registry.Pods, "default", "a", api.WriteOptions{Manager: "test"}, func(o store.Object) error {
		o.SetFinalizers(nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Get(registry.Pods, "default", "a"); !apierrors.IsNotFound(err) {
		t.Errorf("Get = %v, want NotFound", err)
	}
}

func BenchmarkCreatePod(b *testing.B) {
	a := newAPI(b)
	b.ReportAllocs()
	for b.Loop() {
		p := pod("")
		p.GenerateName = "g-"
		mustCreate(b, a, registry.Pods, p)
	}
}

func BenchmarkUpdateStatus(b *testing.B) {
	a := newAPI(b)
	mustCreate(b, a, registry.Pods, pod("a"))
	b.ReportAllocs()
	i := int32(0)
	for b.Loop() {
		_, err := a.Update(registry.Pods, "default", "a", api.WriteOptions{Manager: "kubelet", Subresource: "status"}, func(o store.Object) error {
			i++
			p := o.(*corev1.Pod)
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "c", RestartCount: i, Image: "nginx:1.25"}}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
