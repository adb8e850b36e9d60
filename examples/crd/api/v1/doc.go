// Package v1 is an API of a program's own, as the authors of operators have one: the kind [Bakery], declared with Go
// structs and comment markers, the same that controller-gen and Kubernetes itself read.
//
// The rest is generated from them (see podwright.yaml): package builders below this one makes Bakeries, zz_generated.facts.go
// says what a Bakery must be, so that types.Default and types.Check know it, and package schema says how two of them merge.
// DeepCopy is written by hand here; in larger APIs controller-gen generates it.
//
// What people get wrong: a default that is declared is not there until something fills it in. A Bakery straight from its
// builder has what it was told and no more; call types.Default where a program reads what may be left out.
//
// +groupName=bakery.example.com
package v1

//go:generate go tool podwright types -config podwright.yaml
//go:generate go tool podwright builders -config podwright.yaml
