package descriptor

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// groups are the API groups known without [WithScheme]. Each costs every program that links the package its types.
var groups = []func(*runtime.Scheme) error{
	corev1.AddToScheme,
}
