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
// plugins, pods only), [Prepare] (the registry's own changes), [Errors] (validate*.go) and [Warnings]. For updates there are
// [PrepareUpdate], [UpdateErrors] and [UpdateWarnings], for those of a status [StatusUpdateErrors]. [Validate], [ValidateUpdate] and
// [Check] are the same for programs that want an error.
//
// A kind of one's own that holds a pod template or a claim has their rules in [PodTemplateErrors] and [ClaimErrors] and what stands
// beside them.
//
// # What it does not do
//
// Kinds of Kubernetes outside the core group have rules only in programs that import package types/workloads: each API group costs who
// links it about 100 kB. Without it they have the defaults that their facts know (package facts), none that depend
// on other fields, and Validate checks their metadata only. Other people's kinds are held against their facts, and have no rules beside
// them. An update may keep some mistakes of pod specs that older servers have let in; here it is told of them. What a server gives out (the
// addresses and node ports of services, a name for a limit range that has none) is not given out here, and not missed. The annotations that
// taints of nodes once were, and the configuration of kubelets by objects, are not looked at. Feature gates have their v1.37 default
// values. Validation that needs other objects (does
// the service account exist, is the quota used up) is the server's.
package types

//go:generate go tool podwright types -config ../gen/core.yaml
