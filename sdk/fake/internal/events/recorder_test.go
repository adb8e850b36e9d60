package events_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// inBubble runs f with a fresh API that has a namespace "default" and a config map "obj" in it.
func inBubble(t *testing.T, f func(t *testing.T, a *api.API, obj store.Object)) {
	synctest.Test(t, func(t *testing.T) {
		a := api.New(registry.NewTable(registry.Core...), 1)
		create(t, a, registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
		obj := create(t, a, registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "obj", Namespace: "default"}})
		f(t, a, obj)
	})
}

func create(tb testing.TB, a *api.API, r *registry.Resource, obj store.Object) store.Object {
	tb.Helper()
	made, err := a.Create(r, obj, api.WriteOptions{Manager: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return made
}

func list(a *api.API, namespace string) []*corev1.Event {
	objects, _ := a.List(registry.Events, namespace)
	var all []*corev1.Event
	for _, o := range objects {
		all = append(all, o.(*corev1.Event))
	}
	return all
}

// counts is how often each message was written.
func counts(a *api.API) map[string]int32 {
	m := map[string]int32{}
	for _, e := range list(a, "") {
		m[e.Message] = e.Count
	}
	return m
}

var unstable = cmpopts.IgnoreFields(metav1.ObjectMeta{}, "Name", "UID", "ResourceVersion", "ManagedFields")

func TestEventSaysWhatWhereAndWhen(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		now := api.Now()
		events.New(a, "kubelet", "minikube").Event(obj, "spec.containers{c}", corev1.EventTypeNormal, "Started", "Container started")
		got := list(a, "default")
		want := []*corev1.Event{{
			TypeMeta:   metav1.TypeMeta{Kind: "Event", APIVersion: "v1"},
			ObjectMeta: metav1.ObjectMeta{Namespace: "default", CreationTimestamp: now},
			InvolvedObject: corev1.ObjectReference{
				Kind: "ConfigMap", APIVersion: "v1", Namespace: "default", Name: "obj",
				UID: obj.GetUID(), ResourceVersion: obj.GetResourceVersion(), FieldPath: "spec.containers{c}",
			},
			Reason: "Started", Message: "Container started", Type: "Normal", Count: 1,
			Source:         corev1.EventSource{Component: "kubelet", Host: "minikube"},
			FirstTimestamp: now, LastTimestamp: now,
			ReportingController: "kubelet", ReportingInstance: "minikube",
		}}
		if diff := cmp.Diff(want, got, unstable); diff != "" {
			t.Fatalf("events (-want +got):\n%s", diff)
		}
		if !regexp.MustCompile(`^obj\.[0-9a-f]{15,16}$`).MatchString(got[0].Name) {
			t.Errorf("name %q is not the object's and a time in hexadecimal", got[0].Name)
		}
	})
}

func TestManagerIsTheProgramOfTheComponent(t *testing.T) {
	for component, want := range map[string]string{
		"kubelet": "kubelet", "default-scheduler": "kube-scheduler", "replication-controller": "kube-controller-manager",
	} {
		inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
			events.New(a, component, "").Event(obj, "", "Normal", "R", "m")
			if got := list(a, "default")[0].ManagedFields[0].Manager; got != want {
				t.Errorf("manager of %s is %q, want %q", component, got, want)
			}
		})
	}
}

func TestRepeatRaisesTheCount(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		first := api.Now()
		for range 3 {
			r.Event(obj, "", "Warning", "BackOff", "again")
			pass(time.Minute)
		}
		got := list(a, "default")
		if len(got) != 1 || got[0].Count != 3 || !got[0].FirstTimestamp.Equal(&first) || got[0].LastTimestamp.Sub(first.Time) != 2*time.Minute {
			t.Fatalf("got %+v", got)
		}
	})
}

func TestAnotherFieldPathIsAnotherEvent(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		r.Event(obj, "spec.containers{a}", "Normal", "Started", "Container started")
		r.Event(obj, "spec.containers{b}", "Normal", "Started", "Container started")
		if n := len(list(a, "default")); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
	})
}

func TestSimilarEventsAreCombined(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "replication-controller", "")
		for i := range 12 {
			r.Event(obj, "", "Normal", "SuccessfulCreate", fmt.Sprintf("Created pod: p%02d", i))
		}
		want := map[string]int32{"(combined from similar events): Created pod: p11": 3}
		for i := range 9 {
			want[fmt.Sprintf("Created pod: p%02d", i)] = 1
		}
		if diff := cmp.Diff(want, counts(a)); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
	})
}

