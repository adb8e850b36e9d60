// Package types says what a Pod is: aliases of k8s.io/api, the API server's defaults, and its validation with the same
// paths and the same texts.
//
// What people get wrong: an object straight from a file is not what the API server validates. The server fills in
// defaults first, and some rules depend on them (an empty restartPolicy is no error, because by then it reads Always).
// So call [Default] before [Validate], as the server does, or use [Check], which does both on a copy.
//
//	obj, err := descriptor.Decode(data)
//	...
//	types.Default(obj)
//	if err := types.Validate(obj); err != nil {
//		return err // every problem at once, each with its path: spec.containers[0].image: Required value
//	}
//
// Every name here that k8s.io/api also has is an alias: types.Pod is corev1.Pod, so values pass to and from
// client-go without conversion.
//
// [Explain] prints what kubectl explain prints, for a path such as pod.spec.containers.
//
// What a server does to a new object, in its order: [Default] (defaults.go and default_*.go), [Admit] (the built-in admission
// plugins, pods only), [Prepare] (the registry's own changes), [Errors] (validate*.go) and [Warnings]. [UpdateErrors] is for
// updates. [Validate], [ValidateUpdate] and [Check] are the same for programs that want an error.
//
// # What it does not do
//
// Kinds of Kubernetes outside the core group have the defaults that their facts know (package facts), none that depend
// on other fields, and Validate checks their metadata only; so it does of endpoints, limit ranges and resource quotas. Other
// people's kinds are held against their facts, and have no rules beside them. Of services, what concerns load balancers and
// several IP families is not checked, of claims not that what they ask for stays. Feature gates have their v1.37 default
// values. Validation that needs other objects (does
// the service account exist, is the quota used up) is the server's.
package types

//go:generate go tool podwright types -config ../gen/core.yaml
