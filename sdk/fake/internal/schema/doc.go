// Package schema holds how the objects of the API merge: which lists are sets, which are keyed by which fields, what is
// replaced as a whole. Server-side apply and managed fields go by it.
//
// The one thing people get wrong: this is not the schema that clients ask for. That one is made by package openapi, from
// the same comment markers, and says what a field is for; this one says who may own it.
//
//	parser := typed.Parser{Schema: smdschema.Schema{Types: schema.Types}}
//	pod, err := parser.Type("io.k8s.api.core.v1.Pod").FromUnstructured(content)
//
// The types are laid out by the linker, so a program that applies nothing pays nothing. Kinds without a Go type have none
// here: they merge as the type __untyped_deduced_, which goes by what a value looks like.
package schema
