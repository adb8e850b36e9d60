package types_test

import (
	"fmt"

	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A kind of one's own that has a pod template holds it against the server's rules.
func ExamplePodTemplateErrors() {
	baker := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		NodeSelector: map[string]string{"beta.kubernetes.io/os": "linux"},
		Containers:   []corev1.Container{{Name: "oven"}},
	}}
	at := field.NewPath("spec", "baker")
	types.DefaultPodTemplate(baker)
	types.PreparePodTemplate(baker, nil)
	fmt.Println(types.PodTemplateErrors(at, baker).ToAggregate())
	fmt.Println(types.PodTemplateWarnings(at, baker))
	// Output:
	// spec.baker.spec.containers[0].image: Required value
	// [spec.baker.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead]
}
