package fake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// settled runs a test in a bubble with a cluster where every image is known, and a client.
func settled(t *testing.T, test func(t *testing.T, client kubernetes.Interface), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, append([]fake.Option{fake.UnknownImages(fake.Pause)}, opts...)...)
		test(t, kubernetes.NewForConfigOrDie(c.RESTConfig()))
	})
}

// must fails a test on an error, and else waits until the cluster has done what follows from a request.
func must(t *testing.T) func(obj any, err error) any {
	t.Helper()
	return func(obj any, err error) any {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		return obj
	}
}

func quota(name string, hard corev1.ResourceList, scopes ...corev1.ResourceQuotaScope) *corev1.ResourceQuota {
	return &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ResourceQuotaSpec{Hard: hard, Scopes: scopes}}
}

// used is what a quota says is used.
func used(t *testing.T, client kubernetes.Interface, name string) map[string]string {
	t.Helper()
	synctest.Wait()
	q, err := client.CoreV1().ResourceQuotas("default").Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return texts(q.Status.Used)
}

func equalUsed(t *testing.T, client kubernetes.Interface, name, rule string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, used(t, client, name)); diff != "" {
		t.Errorf("%s: used of quota %s (-want +got):\n%s", rule, name, diff)
	}
}

func TestQuotaOfPods(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pods, ctx := client.CoreV1().Pods("default"), t.Context()
		create := func(pod *corev1.Pod) error { _, err := pods.Create(ctx, pod, metav1.CreateOptions{}); return err }
		must(t)(nil, create(plainPod("before")))
		must(t)(client.CoreV1().ResourceQuotas("default").Create(ctx, quota("q", amounts("pods", "2", "count/pods", "9")), metav1.CreateOptions{}))
		equalUsed(t, client, "q", "what is there is counted", map[string]string{"pods": "1", "count/pods": "1"})

		if _, err := pods.Create(ctx, plainPod("dry"), metav1.CreateOptions{DryRun: []string{"All"}}); err != nil {
			t.Error(err)
		}
		equalUsed(t, client, "q", "a dry run does not count", map[string]string{"pods": "1", "count/pods": "1"})
		must(t)(nil, create(plainPod("second")))
		equalUsed(t, client, "q", "a new one counts", map[string]string{"pods": "2", "count/pods": "2"})
		refused(t, create(plainPod("third")), `pods "third" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2`)
		_, err := pods.Create(ctx, plainPod("third"), metav1.CreateOptions{DryRun: []string{"All"}})
		refused(t, err, `pods "third" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2`)

		must(t)(nil, pods.Delete(ctx, "before", metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}))
		equalUsed(t, client, "q", "a deleted one gives back", map[string]string{"pods": "1", "count/pods": "1"})
		must(t)(pods.Patch(ctx, "second", types.MergePatchType, []byte(`{"status":{"phase":"Succeeded"}}`), metav1.PatchOptions{}, "status"))
		equalUsed(t, client, "q", "one that has ended is an object still", map[string]string{"pods": "0", "count/pods": "1"})
		must(t)(client.CoreV1().ResourceQuotas("default").Patch(ctx, "q", types.MergePatchType, []byte(`{"spec":{"hard":{"pods":null}}}`), metav1.PatchOptions{}))
		equalUsed(t, client, "q", "a bound that went is not counted", map[string]string{"count/pods": "1"})
	}, fake.Without(fake.Kubelet, fake.Scheduler))
}

func TestQuotaOfResources(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pods, ctx := client.CoreV1().Pods("default"), t.Context()
		hard := amounts("requests.cpu", "1", "limits.memory", "1Gi", "requests.example.com/gpu", "2")
		must(t)(client.CoreV1().ResourceQuotas("default").Create(ctx, quota("q", hard), metav1.CreateOptions{}))
		_, err := pods.Create(ctx, plainPod("a"), metav1.CreateOptions{})
		refused(t, err, `pods "a" is forbidden: failed quota: q: must specify limits.memory for: a; requests.cpu for: a`)
		must(t)(pods.Create(ctx, sized("a", amounts("cpu", "600m"), amounts("memory", "256Mi", "example.com/gpu", "1")), metav1.CreateOptions{}))
		equalUsed(t, client, "q", "by the names that quotas have", map[string]string{
			"requests.cpu": "600m", "limits.memory": "256Mi", "requests.example.com/gpu": "1",
		})
		_, err = pods.Create(ctx, sized("b", amounts("cpu", "500m"), amounts("memory", "1Gi")), metav1.CreateOptions{})
		refused(t, err, `pods "b" is forbidden: exceeded quota: q, requested: limits.memory=1Gi,requests.cpu=500m, `+
			`used: limits.memory=256Mi,requests.cpu=600m, limited: limits.memory=1Gi,requests.cpu=1`)
	})
}

