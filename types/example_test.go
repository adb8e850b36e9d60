package types_test

import (
	"fmt"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
)

func ExampleCheck() {
	obj, err := descriptor.Decode([]byte(`
apiVersion: v1
kind: Pod
metadata: {name: crane}
spec:
  containers:
  - name: Crane
    ports: [{containerPort: 70000}]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(types.Check(obj))
	// Output:
	// Pod "crane" is invalid:
	//   spec.containers[0].name: Invalid value: "Crane": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
	//   spec.containers[0].image: Required value
	//   spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive
}

func ExampleDefault() {
	pod := &types.Pod{Spec: types.PodSpec{Containers: []types.Container{{Name: "crane", Image: "heejeong/crane"}}}}
	types.Default(pod)
	fmt.Println(pod.Spec.RestartPolicy, pod.Spec.DNSPolicy, pod.Spec.Containers[0].ImagePullPolicy)
	// Output: Always ClusterFirst Always
}
