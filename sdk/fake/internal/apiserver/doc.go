// Package apiserver is the HTTP face of the fake: it turns requests into the verbs of package api and answers in JSON,
// YAML, protobuf or as a table, as a Kubernetes API server of v1.37 does.
//
// The one thing people get wrong: nothing here decides what is allowed. Rules of a kind stand in package registry,
// rules of all kinds in package api; this package knows only the wire.
//
// A request passes route.go (which resource, which verb), then the file of its verb: get.go, list.go, watch.go,
// create.go, update.go, patch.go, delete.go, or that of its subresource. decode.go reads bodies, negotiate.go and
// encode.go write answers, encoding.go what is encoded once for all who read it, errors.go words what went wrong.
package apiserver