// TestQuotaOfAResize: only what a pod asks for in addition is charged.
func TestQuotaOfAResize(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pods, ctx := client.CoreV1().Pods("default"), t.Context()
		must(t)(client.CoreV1().ResourceQuotas("default").Create(ctx, quota("q", amounts("requests.cpu", "1")), metav1.CreateOptions{}))
		pod := must(t)(pods.Create(ctx, sized("a", amounts("cpu", "400m"), nil), metav1.CreateOptions{})).(*corev1.Pod)
		resize := func(cpu string) error {
			pod = pod.DeepCopy()
			pod.ResourceVersion = ""
			pod.Spec.Containers[0].Resources.Requests = amounts("cpu", cpu)
			_, err := pods.UpdateResize(ctx, "a", pod, metav1.UpdateOptions{})
			return err
		}
		must(t)(nil, resize("900m"))
		equalUsed(t, client, "q", "more", map[string]string{"requests.cpu": "900m"})
		refused(t, resize("1100m"), `pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=200m, used: requests.cpu=900m, limited: requests.cpu=1`)
	}, fake.Without(fake.Kubelet, fake.Scheduler))
}

func TestQuotaScopes(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pods, ctx := client.CoreV1().Pods("default"), t.Context()
		quotas := client.CoreV1().ResourceQuotas("default")
		for _, scope := range []corev1.ResourceQuotaScope{"Terminating", "NotTerminating", "BestEffort", "NotBestEffort"} {
			must(t)(quotas.Create(ctx, quota(strings.ToLower(string(scope)), amounts("pods", "5"), scope), metav1.CreateOptions{}))
		}
		important := quota("important", amounts("pods", "5"))
		important.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{
			{ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn, Values: []string{"system-node-critical"}},
		}}
		must(t)(quotas.Create(ctx, important, metav1.CreateOptions{}))
		across := quota("across", amounts("pods", "0"), corev1.ResourceQuotaScopeCrossNamespacePodAffinity)
		must(t)(quotas.Create(ctx, across, metav1.CreateOptions{}))

		ending := sized("ending", amounts("cpu", "1m"), nil)
		ending.Spec.ActiveDeadlineSeconds = new(int64(600))
		must(t)(pods.Create(ctx, ending, metav1.CreateOptions{}))
		vital := plainPod("vital")
		vital.Spec.PriorityClassName = "system-node-critical"
		must(t)(pods.Create(ctx, vital, metav1.CreateOptions{}))
		must(t)(pods.Create(ctx, plainPod("plain"), metav1.CreateOptions{}))
		for _, tt := range []struct{ rule, quota, want string }{
			{"Terminating", "terminating", "1"}, {"NotTerminating", "notterminating", "2"}, {"BestEffort", "besteffort", "2"},
			{"NotBestEffort", "notbesteffort", "1"}, {"PriorityClass", "important", "1"},
		} {
			equalUsed(t, client, tt.quota, tt.rule, map[string]string{"pods": tt.want})
		}
		social := plainPod("social")
		social.Spec.Affinity = &corev1.Affinity{PodAffinity: &corev1.PodAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{
			{Weight: 1, PodAffinityTerm: corev1.PodAffinityTerm{TopologyKey: "zone", Namespaces: []string{"other"}}},
		}}}
		_, err := pods.Create(ctx, social, metav1.CreateOptions{})
		refused(t, err, `pods "social" is forbidden: exceeded quota: across, requested: pods=1, used: pods=0, limited: pods=0`)
	}, fake.Without(fake.Kubelet, fake.Scheduler))
}