func TestAfterTenQuietMinutesSimilarEventsAreToldApart(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "replication-controller", "")
		for i := range 10 {
			r.Event(obj, "", "Normal", "R", fmt.Sprint(i))
		}
		pass(10*time.Minute + time.Second)
		r.Event(obj, "", "Normal", "R", "later")
		if got := counts(a)["later"]; got != 1 {
			t.Errorf("count of the later one = %d, want 1 of its own", got)
		}
	})
}

func TestFloodIsStemmed(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		for range 40 {
			r.Event(obj, "", "Normal", "R", "m")
		}
		if got := counts(a)["m"]; got != 25 {
			t.Fatalf("count after a flood = %d, want 25", got)
		}
		pass(5*time.Minute + time.Second)
		r.Event(obj, "", "Normal", "R", "m")
		if got := counts(a)["m"]; got != 41 {
			t.Errorf("count after a pause = %d, want 41: those that were not written are counted", got)
		}
	})
}

func TestObjectWithoutNamespaceHasItsEventsInDefault(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, _ store.Object) {
		node := create(t, a, registry.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
		events.New(a, "kubelet", "n").Event(node, "", "Normal", "Starting", "m")
		if got := list(a, "default"); len(got) != 1 || got[0].InvolvedObject.Namespace != "" {
			t.Errorf("got %v", got)
		}
	})
}

func TestObjectThatWasNotGotFromTheStoreIsKnownByItsType(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, _ store.Object) {
		r := events.New(a, "kubelet", "n")
		r.Event(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "default"}}, "", "Normal", "R", "m")
		r.Event(nil, "", "Normal", "R", "m")
		if got := list(a, "default"); len(got) != 1 || got[0].InvolvedObject.Kind != "Pod" || got[0].InvolvedObject.APIVersion != "v1" {
			t.Errorf("got %v", got)
		}
	})
}

func TestEventThatWasDeletedIsWrittenAgainWithItsCount(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		r.Event(obj, "", "Normal", "R", "m")
		if _, _, err := a.Delete(registry.Events, "default", list(a, "default")[0].Name, metav1.DeleteOptions{}, api.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		r.Event(obj, "", "Normal", "R", "m")
		if got := counts(a)["m"]; got != 2 {
			t.Errorf("count = %d, want 2", got)
		}
	})
}

func TestEventThatCannotBeWrittenIsLost(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		lost := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "nowhere"}}
		r.Event(lost, "", "Normal", "R", "m")
		if _, _, err := a.Delete(registry.Namespaces, "", "nowhere", metav1.DeleteOptions{}, api.WriteOptions{}); err == nil {
			t.Fatal("namespace nowhere exists")
		}
		create(t, a, registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "going"}})
		if _, _, err := a.Delete(registry.Namespaces, "", "going", metav1.DeleteOptions{}, api.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		r.Event(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "going"}}, "", "Normal", "R", "m")
		if got := list(a, ""); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	})
}

func TestRecordersDoNotTakeEachOthersNames(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		for i := range 5 {
			events.New(a, "kubelet", fmt.Sprint(i)).Event(obj, "", "Normal", "R", "m") // the clock stands still
		}
		if n := len(list(a, "default")); n != 5 {
			t.Errorf("%d events, want 5", n)
		}
	})
}

func TestNameThatIsTooLongIsReplaced(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, _ store.Object) {
		long := create(t, a, registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: strings.Repeat("a", 253), Namespace: "default"}})
		events.New(a, "kubelet", "").Event(long, "", "Normal", "R", "m")
		if got := list(a, "default"); len(got) != 1 || !strings.HasPrefix(got[0].Name, "event.") {
			t.Errorf("got %v", got)
		}
	})
}

func TestManyAtOnceAreCountedOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, a *api.API, obj store.Object) {
		r := events.New(a, "kubelet", "minikube")
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { r.Event(obj, "", "Normal", "R", "m") })
		}
		all.Wait()
		if got := counts(a)["m"]; got != 20 {
			t.Errorf("count = %d, want 20", got)
		}
	})
}

// pass lets time go by on the bubble's clock.
func pass(d time.Duration) { <-time.After(d) }
