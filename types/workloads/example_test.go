package workloads_test

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/types"
	_ "github.com/podwright/podwright/types/workloads"
)

func Example() {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"}}
	types.Default(d)
	fmt.Println(*d.Spec.Replicas, d.Spec.Strategy.RollingUpdate.MaxSurge)
	fmt.Println(types.Validate(d))
	// Output:
	// 1 25%
	// Deployment "web" is invalid:
	//   spec.selector: Required value
	//   spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`
	//   spec.template.spec.containers: Required value
}
