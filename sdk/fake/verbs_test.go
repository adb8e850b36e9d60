package fake_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// apiOnly is a cluster in which nothing changes but by requests.
func apiOnly(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	return kubernetes.NewForConfigOrDie(fake.RunT(t, fake.APIOnly()).RESTConfig())
}

func TestPatches(t *testing.T) {
	for _, tc := range []struct {
		name  string
		kind  types.PatchType
		patch string
		want  map[string]string // labels afterwards
	}{
		{"JSON", types.JSONPatchType, `[{"op":"add","path":"/metadata/labels/b","value":"2"},{"op":"remove","path":"/metadata/labels/a"}]`, map[string]string{"b": "2"}},
		{"merge", types.MergePatchType, `{"metadata":{"labels":{"b":"2","a":null}}}`, map[string]string{"b": "2"}},
		{"strategic", types.StrategicMergePatchType, `{"metadata":{"labels":{"b":"2","$patch":"replace"}}}`, map[string]string{"b": "2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			pods := apiOnly(t).CoreV1().Pods("default")
			p := podOf("p", "", "one", "two")
			p.Labels = map[string]string{"a": "1"}
			if _, err := pods.Create(t.Context(), p, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			got, err := pods.Patch(t.Context(), "p", tc.kind, []byte(tc.patch), metav1.PatchOptions{FieldManager: "patcher"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Labels); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			if m := got.ManagedFields[len(got.ManagedFields)-1]; m.Manager != "patcher" || m.Operation != metav1.ManagedFieldsOperationUpdate {
				t.Errorf("managedFields end with %s %s", m.Manager, m.Operation)
			}
		})
	}
}

// A strategic merge patch finds list items by their key.
func TestStrategicPatchMergesContainersByName(t *testing.T) {
	pods := apiOnly(t).CoreV1().Pods("default")
	if _, err := pods.Create(t.Context(), podOf("p", "", "one", "two"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	got, err := pods.Patch(t.Context(), "p", types.StrategicMergePatchType, []byte(`{"spec":{"containers":[{"name":"b","image":"three"}]}}`), metav1.PatchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Spec.Containers) != 2 || got.Spec.Containers[0].Image != "one" || got.Spec.Containers[1].Image != "three" {
		t.Errorf("containers = %+v", got.Spec.Containers)
	}
	if got.Generation != 2 {
		t.Errorf("generation = %d, want 2", got.Generation)
	}
}

func TestServerSideApply(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	apply := func(manager, value string, force bool) (*corev1.ConfigMap, error) {
		c := applycorev1.ConfigMap("c", "default")
		if value != "" {
			c.WithData(map[string]string{"k": value})
		}
		return maps.Apply(t.Context(), c, metav1.ApplyOptions{FieldManager: manager, Force: force})
	}
	if _, err := apply("one", "1", false); err != nil {
		t.Fatal(err)
	}
	if _, err := apply("two", "2", false); !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "one": .data.k`) {
		t.Errorf("another manager, another value: %v", err)
	}
	got, err := apply("two", "2", true)
	if err != nil || got.Data["k"] != "2" {
		t.Fatalf("forced: %v, %v", got.Data, err)
	}
	if got, err = apply("two", "", false); err != nil || len(got.Data) != 0 {
		t.Errorf("left out: %v, %v; want it removed", got.Data, err)
	}
}

func TestConflict(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	first, err := maps.Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	first.Data = map[string]string{"k": "1"}
	second, err := maps.Update(t.Context(), first, metav1.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := maps.Update(t.Context(), first, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		t.Errorf("update of an old version: %v", err)
	}
	second.ResourceVersion = ""
	same, err := maps.Update(t.Context(), second, metav1.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if second, err = maps.Get(t.Context(), "c", metav1.GetOptions{}); err != nil || same.ResourceVersion != second.ResourceVersion {
		t.Errorf("an update that changes nothing made version %s of %s, %v", same.ResourceVersion, second.ResourceVersion, err)
	}
}

func TestDryRunLeavesNothing(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	dry := []string{metav1.DryRunAll}
	c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c"}}
	got, err := maps.Create(t.Context(), c, metav1.CreateOptions{DryRun: dry})
	if err != nil || got.UID == "" || got.ResourceVersion != "" {
		t.Errorf("dry create: %+v, %v", got.ObjectMeta, err)
	}
	if _, err := maps.Get(t.Context(), "c", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("after a dry create: %v", err)
	}
	if _, err := maps.Create(t.Context(), c, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := maps.Delete(t.Context(), "c", metav1.DeleteOptions{DryRun: dry}); err != nil {
		t.Error(err)
	}
	if _, err := maps.Get(t.Context(), "c", metav1.GetOptions{}); err != nil {
		t.Errorf("after a dry delete: %v", err)
	}
}

// A limited list comes in pages that show one version, whatever happens meanwhile.
func TestPages(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	create := func(name string) {
		t.Helper()
		if _, err := maps.Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"of": "test"}}}, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "d", "e"} {
		create(name)
	}
	opts := metav1.ListOptions{Limit: 2, LabelSelector: "of=test"}
	var got []string
	for {
		page, err := maps.List(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			got = append(got, c.Name)
		}
		if page.Continue == "" {
			break
		}
		if opts.Continue = page.Continue; len(got) == 2 {
			create("c")
		}
	}
	if want := "a b d e"; strings.Join(got, " ") != want {
		t.Errorf("pages = %v, want %s", got, want)
	}
}

func TestDeleteCollection(t *testing.T) {
	client := apiOnly(t).CoreV1()
	for _, name := range []string{"a", "b", "c"} {
		c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"keep": map[bool]string{true: "yes", false: "no"}[name == "c"]}}}
		if _, err := client.ConfigMaps("default").Create(t.Context(), c, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.ConfigMaps("default").DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "keep=no"}); err != nil {
		t.Fatal(err)
	}
	left, err := client.ConfigMaps("default").List(t.Context(), metav1.ListOptions{LabelSelector: "keep"})
	if err != nil || len(left.Items) != 1 || left.Items[0].Name != "c" {
		t.Errorf("left = %v, %v", left.Items, err)
	}
}

// The SDK's DeleteAll takes what its options choose, and nothing if they choose nothing in particular.
func TestDeleteAll(t *testing.T) {
	client := fake.RunT(t, fake.APIOnly()).Client()
	for _, name := range []string{"a", "b", "c", "d"} {
		c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": name}}}
		if err := client.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		opts []sdk.DeleteAllOption
		fail bool
		left string
	}{
		{[]sdk.DeleteAllOption{sdk.Selecting(selector.Selector{})}, true, "a b c d"},
		{[]sdk.DeleteAllOption{sdk.Selecting(selector.Nothing())}, false, "a b c d"},
		{[]sdk.DeleteAllOption{sdk.Selecting(selector.Must(selector.New(selector.In("app", "a", "x"))))}, false, "b c d"},
		{[]sdk.DeleteAllOption{sdk.Fields("metadata.name=c")}, false, "b d"},
		{[]sdk.DeleteAllOption{sdk.Selecting(selector.All())}, false, ""},
	} {
		if err := client.DeleteAll(t.Context(), &corev1.ConfigMapList{}, step.opts...); (err != nil) != step.fail {
			t.Errorf("error %v, want one: %t", err, step.fail)
		}
		var list corev1.ConfigMapList
		if err := client.List(t.Context(), &list, sdk.Selecting(selector.MustParse("app"))); err != nil {
			t.Fatal(err)
		}
		var left []string
		for i := range list.Items {
			left = append(left, list.Items[i].Name)
		}
		if got := strings.Join(left, " "); got != step.left {
			t.Errorf("left: %s, want %s", got, step.left)
		}
	}
}

// next reads one event of a watch.
func next(t *testing.T, w watch.Interface) watch.Event {
	t.Helper()
	select {
	case e, ok := <-w.ResultChan():
		if !ok {
			t.Fatal("the watch ended")
		}
		return e
	case <-time.After(time.Minute):
		t.Fatal("no event")
		return watch.Event{}
	}
}

func relabel(ctx context.Context, t *testing.T, maps typedcorev1.ConfigMapInterface, value string) {
	t.Helper()
	if _, err := maps.Patch(ctx, "c", types.MergePatchType, []byte(`{"metadata":{"labels":{"a":"`+value+`"}}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

// Those who watch a selection see an object come into it as added, and leave it as deleted.
func TestWatchOfASelection(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c", Labels: map[string]string{"a": "0"}}}
	created, err := maps.Create(t.Context(), c, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := maps.Watch(t.Context(), metav1.ListOptions{LabelSelector: "a=1", ResourceVersion: created.ResourceVersion})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for _, value := range []string{"1", "2", "1"} {
		relabel(t.Context(), t, maps, value)
	}
	if err := maps.Delete(t.Context(), "c", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []watch.EventType{watch.Added, watch.Deleted, watch.Added, watch.Deleted} {
		if e := next(t, w); e.Type != want {
			t.Errorf("event = %s, want %s", e.Type, want)
		}
	}
}

// A watch from a version that is long gone says so with 410, so that clients list again.
func TestWatchFromThePast(t *testing.T) {
	maps := apiOnly(t).CoreV1().ConfigMaps("default")
	if _, err := maps.Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c"}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for i := range 4200 { // more than the log keeps
		relabel(t.Context(), t, maps, []string{"x", "y"}[i%2])
	}
	w, err := maps.Watch(t.Context(), metav1.ListOptions{ResourceVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	e := next(t, w)
	if err := apierrors.FromObject(e.Object); e.Type != watch.Error || !apierrors.IsResourceExpired(err) {
		t.Errorf("event = %s %v, want Expired", e.Type, err)
	}
}

// Status and spec are written apart.
func TestStatusSubresource(t *testing.T) {
	rcs := apiOnly(t).CoreV1().ReplicationControllers("default")
	rc, err := rcs.Create(t.Context(), craneController(), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	three := int32(3)
	rc.Spec.Replicas, rc.Status.Replicas = &three, 2
	byStatus, err := rcs.UpdateStatus(t.Context(), rc.DeepCopy(), metav1.UpdateOptions{})
	if err != nil || *byStatus.Spec.Replicas != 1 || byStatus.Status.Replicas != 2 {
		t.Fatalf("status update: spec %d, status %d, %v; want 1 and 2", *byStatus.Spec.Replicas, byStatus.Status.Replicas, err)
	}
	byStatus.Spec.Replicas, byStatus.Status.Replicas = &three, 7
	bySpec, err := rcs.Update(t.Context(), byStatus, metav1.UpdateOptions{})
	if err != nil || *bySpec.Spec.Replicas != 3 || bySpec.Status.Replicas != 2 || bySpec.Generation != 2 {
		t.Errorf("update: spec %d, status %d, generation %d, %v; want 3, 2 and 2", *bySpec.Spec.Replicas, bySpec.Status.Replicas, bySpec.Generation, err)
	}
}

// A deleted namespace takes everything in it along.
func TestNamespaceDeletion(t *testing.T) {
	c := fake.RunT(t, fake.UnknownImages(fake.Pause))
	client := kubernetes.NewForConfigOrDie(c.RESTConfig()).CoreV1()
	ctx := testContext(t)
	if _, err := client.Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "other"}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	rc := craneController()
	if _, err := client.ReplicationControllers("other").Create(ctx, rc, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	w, err := client.Namespaces().Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=other"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := client.Namespaces().Delete(ctx, "other", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for next(t, w).Type != watch.Deleted {
	}
	for _, kind := range []string{"pods", "replicationcontrollers", "configmaps", "serviceaccounts", "events"} {
		n, err := client.RESTClient().Get().Namespace("other").Resource(kind).Do(ctx).Raw()
		if err != nil || !strings.Contains(string(n), `"items":[]`) {
			t.Errorf("%s left: %.200s %v", kind, n, err)
		}
	}
	if err := client.Namespaces().Delete(ctx, "kube-system", metav1.DeleteOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("delete of kube-system: %v", err)
	}
}