// TestQuotaOfObjects: every kind can be counted, some under older names too, services by what they take.
func TestQuotaOfObjects(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		core, ctx := client.CoreV1(), t.Context()
		must(t)(core.ResourceQuotas("default").Create(ctx, quota("q", amounts(
			"count/deployments.apps", "1", "configmaps", "2", "count/configmaps", "2", "secrets", "1", "services", "5", "services.nodeports", "2", "services.loadbalancers", "1",
			"persistentvolumeclaims", "3", "requests.storage", "2Gi", "standard.storageclass.storage.k8s.io/requests.storage", "1Gi", "resourcequotas", "1",
		)), metav1.CreateOptions{}))
		deployment := func(name string) *appsv1.Deployment {
			labels := map[string]string{"app": name}
			return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: appsv1.DeploymentSpec{
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: plainPod("").Spec},
			}}
		}
		must(t)(client.AppsV1().Deployments("default").Create(ctx, deployment("a"), metav1.CreateOptions{}))
		_, err := client.AppsV1().Deployments("default").Create(ctx, deployment("b"), metav1.CreateOptions{})
		refused(t, err, `deployments.apps "b" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, `+
			`used: count/deployments.apps=1, limited: count/deployments.apps=1`)
		must(t)(core.ConfigMaps("default").Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, metav1.CreateOptions{}))
		_, err = core.ConfigMaps("default").Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "b-"}}, metav1.CreateOptions{})
		if !apierrors.IsForbidden(err) { // with the root certificate's that is three
			t.Errorf("a third config map: %v", err)
		}
		service := func(name string, kind corev1.ServiceType) *corev1.Service {
			return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{
				Type: kind, Ports: []corev1.ServicePort{{Name: "a", Port: 80}, {Name: "b", Port: 81}},
			}}
		}
		s := must(t)(core.Services("default").Create(ctx, service("s", corev1.ServiceTypeClusterIP), metav1.CreateOptions{})).(*corev1.Service)
		s.Spec.Type = corev1.ServiceTypeNodePort
		must(t)(core.Services("default").Update(ctx, s, metav1.UpdateOptions{}))
		_, err = core.Services("default").Create(ctx, service("more", corev1.ServiceTypeNodePort), metav1.CreateOptions{})
		refused(t, err, `services "more" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=2, limited: services.nodeports=2`)
		must(t)(core.PersistentVolumeClaims("default").Create(ctx, claim("c", "1Gi"), metav1.CreateOptions{}))
		_, err = core.PersistentVolumeClaims("default").Create(ctx, claim("d", "512Mi"), metav1.CreateOptions{})
		refused(t, err, `persistentvolumeclaims "d" is forbidden: exceeded quota: q, requested: standard.storageclass.storage.k8s.io/requests.storage=512Mi, `+
			`used: standard.storageclass.storage.k8s.io/requests.storage=1Gi, limited: standard.storageclass.storage.k8s.io/requests.storage=1Gi`)
		equalUsed(t, client, "q", "all", map[string]string{
			"count/deployments.apps": "1", "configmaps": "2", "count/configmaps": "2", "secrets": "0", "services": "2", "services.nodeports": "2",
			"services.loadbalancers": "0", "persistentvolumeclaims": "1", "requests.storage": "1Gi",
			"standard.storageclass.storage.k8s.io/requests.storage": "1Gi", "resourcequotas": "1",
		})
		must(t)(nil, client.AppsV1().Deployments("default").Delete(ctx, "a", metav1.DeleteOptions{}))
		if got := used(t, client, "q")["count/deployments.apps"]; got != "0" {
			t.Errorf("deployments used after the deletion: %s", got)
		}
	})
}

