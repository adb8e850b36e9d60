package fake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	applyeventsv1 "k8s.io/client-go/applyconfigurations/events/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
)

// seenAt is when the events of the tests happen.
var seenAt = metav1.NewMicroTime(time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC))

// newerEvent is an event of pod web that events.k8s.io accepts.
func newerEvent(name string, change ...func(*eventsv1.Event)) *eventsv1.Event {
	e := &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", Labels: map[string]string{"app": "web"}},
		EventTime:  seenAt, ReportingController: "example.com/baker", ReportingInstance: "baker-1", Action: "Bake", Reason: "Burnt",
		Regarding: corev1.ObjectReference{Kind: "Pod", APIVersion: "v1", Namespace: "default", Name: "web", UID: "u-1", FieldPath: "spec"},
		Related:   &corev1.ObjectReference{Kind: "Node", Name: "oven"}, Note: "all black", Type: corev1.EventTypeWarning,
	}
	for _, f := range change {
		f(e)
	}
	return e
}

// olderEvent is an event of pod web as recorders of the core group write it.
func olderEvent(name string) *corev1.Event {
	at := metav1.NewTime(seenAt.Truncate(time.Second))
	return &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: name, Namespace: "default"},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: "web"},
		Reason:         "Pulled", Message: "image is there", Source: corev1.EventSource{Component: "kubelet", Host: "minikube"},
		FirstTimestamp: at, LastTimestamp: at, Count: 3, Type: corev1.EventTypeNormal,
	}
}

