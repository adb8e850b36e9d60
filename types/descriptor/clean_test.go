package descriptor_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/descriptor"
)

func TestClean(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"a pod as a cluster returns it", lines(
			"apiVersion: v1", "kind: Pod",
			"metadata:", "  annotations: {kubectl.kubernetes.io/last-applied-configuration: x}", "  creationTimestamp: 2026-01-01T00:00:00Z",
			"  generateName: crane-", "  generation: 1", "  labels: {app: crane}", "  managedFields: [{manager: m}]", "  name: crane-x",
			"  ownerReferences: [{apiVersion: v1, kind: ReplicationController, name: crane, uid: u}]", "  resourceVersion: '1'", "  uid: u",
			"spec:", "  containers:",
			"  - name: crane", "    resources: {}",
			"    volumeMounts:", "    - {mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access-abcde, readOnly: true}",
			"  - name: web", "    resources: {limits: {cpu: 1}}",
			"    volumeMounts:", "    - {mountPath: /data, name: data}",
			"    - {mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access-abcde, readOnly: true}",
			"  dnsPolicy: ClusterFirst", "  nodeName: minikube", "  preemptionPolicy: PreemptLowerPriority", "  priority: 0", "  securityContext: {}",
			"  serviceAccount: default", "  serviceAccountName: default",
			"  tolerations:",
			"  - {effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300}",
			"  - {effect: NoExecute, key: node.kubernetes.io/unreachable, operator: Exists, tolerationSeconds: 60}",
			"  volumes:", "  - {name: data, emptyDir: {}}", "  - {name: kube-api-access-abcde, projected: {sources: []}}",
			"status: {phase: Running}"),
			lines("apiVersion: v1", "kind: Pod",
				"metadata:", "  generateName: crane-", "  labels:", "    app: crane", "  name: crane-x",
				"spec:", "  containers:", "  - name: crane", "  - name: web", "    resources:", "      limits:", "        cpu: \"1\"",
				"    volumeMounts:", "    - mountPath: /data", "      name: data",
				"  dnsPolicy: ClusterFirst",
				"  tolerations:", "  - effect: NoExecute", "    key: node.kubernetes.io/unreachable", "    operator: Exists", "    tolerationSeconds: 60",
				"  volumes:", "  - emptyDir: {}", "    name: data", "")},
		{"a pod that was never on a server keeps its node", lines(
			"apiVersion: v1", "kind: Pod", "metadata: {name: a}", "spec: {nodeName: node-1, serviceAccountName: robot, serviceAccount: robot, preemptionPolicy: Never, containers: [{name: a}]}"),
			lines("apiVersion: v1", "kind: Pod", "metadata:", "  name: a", "spec:", "  containers:", "  - name: a", "  nodeName: node-1",
				"  preemptionPolicy: Never", "  serviceAccountName: robot", "")},
		{"the author's own volume of a similar name stays", lines(
			"apiVersion: v1", "kind: Pod", "spec: {containers: null, volumes: [{name: kube-api-access-a, emptyDir: {}}]}"),
			lines("apiVersion: v1", "kind: Pod", "spec:", "  volumes:", "  - emptyDir: {}", "    name: kube-api-access-a", "")},
		{"a replication controller keeps its template", lines(
			"apiVersion: v1", "kind: ReplicationController", "metadata: {name: crane, uid: u}",
			"spec: {replicas: 1, template: {metadata: {labels: {app: crane}}, spec: {containers: [{name: c}], securityContext: {}}}}", "status: {replicas: 1}"),
			lines("apiVersion: v1", "kind: ReplicationController", "metadata:", "  name: crane", "spec:", "  replicas: 1", "  template:",
				"    metadata:", "      labels:", "        app: crane", "    spec:", "      containers:", "      - name: c", "")},
		{"a namespace loses its finalizer and name label", lines(
			"apiVersion: v1", "kind: Namespace", "metadata: {name: web, labels: {kubernetes.io/metadata.name: web}}", "spec: {finalizers: [kubernetes]}", "status: {phase: Active}"),
			lines("apiVersion: v1", "kind: Namespace", "metadata:", "  name: web", "")},
		{"a service loses its address", lines(
			"apiVersion: v1", "kind: Service", "metadata: {name: s}", "spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 1}]}"),
			lines("apiVersion: v1", "kind: Service", "metadata:", "  name: s", "spec:", "  ports:", "  - port: 1", "    targetPort: 0", "")},
		{"a headless service stays headless", lines(
			"apiVersion: v1", "kind: Service", "metadata: {name: s}", "spec: {clusterIP: None, clusterIPs: [None]}"),
			lines("apiVersion: v1", "kind: Service", "metadata:", "  name: s", "spec:", "  clusterIP: None", "")},
		{"data of a config map is never touched", lines(
			"apiVersion: v1", "kind: ConfigMap", "metadata: {name: c}", "data: {status: '', metadata: ''}"),
			lines("apiVersion: v1", "data:", "  metadata: \"\"", "  status: \"\"", "kind: ConfigMap", "metadata:", "  name: c", "")},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			obj, err := descriptor.Decode([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			before := obj.DeepCopyObject()
			got, err := descriptor.Encode(obj, descriptor.Clean())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, obj.DeepCopyObject()); diff != "" {
				t.Errorf("the object changed:\n%s", diff)
			}
		})
	}
}