// TestQuotaHoldsWhoeverComesAtOnce: of many who create and delete at the same time no more get in than may, whoever counts meanwhile.
func TestQuotaHoldsWhoeverComesAtOnce(t *testing.T) {
	const room, clients, rounds = 7, 40, 5
	c := fake.RunT(t, fake.Without(fake.Kubelet, fake.Scheduler))
	config := c.RESTConfig()
	config.QPS = -1
	client := kubernetes.NewForConfigOrDie(config)
	ctx, maps := testContext(t), client.CoreV1().ConfigMaps("default")
	q := quota("q", amounts("count/configmaps", fmt.Sprint(room+1))) // the root certificate is one
	if _, err := client.CoreV1().ResourceQuotas("default").Create(ctx, q, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	awaitUsed(ctx, t, client, "1")
	var got, most atomic.Int64
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for j := range rounds {
				name := fmt.Sprintf("m-%d-%d", i, j)
				_, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
				if apierrors.IsForbidden(err) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if n := got.Add(1); n > most.Load() {
					most.Store(n)
				}
				if j == rounds-1 {
					continue
				}
				got.Add(-1) // counted as gone before it is, so that most is never too much
				if err := maps.Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	list, err := maps.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n := len(list.Items) - 1
	if n == 0 { // what is deleted counts until the controller has looked; by then all may have had their turns
		awaitUsed(ctx, t, client, "1")
		if _, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "late"}}, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		if list, err = maps.List(ctx, metav1.ListOptions{}); err != nil {
			t.Fatal(err)
		}
		n = len(list.Items) - 1
	}
	if n > room || most.Load() > room || n == 0 {
		t.Errorf("%d config maps at the end, %d at the most, with room for %d", n, most.Load(), room)
	}
	awaitUsed(ctx, t, client, fmt.Sprint(len(list.Items)))
}

// awaitUsed waits until quota q says that so many config maps are used.
func awaitUsed(ctx context.Context, t *testing.T, client kubernetes.Interface, want string) {
	t.Helper()
	w, err := client.CoreV1().ResourceQuotas("default").Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=q"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for e := range w.ResultChan() {
		if q, ok := e.Object.(*corev1.ResourceQuota); ok && texts(q.Status.Used)["count/configmaps"] == want {
			return
		}
	}
	t.Fatalf("the quota never said that %s are used", want)
}

// TestQuotaOfACustomKind: kinds that users define are counted from their first object on.
func TestQuotaOfACustomKind(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c, tabs := custom(t)
		client := kubernetes.NewForConfigOrDie(c.RESTConfig())
		const bound = "count/crontabs.stable.example.com"
		must(t)(client.CoreV1().ResourceQuotas("default").Create(t.Context(), quota("q", amounts(bound, "1")), metav1.CreateOptions{}))
		resource := tabs.Resource(cronTabs).Namespace("default")
		must(t)(resource.Create(t.Context(), cronTab(t, "{cronSpec: '* * * * *'}"), metav1.CreateOptions{}))
		second := cronTab(t, "{cronSpec: '* * * * *'}")
		second.SetName("second")
		_, err := resource.Create(t.Context(), second, metav1.CreateOptions{})
		refused(t, err, `crontabs.stable.example.com "second" is forbidden: exceeded quota: q, requested: `+bound+`=1, used: `+bound+`=1, limited: `+bound+`=1`)
		must(t)(nil, resource.Delete(t.Context(), cronTab(t, "{}").GetName(), metav1.DeleteOptions{}))
		equalUsed(t, client, "q", "a deleted one gives back", map[string]string{bound: "0"})
	})
}

// TestAControllerMeetsAQuota: it makes as many pods as may be, says why there are no more, and goes on once there may.
func TestAControllerMeetsAQuota(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		must(t)(client.CoreV1().ResourceQuotas("default").Create(t.Context(), quota("q", amounts("pods", "2")), metav1.CreateOptions{}))
		if got := web(t, client, 3); len(got) != 2 {
			t.Errorf("%d pods, want 2", len(got))
		}
		rc := must(t)(client.CoreV1().ReplicationControllers("default").Get(t.Context(), "web", metav1.GetOptions{})).(*corev1.ReplicationController)
		if c := rc.Status.Conditions; len(c) != 1 || c[0].Type != corev1.ReplicationControllerReplicaFailure ||
			!strings.Contains(c[0].Message, "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2") {
			t.Errorf("conditions %v", c)
		}
		must(t)(client.CoreV1().ResourceQuotas("default").Patch(t.Context(), "q", types.MergePatchType, []byte(`{"spec":{"hard":{"pods":"3"}}}`), metav1.PatchOptions{}))
		<-time.After(20 * time.Minute)
		list := must(t)(client.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{})).(*corev1.PodList)
		if len(list.Items) != 3 {
			t.Errorf("%d pods with more room, want 3", len(list.Items))
		}
	})
}
