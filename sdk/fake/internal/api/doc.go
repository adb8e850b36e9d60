// Package api carries out the verbs of the Kubernetes API on one cluster's store, without the wire: naming, admission,
// defaulting, validation, managed fields, conflicts, generations, graceful deletion and finalizers.
//
// The one thing people get wrong: what Get, List and the writes return is the stored object itself. Never write to
// it; the function given to [API.Update] gets a copy of its own.
//
// The HTTP face (package apiserver) and the components that stand beside it in a real cluster (controllers, scheduler,
// kubelet) call the same functions, so a pod made by a controller passes the same rules as one sent by kubectl.
package api
