package descriptor_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/types/descriptor"
)

const crane = `apiVersion: v1
kind: Pod
metadata:
  name: crane
spec:
  containers:
  - name: crane
    image: heejeong/crane
`

func ExampleDecode() {
	obj, err := descriptor.Decode([]byte(crane))
	if err != nil {
		fmt.Println(err)
		return
	}
	pod := obj.(*corev1.Pod)
	fmt.Println(pod.Name, pod.Spec.Containers[0].Image)
	// Output: crane heejeong/crane
}

func ExampleDecode_mistakes() {
	_, err := descriptor.Decode([]byte(`apiVersion: v1
kind: Pod
metadata:
  name: crane
spec:
  containers:
  - name: crane
    imagee: heejeong/crane
    ports:
    - containerPort: http
`), descriptor.File("crane.yaml"))
	fmt.Println(err)
	// Output:
	// crane.yaml:8: spec.containers[0].imagee: unknown field, did you mean "image"?
	// crane.yaml:10: spec.containers[0].ports[0].containerPort: wrong type: the string "http" where a number belongs
}

func ExampleDecodeAll() {
	objects, err := descriptor.DecodeAll([]byte(crane + `---
# A list counts as its items.
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}
- {apiVersion: v1, kind: Secret, metadata: {name: keys}}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, obj := range objects {
		fmt.Println(obj.GetObjectKind().GroupVersionKind().Kind, obj.GetName())
	}
	// Output:
	// Pod crane
	// ConfigMap settings
	// Secret keys
}

func ExampleDecodeInto() {
	pod, err := descriptor.DecodeInto[corev1.Pod]([]byte(crane))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Spec.Containers[0].Name)
	// Output: crane
}

// print shows what an encoder returned.
func print(text []byte, err error) {
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
}
