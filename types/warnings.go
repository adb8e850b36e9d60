package types

import "k8s.io/apimachinery/pkg/runtime"

// Warnings returns the texts the API server would send as Warning headers with the answer to a create of obj, in its
// order; nil when there is nothing to warn of. They say what is allowed but probably a mistake.
func Warnings(obj runtime.Object) []string { return nil }
