package sdk_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestDiagnosePods(t *testing.T) {
	remove := func(opts ...sdk.DeleteOption) func(*testing.T, *fake.Cluster, *sdk.Client) {
		return func(t *testing.T, _ *fake.Cluster, c *sdk.Client) { ok(t, c.Delete(t.Context(), faulty(""), opts...)) }
	}
	held := func(p *corev1.Pod) {
		p.Finalizers = []string{"example.com/archive"}
		p.Spec.TerminationGracePeriodSeconds = new(int64(1))
	}
	off := func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) { ok(t, cluster.Node("minikube").PowerOff()) }
	patient := func(p *corev1.Pod) { // it stays on a node that is lost
		p.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
	}
	stranger := faulty("")
	stranger.UID = "another"
	runFaults(t, []fault{
		{name: "there is none", want: []string{"fatal NotFound: app"}, says: []string{"Pod default/app does not exist", "no event tells of it"}},
		{name: "it was deleted", objects: []sdk.Object{faulty("pause")}, then: remove(sdk.Grace(0)), want: []string{"fatal NotFound: app"},
			says: []string{"was not found; the last event about it: "}},
		{name: "another has its name", objects: []sdk.Object{faulty("pause")}, target: stranger, want: []string{"fatal NotFound: app"}},
		{name: "its node pushed it out", objects: []sdk.Object{faulty("pause")}, then: func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) {
			ok(t, cluster.EvictForPressure("default", "app", corev1.ResourceMemory))
		}, want: []string{"fatal Evicted: app"}, says: []string{"has failed: it was evicted by its node: Evicted: The node was low on resource: memory"}},
		{name: "its deadline has passed", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(5)) })}, passes: 2 * time.Minute,
			want: []string{"fatal DeadlineExceeded: app"}, says: []string{"longer than its activeDeadlineSeconds"}},
		{name: "its node did not take it", objects: []sdk.Object{faulty("pause", requesting("cpu", "64"), func(p *corev1.Pod) { p.Spec.NodeName = "minikube" })},
			want: []string{"fatal Rejected: app"}, says: []string{"was refused by its node: OutOfcpu"}},
		{name: "it is about to end", objects: []sdk.Object{faulty("stubborn", func(p *corev1.Pod) { p.Spec.TerminationGracePeriodSeconds = new(int64(600)) })}, then: remove(),
			want: []string{"progress Terminating: app"}, says: []string{"is being deleted; its containers have until 2000-01-01T00:11:00Z to end"}},
		{name: "finalizers hold it", objects: []sdk.Object{faulty("pause", held)}, then: remove(), want: []string{"problem Finalizers: app"}, says: []string{"held by its finalizers example.com/archive"}},
		{name: "its node does not say that it has ended", options: []fake.Option{fake.Nodes(2)}, objects: []sdk.Object{faulty("pause", patient)}, passes: 3 * time.Minute,
			then: func(t *testing.T, cluster *fake.Cluster, c *sdk.Client) {
				off(t, cluster, c)
				<-time.After(2 * time.Minute)
				remove()(t, cluster, c)
			}, want: []string{"problem StuckTerminating: app", "problem NodeNotReady: minikube"},
			says: []string{"is being deleted", "with a grace period of 0", "Node minikube has not been heard of since"}},
		{name: "its node is off", options: []fake.Option{fake.Nodes(2)}, objects: []sdk.Object{faulty("pause", patient)}, then: off, passes: 3 * time.Minute,
			want: []string{"problem NodeNotReady: minikube"}, says: []string{"NodeStatusUnknown"}},
		{name: "its node is gone", options: []fake.Option{fake.Without(fake.PodGarbageCollector)}, objects: []sdk.Object{faulty("pause")},
			then: func(t *testing.T, cluster *fake.Cluster, c *sdk.Client) {
				off(t, cluster, c)
				ok(t, c.Delete(t.Context(), &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "minikube"}}))
				<-time.After(10 * time.Second)
			}, want: []string{"problem NodeGone: app"}},
	})
}

func TestDiagnoseReferences(t *testing.T) {
	settings := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings"}, Data: map[string]string{"colour": "red"}}
	env := func(name, key string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			main(p).Env = []corev1.EnvVar{{Name: "X", ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}}}}
		}
	}
	volume := func(s corev1.VolumeSource) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: "v", VolumeSource: s})
			main(p).VolumeMounts = append(main(p).VolumeMounts, corev1.VolumeMount{Name: "v", MountPath: "/v"})
		}
	}
	unreadable := fake.Forbid(fake.Rule{Verbs: []string{"get", "list"}, Resources: []string{"secrets", "nodes", "events"}})
	secret := volume(corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "token"}})
	runFaults(t, []fault{
		{name: "a variable's ConfigMap is missing", objects: []sdk.Object{faulty("pause", env("settings", "colour"))}, want: []string{"problem ConfigMapMissing: app main"},
			says: []string{"waits for the ConfigMap settings, which is not there", "Create it in namespace default"}},
		{name: "a variable's key is missing", objects: []sdk.Object{settings.DeepCopy(), faulty("pause", env("settings", "size"))}, want: []string{"problem KeyMissing: app main"},
			says: []string{"the key size of the ConfigMap settings"}},
		{name: "all variables of a secret", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) {
			main(p).EnvFrom = []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "token"}}}}
		})}, want: []string{"problem SecretMissing: app main"}},
		{name: "a volume's secret is missing", objects: []sdk.Object{faulty("pause", secret)}, want: []string{"problem SecretMissing: app"}, says: []string{"waits for the Secret token"}},
		{name: "a volume's key is missing", objects: []sdk.Object{settings.DeepCopy(), faulty("pause", volume(corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
			Sources: []corev1.VolumeProjection{{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"},
				Items: []corev1.KeyToPath{{Key: "size", Path: "size"}}}}}}}))}, want: []string{"problem KeyMissing: app"}},
		{name: "what is optional may be missing", objects: []sdk.Object{faulty("pause", volume(corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "token", Optional: new(true)}}))},
			want: []string{"note Ready: app"}},
		{name: "a volume cannot be mounted", objects: []sdk.Object{faulty("pause", volume(corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{
			Path: "/nowhere", Type: new(corev1.HostPathDirectory)}}))}, want: []string{"problem MountFailed: app"}, says: []string{"waits for its volumes", "/nowhere"}},
		{name: "what may not be read is named", options: []fake.Option{unreadable}, objects: []sdk.Object{faulty("pause", secret)},
			want: []string{"progress Starting: app", "note Unreadable: *", "note Unreadable: minikube", "note Unreadable: token"},
			says: []string{"Event default/* could not be read", "Node minikube could not be read", `cannot get resource "secrets"`, "Ask with the right to get and list secrets for more"}},
	})
}
