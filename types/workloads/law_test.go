package workloads_test

import (
	"math/rand"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"

	"github.com/podwright/podwright/types"
)

// TestLaws holds for any object, however odd: defaults set twice are set once, what is prepared twice is prepared once, rules change
// nothing and say the same each time, what has not changed may be updated to, and nothing panics.
func TestLaws(t *testing.T) {
	for seed := range int64(40) {
		for _, obj := range []runtime.Object{
			&appsv1.Deployment{}, &appsv1.ReplicaSet{}, &appsv1.StatefulSet{}, &appsv1.DaemonSet{}, &batchv1.Job{}, &batchv1.CronJob{},
			&autoscalingv2.HorizontalPodAutoscaler{}, &policyv1.PodDisruptionBudget{}, &coordinationv1.Lease{}, &discoveryv1.EndpointSlice{}, &schedulingv1.PriorityClass{},
		} {
			fill(obj, seed)
			types.Default(obj)
			once := obj.DeepCopyObject()
			types.Default(obj)
			equal(t, once, obj)
			types.Prepare(obj)
			once = obj.DeepCopyObject()
			types.Prepare(obj)
			types.PrepareUpdate(obj, once)
			equal(t, once, obj)
			first := lines(types.Errors(obj))
			equal(t, first, lines(types.Errors(obj)))
			types.Warnings(obj)
			types.UpdateWarnings(obj, once)
			types.StatusUpdateErrors(obj, once)
			if update := lines(types.UpdateErrors(obj, once)); len(first) == 0 && len(update) > 0 {
				t.Errorf("seed %d: an update of a %T that changes nothing: %q", seed, obj, update)
			}
			equal(t, once, obj)
			if t.Failed() {
				t.Fatalf("seed %d: %T", seed, obj)
			}
		}
	}
}

// fill gives most fields random values.
func fill(obj runtime.Object, seed int64) {
	randfill.New().RandSource(rand.NewSource(seed)).NilChance(0.4).NumElements(0, 3).MaxDepth(12).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = *resource.NewMilliQuantity(c.Int63n(1e6)-1e5, resource.DecimalSI)
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Time{Time: time.Unix(c.Int63n(1e9), 0)} },
		func(v *metav1.MicroTime, c randfill.Continue) {
			*v = metav1.MicroTime{Time: time.Unix(c.Int63n(1e9), 0)}
		},
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31n(1e5)) },
	).Fill(obj)
}
