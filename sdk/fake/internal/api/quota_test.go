package api_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// counted makes a quota and has it counted.
func counted(t *testing.T, a *api.API, name string, hard corev1.ResourceList) {
	t.Helper()
	mustCreate(t, a, registry.ResourceQuotas, &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Spec: corev1.ResourceQuotaSpec{Hard: hard},
	})
	if err := a.CountQuota("default", name, api.WriteOptions{Manager: "test"}); err != nil {
		t.Fatal(err)
	}
}

func usedOf(t *testing.T, a *api.API, name string) map[string]string {
	t.Helper()
	obj, err := a.Get(registry.ResourceQuotas, "default", name)
	if err != nil {
		t.Fatal(err)
	}
	return written(obj.(*corev1.ResourceQuota).Status.Used)
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}}
}

// TestAllQuotasOrNone: an object that is too much for one quota is charged to none.
func TestAllQuotasOrNone(t *testing.T) {
	a := newAPI(t)
	counted(t, a, "large", amounts("configmaps", "5"))
	counted(t, a, "none", amounts("count/configmaps", "0"))
	_, err := a.Create(registry.ConfigMaps, configMap("m"), api.WriteOptions{Manager: "test"})
	const want = `configmaps "m" is forbidden: exceeded quota: none, requested: count/configmaps=1, used: count/configmaps=0, limited: count/configmaps=0`
	if err == nil || err.Error() != want {
		t.Errorf("err = %v, want %s", err, want)
	}
	if diff := cmp.Diff(map[string]string{"configmaps": "0"}, usedOf(t, a, "large")); diff != "" {
		t.Errorf("used (-want +got):\n%s", diff)
	}
}

// TestAQuotaNobodyCountedYet refuses what it bounds, once its status says that it does.
func TestAQuotaNobodyCountedYet(t *testing.T) {
	a := newAPI(t)
	mustCreate(t, a, registry.ResourceQuotas, &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: "q", Namespace: "default"}, Spec: corev1.ResourceQuotaSpec{Hard: amounts("configmaps", "5")},
	})
	mustCreate(t, a, registry.ConfigMaps, configMap("early"))
	_, err := a.Update(registry.ResourceQuotas, "default", "q", api.WriteOptions{Manager: "test", Subresource: "status"}, func(obj store.Object) error {
		obj.(*corev1.ResourceQuota).Status.Hard = amounts("configmaps", "5")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Create(registry.ConfigMaps, configMap("late"), api.WriteOptions{Manager: "test"})
	const want = `configmaps "late" is forbidden: status unknown for quota: q, resources: configmaps`
	if err == nil || err.Error() != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

// TestWhatWasChargedStays until somebody counts, though the object could not be stored.
func TestWhatWasChargedStays(t *testing.T) {
	a := newAPI(t)
	counted(t, a, "q", amounts("configmaps", "5"))
	mustCreate(t, a, registry.ConfigMaps, configMap("m"))
	if _, err := a.Create(registry.ConfigMaps, configMap("m"), api.WriteOptions{Manager: "test"}); !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
	if got := usedOf(t, a, "q")["configmaps"]; got != "2" {
		t.Errorf("used %s, want 2", got)
	}
	if err := a.CountQuota("default", "q", api.WriteOptions{Manager: "test"}); err != nil {
		t.Fatal(err)
	}
	if got := usedOf(t, a, "q")["configmaps"]; got != "1" {
		t.Errorf("used %s after a count, want 1", got)
	}
}

// TestQuotasHoldAgainstManyAtOnce, while others count: no more get in than there is room for.
func TestQuotasHoldAgainstManyAtOnce(t *testing.T) {
	const room, clients = 25, 200
	a := newAPI(t)
	counted(t, a, "q", amounts("configmaps", fmt.Sprint(room)))
	counted(t, a, "also", amounts("count/configmaps", fmt.Sprint(2*room)))
	var in atomic.Int64
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			_, err := a.Create(registry.ConfigMaps, configMap(fmt.Sprint("m-", i)), api.WriteOptions{Manager: "test"})
			if err == nil {
				in.Add(1)
			} else if !apierrors.IsForbidden(err) {
				t.Error(err)
			}
		})
		if i%10 == 0 {
			all.Go(func() {
				if err := a.CountQuota("default", "q", api.WriteOptions{Manager: "test"}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if in.Load() != room {
		t.Errorf("%d of %d got in, with room for %d", in.Load(), clients, room)
	}
	for name, want := range map[string]map[string]string{"q": {"configmaps": fmt.Sprint(room)}, "also": {"count/configmaps": fmt.Sprint(room)}} {
		if diff := cmp.Diff(want, usedOf(t, a, name)); diff != "" {
			t.Errorf("used of %s (-want +got):\n%s", name, diff)
		}
	}
}
