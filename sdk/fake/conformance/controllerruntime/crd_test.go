package controllerruntime

import (
	"os"
	"testing"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A reconciler of a kind of one's own works on a cluster that was given its CRD, or only its Go type.
func TestCustomKind(t *testing.T) {
	t.Parallel()
	for _, given := range []struct {
		name string
		opt  fake.Option
	}{
		{"by CRD", fake.CRDs(os.DirFS("testdata/crds"))},
		{"by Go type", fake.Types(bakeryScheme(), &Bakery{})},
	} {
		t.Run(given.name, func(t *testing.T) {
			eachWay(t, bakes, given.opt)
			t.Run("in a bubble", func(t *testing.T) { bubble(t, bakes, given.opt) })
		})
	}
}

func bakes(w *world) {
	m := w.manager(ctrl.Options{Scheme: bakeryScheme()})
	ok(w.t, (&bakers{}).addTo(m))
	w.start(m)
	c := w.bakeryClient()
	watched, err := c.Watch(w.ctx, &BakeryList{}, client.InNamespace("default"))
	ok(w.t, err)
	defer watched.Stop()

	bakery := newBakery("corner", 2)
	ok(w.t, c.Create(w.ctx, bakery))
	d := deployment("corner", 0)
	w.appears(d)
	equal(w.t, int32(2), *d.Spec.Replicas)
	equal(w.t, true, metav1.IsControlledBy(d, bakery))
	for open := false; !open; {
		seen := receive(w, watched.ResultChan(), "a bakery that is open").Object.(*Bakery)
		open = meta.IsStatusConditionTrue(seen.Status.Conditions, "Open") && seen.Status.Ovens == 2
	}

	// The status is a part of its own: it is not of those that an update changes, and does not count as a generation.
	ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(bakery), bakery))
	equal(w.t, int64(1), bakery.Generation)
	bakery.Status.Ovens, bakery.Spec.Ovens = 9, new(int32(3))
	ok(w.t, c.Update(w.ctx, bakery))
	equal(w.t, int64(2), bakery.Generation)
	if bakery.Status.Ovens == 9 {
		w.t.Error("an update has changed the status")
	}
	for opened := false; !opened; {
		seen := receive(w, watched.ResultChan(), "a bakery of three ovens").Object.(*Bakery)
		opened = seen.Status.Ovens == 3
	}

	ok(w.t, c.Delete(w.ctx, bakery))
	ok(w.t, w.Client().Wait(w.ctx, d, sdk.Deleted()))
}

// What a CRD says about its kind holds for controller-runtime's client.
func TestCustomKindRules(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		c := w.bakeryClient()
		plain := newBakery("plain", 0)
		plain.Spec.Ovens = nil
		ok(w.t, c.Create(w.ctx, plain))
		equal(w.t, int32(1), *plain.Spec.Ovens) // by the schema's default
		for name, change := range map[string]func(*Bakery){
			"below the minimum":  func(b *Bakery) { b.Spec.Ovens = new(int32(-1)) },
			"not of the enum":    func(b *Bakery) { b.Spec.Bread = "Stone" },
			"against a CEL rule": func(b *Bakery) { b.Spec.Bread = "Rye" },
		} {
			bad := newBakery("bad", 1)
			change(bad)
			if err := c.Create(w.ctx, bad); !apierrors.IsInvalid(err) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		scale := &autoscalingv1.Scale{Spec: autoscalingv1.ScaleSpec{Replicas: 4}}
		ok(w.t, c.SubResource("scale").Update(w.ctx, plain, client.WithSubResourceBody(scale)))
		ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(plain), plain))
		equal(w.t, int32(4), *plain.Spec.Ovens)
		before := plain.DeepCopy()
		plain.Spec.Bread = "Rye"
		ok(w.t, c.Patch(w.ctx, plain, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})))
		refused(w.t, c.Patch(w.ctx, plain, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})), apierrors.IsConflict)
	}, fake.APIOnly(), fake.CRDs(os.DirFS("testdata/crds")))
}

func (w *world) bakeryClient() client.WithWatch {
	w.t.Helper()
	c, err := client.NewWithWatch(w.config, client.Options{Scheme: bakeryScheme()})
	ok(w.t, err)
	return c
}

func newBakery(name string, ovens int32) *Bakery {
	return &Bakery{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}, Spec: BakerySpec{Ovens: &ovens, Bread: "Wheat"}}
}