func created[T any](t *testing.T, create func(context.Context, *T, metav1.CreateOptions) (*T, error), obj *T) *T {
	t.Helper()
	made, err := create(t.Context(), obj, metav1.CreateOptions{FieldManager: "tester"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func wantEqual(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An event has two versions and is one object, in JSON and in protobuf.
func TestEventsAreReadInEitherVersion(t *testing.T) {
	for _, contentType := range []string{runtime.ContentTypeJSON, runtime.ContentTypeProtobuf} {
		t.Run(contentType, func(t *testing.T) {
			config := fake.RunT(t, fake.APIOnly()).RESTConfig()
			config.ContentType, config.AcceptContentTypes = contentType, contentType
			client := kubernetes.NewForConfigOrDie(config)
			older, newer := client.CoreV1().Events("default"), client.EventsV1().Events("default")

			made := created(t, newer.Create, newerEvent("new"))
			got, err := older.Get(t.Context(), "new", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			want := &corev1.Event{
				TypeMeta: got.TypeMeta, ObjectMeta: made.ObjectMeta, EventTime: seenAt, ReportingController: "example.com/baker", ReportingInstance: "baker-1",
				Action: "Bake", Reason: "Burnt", Type: corev1.EventTypeWarning, Message: "all black",
				InvolvedObject: corev1.ObjectReference{Kind: "Pod", APIVersion: "v1", Namespace: "default", Name: "web", UID: "u-1", FieldPath: "spec"},
				Related:        &corev1.ObjectReference{Kind: "Node", Name: "oven"},
			}
			wantEqual(t, want, got)

			before := created(t, older.Create, olderEvent("old"))
			after, err := newer.Get(t.Context(), "old", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, &eventsv1.Event{
				TypeMeta: after.TypeMeta, ObjectMeta: before.ObjectMeta, Regarding: before.InvolvedObject, Reason: "Pulled", Note: "image is there",
				Type: corev1.EventTypeNormal, DeprecatedSource: before.Source, DeprecatedCount: 3,
				DeprecatedFirstTimestamp: before.FirstTimestamp, DeprecatedLastTimestamp: before.LastTimestamp,
			}, after)

			list, err := newer.List(t.Context(), metav1.ListOptions{})
			if err != nil || len(list.Items) != 2 {
				t.Fatalf("%d events, %v", len(list.Items), err)
			}
			wantEqual(t, made.ObjectMeta, list.Items[0].ObjectMeta)
			first, err := newer.List(t.Context(), metav1.ListOptions{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			second, err := newer.List(t.Context(), metav1.ListOptions{Limit: 1, Continue: first.Continue})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, []string{"new", "old"}, []string{first.Items[0].Name, second.Items[0].Name})
		})
	}
}

// A watch of either version hears of what is written through the other, as objects of its own.
func TestWatchOfEventsInEitherVersion(t *testing.T) {
	client := apiOnly(t)
	older, newer := client.CoreV1().Events("default"), client.EventsV1().Events("default")
	selects := metav1.ListOptions{FieldSelector: "involvedObject.name=web"}
	watchOld, err := older.Watch(t.Context(), selects)
	if err != nil {
		t.Fatal(err)
	}
	defer watchOld.Stop()
	selects.FieldSelector = "regarding.name=web"
	watchNew, err := newer.Watch(t.Context(), selects)
	if err != nil {
		t.Fatal(err)
	}
	defer watchNew.Stop()
	told := func(text string) {
		t.Helper()
		for _, w := range []watch.Interface{watchOld, watchNew} {
			got := "nothing"
			switch e := next(t, w); obj := e.Object.(type) {
			case *corev1.Event:
				got = fmt.Sprintf("%s %s about %s: %s", e.Type, obj.Name, obj.InvolvedObject.Name, obj.Message)
			case *eventsv1.Event:
				got = fmt.Sprintf("%s %s about %s: %s", e.Type, obj.Name, obj.Regarding.Name, obj.Note)
			}
			wantEqual(t, text, got)
		}
	}
	created(t, newer.Create, newerEvent("new"))
	told("ADDED new about web: all black")
	created(t, older.Create, olderEvent("old"))
	told("ADDED old about web: image is there")

	// The core group lets everything change, so that an event may leave what is selected.
	old, err := older.Get(t.Context(), "new", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	old.Message = "half black"
	if old, err = older.Update(t.Context(), old, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	told("MODIFIED new about web: half black")
	old.InvolvedObject.Name = "other"
	if _, err := older.Update(t.Context(), old, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	told("DELETED new about web: half black")
	if err := newer.Delete(t.Context(), "old", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	told("DELETED old about web: image is there")
}

func TestFieldSelectorsOfEvents(t *testing.T) {
	client := apiOnly(t)
	created(t, client.EventsV1().Events("default").Create, newerEvent("new"))
	created(t, client.CoreV1().Events("default").Create, olderEvent("old"))
	for _, row := range []struct{ rule, selector, want string }{
		{"what it is about", "regarding.kind=Pod,regarding.namespace=default,regarding.name=web", "new old"},
		{"all of what it is about", "regarding.uid=u-1,regarding.apiVersion=v1,regarding.resourceVersion=,regarding.fieldPath=spec", "new"},
		{"why", "reason=Burnt", "new"},
		{"who says so", "reportingController=example.com/baker", "new"},
		{"who does not", "reportingController!=example.com/baker", "old"},
		{"how bad it is", "type!=Warning", "old"},
		{"its name", "metadata.name=old,metadata.namespace=default", "old"},
		{"not by the name of the other version", "involvedObject.kind=Pod", "field label not supported: involvedObject.kind"},
		{"not by its source", "source=kubelet", "field label not supported: source"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			list, err := client.EventsV1().Events("").List(t.Context(), metav1.ListOptions{FieldSelector: row.selector})
			if err != nil {
				wantEqual(t, row.want, err.Error())
				return
			}
			var names []string
			for _, e := range list.Items {
				names = append(names, e.Name)
			}
			wantEqual(t, row.want, strings.Join(names, " "))
		})
	}
	_, err := client.CoreV1().Events("").List(t.Context(), metav1.ListOptions{FieldSelector: "regarding.kind=Pod"})
	if err == nil || err.Error() != "field label not supported: regarding.kind" {
		t.Errorf("the core group selects by regarding.kind: %v", err)
	}
}

// events.k8s.io has stricter rules than the core group. What it refuses it calls by the core group's names.
func TestRulesOfNewerEvents(t *testing.T) {
	client := apiOnly(t)
	newer := client.EventsV1().Events("default")
	for _, row := range []struct {
		rule   string
		change func(*eventsv1.Event)
		want   string
	}{
		{"a series is of two at least", func(e *eventsv1.Event) { e.Series = &eventsv1.EventSeries{Count: 1, LastObservedTime: seenAt} },
			`Event "e" is invalid: series.count: Invalid value: "": should be at least 2`},
		{"it says when", func(e *eventsv1.Event) { e.EventTime = metav1.MicroTime{} }, `Event "e" is invalid: eventTime: Required value`},
		{"and who says so", func(e *eventsv1.Event) { e.ReportingInstance = "" }, `Event "e" is invalid: reportingInstance: Required value`},
		{"what was deprecated is not for it", func(e *eventsv1.Event) { e.DeprecatedCount = 1 }, `Event "e" is invalid: count: Invalid value: "": needs to be unset`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := newer.Create(t.Context(), newerEvent("e", row.change), metav1.CreateOptions{})
			if !apierrors.IsInvalid(err) || err.Error() != row.want {
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
	e := created(t, newer.Create, newerEvent("e"))
	e.Note, e.Regarding.Name = "white", "other"
	_, err := newer.Update(t.Context(), e, metav1.UpdateOptions{})
	want := `Event "e" is invalid: [involvedObject: Invalid value: {"Kind":"Pod","Namespace":"default","Name":"other","UID":"u-1","APIVersion":"v1","ResourceVersion":"","FieldPath":"spec"}: field is immutable, ` +
		`message: Invalid value: "white": field is immutable]`
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	_, err = newer.Get(t.Context(), "none", metav1.GetOptions{})
	if err == nil || err.Error() != `events.events.k8s.io "none" not found` {
		t.Errorf("what is not there: %v", err)
	}
	_, err = newer.Create(t.Context(), newerEvent("e"), metav1.CreateOptions{})
	if err == nil || err.Error() != `events.events.k8s.io "e" already exists` {
		t.Errorf("what is there: %v", err)
	}
}

// A server could convert what is sent in the other version, and says that it was not asked to.
func TestEventsAreSentInTheVersionOfTheURL(t *testing.T) {
	client := apiOnly(t)
	for _, row := range []struct {
		to   rest.Interface
		obj  runtime.Object
		want string
	}{
		{client.EventsV1().RESTClient(), olderEvent("e"), "the API version in the data (v1) does not match the expected API version (events.k8s.io/v1)"},
		{client.CoreV1().RESTClient(), newerEvent("e"), "the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)"},
	} {
		kinds, _, err := scheme.Scheme.ObjectKinds(row.obj)
		if err != nil {
			t.Fatal(err)
		}
		row.obj.GetObjectKind().SetGroupVersionKind(kinds[0])
		body, err := json.Marshal(row.obj)
		if err != nil {
			t.Fatal(err)
		}
		err = row.to.Post().Namespace("default").Resource("events").SetHeader("Content-Type", "application/json").Body(body).Do(t.Context()).Error()
		if !apierrors.IsBadRequest(err) || err.Error() != row.want {
			t.Errorf("%v, want %s", err, row.want)
		}
	}
}

func TestPatchesOfNewerEvents(t *testing.T) {
	for _, row := range []struct {
		kind  types.PatchType
		patch string
	}{
		{types.JSONPatchType, `[{"op":"add","path":"/series","value":{"count":2,"lastObservedTime":"2026-01-02T03:04:06.000000Z"}}]`},
		{types.MergePatchType, `{"series":{"count":2,"lastObservedTime":"2026-01-02T03:04:06.000000Z"}}`},
		{types.StrategicMergePatchType, `{"series":{"count":2,"lastObservedTime":"2026-01-02T03:04:06.000000Z"}}`},
	} {
		t.Run(string(row.kind), func(t *testing.T) {
			client := apiOnly(t)
			created(t, client.EventsV1().Events("default").Create, newerEvent("e"))
			got, err := client.EventsV1().Events("default").Patch(t.Context(), "e", row.kind, []byte(row.patch), metav1.PatchOptions{})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, int32(2), got.Series.Count)
			older, err := client.CoreV1().Events("default").Get(t.Context(), "e", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, &corev1.EventSeries{Count: 2, LastObservedTime: got.Series.LastObservedTime}, older.Series)
		})
	}
}

// Who applies through one version conflicts with who wrote through the other, and each owns fields by the names of his version.
func TestApplyOfEventsInEitherVersion(t *testing.T) {
	client := apiOnly(t)
	older, newer := client.CoreV1().Events("default"), client.EventsV1().Events("default")
	created(t, newer.Create, newerEvent("e"))

	note := applycorev1.Event("e", "default").WithMessage("half black")
	_, err := older.Apply(t.Context(), note, metav1.ApplyOptions{FieldManager: "cook"})
	want := `Apply failed with 1 conflict: conflict with "tester" using events.k8s.io/v1: .note`
	if !apierrors.IsConflict(err) || err.Error() != want {
		t.Fatalf("apply of what somebody else owns: %v, want %s", err, want)
	}
	got, err := older.Apply(t.Context(), note, metav1.ApplyOptions{FieldManager: "cook", Force: true})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "half black", got.Message)
	var owned []string
	for _, m := range got.ManagedFields {
		owned = append(owned, fmt.Sprintf("%s %s %s note:%t message:%t regarding:%t", m.Manager, m.Operation, m.APIVersion,
			strings.Contains(m.FieldsV1.String(), `"f:note"`), strings.Contains(m.FieldsV1.String(), `"f:message"`),
			strings.Contains(m.FieldsV1.String(), `"f:regarding"`)))
	}
	wantEqual(t, []string{
		"cook Apply v1 note:false message:true regarding:false",
		"tester Update events.k8s.io/v1 note:false message:false regarding:true",
	}, owned)

	series := applyeventsv1.Event("e", "default").WithSeries(applyeventsv1.EventSeries().WithCount(2).WithLastObservedTime(seenAt))
	after, err := newer.Apply(t.Context(), series, metav1.ApplyOptions{FieldManager: "counter"})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, &eventsv1.EventSeries{Count: 2, LastObservedTime: seenAt}, after.Series)
	wantEqual(t, "half black", after.Note)

	// Who applies less takes back what he alone had.
	if after, err = newer.Apply(t.Context(), applyeventsv1.Event("e", "default"), metav1.ApplyOptions{FieldManager: "counter"}); err != nil {
		t.Fatal(err)
	}
	if after.Series != nil {
		t.Errorf("the series is still %v", after.Series)
	}
	made, err := newer.Apply(t.Context(), applyeventsv1.Event("applied", "default").WithEventTime(seenAt).WithReportingController("a").WithReportingInstance("b").
		WithAction("c").WithReason("d").WithType("Normal").WithRegarding(applycorev1.ObjectReference().WithNamespace("default").WithName("web")),
		metav1.ApplyOptions{FieldManager: "counter"})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "web", made.Regarding.Name)
}

func TestDeleteCollectionOfNewerEvents(t *testing.T) {
	client := apiOnly(t)
	created(t, client.EventsV1().Events("default").Create, newerEvent("new"))
	created(t, client.CoreV1().Events("default").Create, olderEvent("old"))
	err := client.EventsV1().Events("default").DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{FieldSelector: "regarding.name=web"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := client.CoreV1().Events("default").List(t.Context(), metav1.ListOptions{})
	if err != nil || len(list.Items) > 0 {
		t.Errorf("%d events are left, %v", len(list.Items), err)
	}
}

// Events go with their namespace, and no quota bounds them under either name.
func TestEventsInNamespacesAndQuotas(t *testing.T) {
	client := kubernetes.NewForConfigOrDie(fake.RunT(t).RESTConfig())
	created(t, client.CoreV1().Namespaces().Create, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "bakery"}})
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "q"}, Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{
		"count/events": resource.MustParse("0"), "count/events.events.k8s.io": resource.MustParse("0"),
	}}}
	created(t, client.CoreV1().ResourceQuotas("bakery").Create, quota)
	created(t, client.EventsV1().Events("bakery").Create, newerEvent("new", func(e *eventsv1.Event) { e.Namespace = "bakery" }))
	ctx := testContext(t)
	w, err := client.CoreV1().Namespaces().Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=bakery"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := client.CoreV1().Namespaces().Delete(ctx, "bakery", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for next(t, w).Type != watch.Deleted {
	}
	list, err := client.EventsV1().Events("").List(ctx, metav1.ListOptions{FieldSelector: "metadata.namespace=bakery"})
	if err != nil || len(list.Items) > 0 {
		t.Errorf("%d events are left, %v", len(list.Items), err)
	}
}

// kubectl get prints the same for both.
func TestTablesOfEvents(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		client := kubernetes.NewForConfigOrDie(fake.RunT(t, fake.APIOnly()).RESTConfig())
		created(t, client.EventsV1().Events("default").Create, newerEvent("new"))
		created(t, client.CoreV1().Events("default").Create, olderEvent("old"))
		table := func(c rest.Interface) *metav1.Table {
			var got metav1.Table
			body, err := c.Get().Namespace("default").Resource("events").SetHeader("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1").DoRaw(t.Context())
			if err == nil {
				err = json.Unmarshal(body, &got)
			}
			if err != nil {
				t.Fatal(err)
			}
			return &got
		}
		older, newer := table(client.CoreV1().RESTClient()), table(client.EventsV1().RESTClient())
		wantEqual(t, older, newer)
		wantEqual(t, []any{"Warning", "Burnt", "pod/web"}, newer.Rows[0].Cells[1:4])
	})
}

// The recorder of client-go writes an event once, and makes a series of it when it happens again.
func TestRecorderOfNewerEvents(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		client := kubernetes.NewForConfigOrDie(fake.RunT(t, fake.APIOnly()).RESTConfig())
		w, err := client.EventsV1().Events("default").Watch(ctx, metav1.ListOptions{FieldSelector: "reportingController=baker"})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Stop()
		broadcaster := events.NewBroadcaster(&events.EventSinkImpl{Interface: client.EventsV1()})
		defer broadcaster.Shutdown()
		if err := broadcaster.StartRecordingToSinkWithContext(ctx); err != nil {
			t.Fatal(err)
		}
		recorder := broadcaster.NewRecorder(scheme.Scheme, "baker")
		pod := podOf("web", "", "one")
		pod.Namespace = "default"

		recorder.Eventf(pod, nil, corev1.EventTypeWarning, "Burnt", "Bake", "all %s", "black")
		e := next(t, w)
		first := e.Object.(*eventsv1.Event)
		wantEqual(t, "ADDED Pod default/web: Warning Burnt Bake all black", fmt.Sprintf("%s %s %s/%s: %s %s %s %s", e.Type, first.Regarding.Kind,
			first.Regarding.Namespace, first.Regarding.Name, first.Type, first.Reason, first.Action, first.Note))
		for n := range int32(3) { // the second is written at once, and what follows at the end of the series
			recorder.Eventf(pod, nil, corev1.EventTypeWarning, "Burnt", "Bake", "all black")
			if n == 0 {
				e = next(t, w)
				wantEqual(t, int32(2), e.Object.(*eventsv1.Event).Series.Count)
			}
		}
		e = <-w.ResultChan() // in a few minutes
		last := e.Object.(*eventsv1.Event)
		wantEqual(t, fmt.Sprintf("MODIFIED %s: 4 times", first.Name), fmt.Sprintf("%s %s: %d times", e.Type, last.Name, last.Series.Count))
	})
}
