package sdk_test

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

func schemaResource(name string) schema.GroupResource { return schema.GroupResource{Resource: name} }

var podMeta = metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}

// pod returns a pod of namespace default as a server sends it.
func pod(name, version string, change ...func(*corev1.Pod)) *corev1.Pod {
	p := &corev1.Pod{TypeMeta: podMeta, ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: "default", ResourceVersion: version, UID: types.UID("uid-" + name),
	}}
	for _, f := range change {
		f(p)
	}
	return p
}

func labelled(labels map[string]string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Labels = labels }
}

func containers(names ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		for _, n := range names {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: n})
		}
	}
}

func phase(phase corev1.PodPhase) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Status.Phase = phase }
}

// ready makes a pod Running and Ready.
func ready(p *corev1.Pod) {
	p.Status.Phase = corev1.PodRunning
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
}

// pods returns a list, of which there is more if token is not empty.
func pods(version, token string, items ...*corev1.Pod) *corev1.PodList {
	list := &corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}}
	list.ResourceVersion, list.Continue = version, token
	for _, p := range items {
		list.Items = append(list.Items, *p)
	}
	return list
}

// event returns one event of a watch as the wire has it.
func event(eventType string, obj runtime.Object) string {
	data, err := json.Marshal(obj)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"type":%q,"object":%s}`, eventType, data)
}
