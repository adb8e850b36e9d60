package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
)

func TestPrepareClaim(t *testing.T) {
	snapshot, odd := new("snapshot.storage.k8s.io"), new("example.com")
	for _, test := range []struct {
		rule      string
		obj, want corev1.PersistentVolumeClaimSpec
	}{
		{"an older client's source is completed",
			corev1.PersistentVolumeClaimSpec{DataSource: &corev1.TypedLocalObjectReference{APIGroup: snapshot, Kind: "VolumeSnapshot", Name: "s"}},
			corev1.PersistentVolumeClaimSpec{
				DataSource:    &corev1.TypedLocalObjectReference{APIGroup: snapshot, Kind: "VolumeSnapshot", Name: "s"},
				DataSourceRef: &corev1.TypedObjectReference{APIGroup: snapshot, Kind: "VolumeSnapshot", Name: "s"},
			}},
		{"one that it cannot mean is dropped", corev1.PersistentVolumeClaimSpec{DataSource: &corev1.TypedLocalObjectReference{APIGroup: odd, Kind: "Odd", Name: "s"}}, corev1.PersistentVolumeClaimSpec{}},
		{"one in another namespace is behind a gate", corev1.PersistentVolumeClaimSpec{DataSourceRef: &corev1.TypedObjectReference{Kind: "PersistentVolumeClaim", Name: "s", Namespace: new("n")}}, corev1.PersistentVolumeClaimSpec{}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			c := &corev1.PersistentVolumeClaim{Spec: test.obj}
			types.Prepare(c)
			if diff := cmp.Diff(test.want, c.Spec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPrepareServiceUpdate(t *testing.T) {
	given := corev1.ServiceSpec{
		Type: "NodePort", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, IPFamilies: []corev1.IPFamily{"IPv4"},
		Ports: []corev1.ServicePort{{Name: "a", Port: 80, NodePort: 30000}}, ExternalTrafficPolicy: "Cluster",
	}
	for _, test := range []struct {
		rule      string
		obj, want corev1.ServiceSpec
	}{
		{"what was given stays given", corev1.ServiceSpec{Type: "NodePort", Ports: []corev1.ServicePort{{Name: "a", Port: 81}}},
			corev1.ServiceSpec{Type: "NodePort", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, Ports: []corev1.ServicePort{{Name: "a", Port: 81, NodePort: 30000}}}},
		{"a cluster's own service has no port on nodes",
			corev1.ServiceSpec{Type: "ClusterIP", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, Ports: given.Ports, ExternalTrafficPolicy: "Cluster"},
			corev1.ServiceSpec{Type: "ClusterIP", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, Ports: []corev1.ServicePort{{Name: "a", Port: 80}}}},
		{"a name has no address", corev1.ServiceSpec{Type: "ExternalName", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, IPFamilies: []corev1.IPFamily{"IPv4"}},
			corev1.ServiceSpec{Type: "ExternalName"}},
		{"what the update sets is left to validation", corev1.ServiceSpec{Type: "ClusterIP", ClusterIP: "10.0.0.1", Ports: []corev1.ServicePort{{Port: 1, NodePort: 30001}}},
			corev1.ServiceSpec{Type: "ClusterIP", ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}, Ports: []corev1.ServicePort{{Port: 1, NodePort: 30001}}}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s := (&corev1.Service{Spec: test.obj}).DeepCopy()
			types.PrepareUpdate(s, &corev1.Service{Spec: *given.DeepCopy()})
			if diff := cmp.Diff(test.want, s.Spec); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPrepareUpdateKeepsWhatIsInUse(t *testing.T) {
	stop := func() *corev1.Pod {
		return &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Lifecycle: &corev1.Lifecycle{StopSignal: new(corev1.SIGINT)}}}}}
	}
	pod := stop()
	types.PrepareUpdate(pod, &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{}}}})
	if pod.Spec.Containers[0].Lifecycle != nil {
		t.Error("a signal of a feature that is off stays")
	}
	pod = stop()
	types.PrepareUpdate(pod, stop())
	if pod.Spec.Containers[0].Lifecycle == nil {
		t.Error("a signal that was there before is dropped")
	}
	types.PrepareUpdate(nil, nil)
	types.PrepareUpdate(pod, &corev1.Service{})
}
