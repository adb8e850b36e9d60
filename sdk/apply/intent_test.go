package apply

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/internal/intent"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
)

// TestBothWaysSayTheSame holds what [Into] says of random objects of every kind against what sdk's Client.Apply sends.
func TestBothWaysSayTheSame(t *testing.T) {
	tried := 0
	for gvk := range scheme.Scheme.AllKnownTypes() {
		if applyconfigurations.ForKind(gvk) == nil {
			continue
		}
		tried++
		t.Run(gvk.Version+gvk.Kind+gvk.Group, func(t *testing.T) {
			for seed := range int64(5) {
				obj, err := scheme.Scheme.New(gvk)
				if err != nil {
					t.Fatal(err)
				}
				if seed > 0 {
					random(seed, obj)
				}
				obj.GetObjectKind().SetGroupVersionKind(gvk)
				if m, err := meta.Accessor(obj); err == nil {
					m.SetUID("mine") // which must not be said
				}
				got, err := intent.Of(obj, intent.ServerSet...)
				if err != nil {
					t.Fatal(err)
				}
				delete(got, "status")
				want := generic(t, configured(t, obj))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("seed %d (-want +got):\n%s", seed, diff)
				}
			}
		})
	}
	if tried < 50 {
		t.Errorf("%d kinds tried", tried)
	}
	if got, err := intent.Of(&struct{}{}); err != nil || !reflect.DeepEqual(got, map[string]any{}) {
		t.Errorf("nothing says %v, %v", got, err)
	}
}
