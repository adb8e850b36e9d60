package selector

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var podKind = core("Pod")

func TestParseFieldsErrors(t *testing.T) {
	tests := []struct {
		rule string
		kind schema.GroupVersionKind
		text string
		want string
	}{
		{"a field that pods do not have", podKind, "spec.nope=1", "field label not supported: spec.nope"},
		{"labels are no fields", podKind, "metadata.labels=1", "field label not supported: metadata.labels"},
		{"of several the first in order", podKind, "b=1,metadata.name=x,a=1", "field label not supported: a"},
		{"a controller has no spec.replicas", core("ReplicationController"), "spec.replicas=0", "field label not supported: spec.replicas"},
		{"a node has no namespace", core("Node"), "metadata.namespace=x", "field label not supported: metadata.namespace"},
		{"a namespace has none either", core("Namespace"), "metadata.namespace=x", "field label not supported: metadata.namespace"},
		{"a namespace's name has one label", core("Namespace"), "name=x", "field label not supported: name"},
		{"kinds without fields of their own", core("ConfigMap"), "data=x",
			`"data" is not a known field selector: only "metadata.name", "metadata.namespace"`},
		{"kinds of users", schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Bakery"}, "spec.size=1",
			`"spec.size" is not a known field selector: only "metadata.name", "metadata.namespace"`},
		{"no operator", podKind, "nonsense", "invalid selector: 'nonsense'; can't understand 'nonsense'"},
		{"in is no operator", podKind, "metadata.name in (p1)", "invalid selector: 'metadata.name in (p1)'; can't understand 'metadata.name in (p1)'"},
		{"an equals sign in a value", podKind, "a=b=c", "invalid field selector: unescaped character in value: 61"},
		{"an escape that is none", podKind, `a=b\x`, `invalid field selector: invalid escape sequence: \x`},
		{"blanks belong to the field", podKind, " metadata.name=x", "field label not supported:  metadata.name"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := ParseFields(tt.kind, tt.text)
			if err == nil {
				t.Fatalf("ParseFields(%q) took it", tt.text)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldsMatch(t *testing.T) {
	named := metav1.ObjectMeta{Name: "a", Namespace: "default"}
	pod := &corev1.Pod{
		ObjectMeta: named,
		Spec:       corev1.PodSpec{NodeName: "node-1", RestartPolicy: "Always", SchedulerName: "default-scheduler", ServiceAccountName: "robot"},
		Status:     corev1.PodStatus{Phase: "Running", PodIP: "10.0.0.1", PodIPs: []corev1.PodIP{{IP: "10.0.0.2"}}},
	}
	tests := []struct {
		rule string
		kind string
		obj  metav1.Object
		text string
		want bool
	}{
		{"nothing is asked", "Pod", pod, "", true},
		{"empty terms are none", "Pod", pod, ",,", true},
		{"the name", "Pod", pod, "metadata.name=a", true},
		{"another name", "Pod", pod, "metadata.name=b", false},
		{"not the name", "Pod", pod, "metadata.name!=a", false},
		{"the namespace", "Pod", pod, "metadata.namespace=default", true},
		{"all terms must hold", "Pod", pod, "metadata.name=a,status.phase=Pending", false},
		{"== is =", "Pod", pod, "status.phase==Running", true},
		{"the node", "Pod", pod, "spec.nodeName=node-1", true},
		{"the node by its old name", "Pod", pod, "spec.host=node-1", true},
		{"an empty value", "Pod", pod, "spec.nodeName=", false},
		{"restart policy, scheduler and service account", "Pod", pod,
			"spec.restartPolicy=Always,spec.schedulerName=default-scheduler,spec.serviceAccountName=robot", true},
		{"no host network is false", "Pod", pod, "spec.hostNetwork=false", true},
		{"the older address counts", "Pod", pod, "status.podIP=10.0.0.1", true},
		{"the newer one counts if it is alone", "Pod", &corev1.Pod{Status: corev1.PodStatus{PodIPs: pod.Status.PodIPs}}, "status.podIP=10.0.0.2", true},
		{"a list of addresses has no value", "Pod", pod, "status.podIPs=", true},
		{"an unset field is empty", "Pod", pod, "status.nominatedNodeName=,status.nominatedNodeName!=x", true},
		{"no replicas are 0", "ReplicationController", &corev1.ReplicationController{}, "status.replicas=0", true},
		{"a number is no other spelling of it", "ReplicationController", &corev1.ReplicationController{}, "status.replicas=00", false},
		{"a node that takes pods", "Node", &corev1.Node{}, "spec.unschedulable=false", true},
		{"a namespace's phase", "Namespace", &corev1.Namespace{Status: corev1.NamespaceStatus{Phase: "Active"}}, "status.phase=Active", true},
		{"a secret's type", "Secret", &corev1.Secret{Type: "Opaque"}, "type=Opaque", true},
		{"a service's address and type", "Service", &corev1.Service{Spec: corev1.ServiceSpec{ClusterIP: "None", Type: "ClusterIP"}},
			"spec.clusterIP=None,spec.type=ClusterIP", true},
		{"an event's object", "Event", &corev1.Event{InvolvedObject: corev1.ObjectReference{Kind: "Pod", Name: "a"}},
			"involvedObject.kind=Pod,involvedObject.name=a,involvedObject.uid=", true},
		{"all of an event's object", "Event", &corev1.Event{
			InvolvedObject: corev1.ObjectReference{Namespace: "n", UID: "u", APIVersion: "v1", ResourceVersion: "7", FieldPath: "spec"}, Reason: "Killing", Type: "Normal"},
			"involvedObject.namespace=n,involvedObject.uid=u,involvedObject.apiVersion=v1,involvedObject.resourceVersion=7," +
				"involvedObject.fieldPath=spec,involvedObject.kind=,reason=Killing,type=Normal", true},
		{"an event's source is the component", "Event", &corev1.Event{Source: corev1.EventSource{Component: "kubelet"}, ReportingController: "x"}, "source=kubelet", true},
		{"or else the controller", "Event", &corev1.Event{ReportingController: "x"}, "source=x", true},
		{"reportingComponent is the controller", "Event", &corev1.Event{Source: corev1.EventSource{Component: "kubelet"}, ReportingController: "x"}, "reportingComponent=x", true},
		{"a config map's name", "ConfigMap", &corev1.ConfigMap{ObjectMeta: named}, "metadata.name=a,metadata.namespace!=kube-system", true},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			s, err := ParseFields(core(tt.kind), tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Matches(tt.obj); got != tt.want {
				t.Errorf("%q matches: %t, want %t", tt.text, got, tt.want)
			}
		})
	}
}

func TestFieldSelectorText(t *testing.T) {
	tests := []struct {
		rule, text, want string
		empty            bool
	}{
		{"nothing", "", "", true},
		{"no terms", ",,", "", true},
		{"terms are sorted", "status.phase==Running,metadata.name!=a", "metadata.name!=a,status.phase=Running", false},
		{"old names become new ones", "spec.host=x", "spec.nodeName=x", false},
		{"values are escaped", `metadata.name=a\,b\=c\\`, `metadata.name=a\,b\=c\\`, false},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			s, err := ParseFields(podKind, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if s.String() != tt.want || s.IsEmpty() != tt.empty {
				t.Errorf("text %q, empty %t, want %q, %t", s, s.IsEmpty(), tt.want, tt.empty)
			}
		})
	}
	var zero FieldSelector
	if !zero.IsEmpty() || zero.String() != "" || !zero.Matches(&corev1.Pod{}) {
		t.Error("the zero FieldSelector is not everything")
	}
}

func TestFieldsRequireExactly(t *testing.T) {
	s, err := ParseFields(podKind, "spec.host=node-1,metadata.name!=a")
	if err != nil {
		t.Fatal(err)
	}
	if value, ok := s.RequiresExact("spec.nodeName"); value != "node-1" || !ok {
		t.Errorf("spec.nodeName: %q, %t", value, ok)
	}
	for _, field := range []string{"metadata.name", "status.phase"} {
		if value, ok := s.RequiresExact(field); ok {
			t.Errorf("%s: %q", field, value)
		}
	}
	if _, ok := (FieldSelector{}).RequiresExact("metadata.name"); ok {
		t.Error("the zero FieldSelector requires a name")
	}
}

// Whatever the terms, a pod matches as a map of its fields would match to upstream.
func TestFieldsMatchAsUpstream(t *testing.T) {
	fieldNames := slices.Sorted(maps.Keys(selectable[podKind].fields))
	values := []string{"", "a", "default", "node-1", "Running", "false", `a\,b`}
	randomly(t, func(t *testing.T, r *random) {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: r.pick(values), Namespace: r.pick(values)}}
		pod.Spec.NodeName, pod.Status.Phase = r.pick(values), corev1.PodPhase(r.pick(values))
		set := fields.Set{}
		for name, get := range selectable[podKind].fields {
			set[name] = get(pod)
		}
		var terms []string
		for range r.IntN(4) {
			terms = append(terms, r.pick(fieldNames)+r.pick([]string{"=", "==", "!="})+r.pick(values))
		}
		text := strings.Join(terms, ",")
		got, err := ParseFields(podKind, text)
		if err != nil {
			t.Fatalf("ParseFields(%q): %v", text, err)
		}
		want := fields.ParseSelectorOrDie(text)
		if got.Matches(pod) != want.Matches(set) || got.String() != want.String() {
			t.Errorf("ParseFields(%q) = %q, matches %t; want %q, %t", text, got, got.Matches(pod), want, want.Matches(set))
		}
	})
}
