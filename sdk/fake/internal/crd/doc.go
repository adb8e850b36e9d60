// Package crd knows CustomResourceDefinitions: which are valid, and how the objects of the kinds that they define are pruned, defaulted,
// validated, merged and shown. Package registry makes rows of them.
//
// The one thing people get wrong: a definition is compiled once, not at each request. [Compile] does all that can be done before an object
// is there; what it returns is never written to, and a changed definition is compiled anew.
//
//	errs := crd.Errors(definition)                  // what a server would say of it
//	crd.Establish(definition, others, now)          // its names are accepted, and it is served
//	kind, err := crd.Compile(definition)
//	errs = kind.Versions[0].Errors(object)
//
// It stands on the packages of k8s.io/apiextensions-apiserver that a small program can afford: types, structural schemas, pruning, the
// uniqueness of lists. The others there (defaulting, validation, CEL) link Prometheus and OpenTelemetry, 25 MB of it, so what they do
// is done here, over the libraries that they stand on: kube-openapi's validator, cel-go, and Kubernetes' CEL functions.
package crd
