// Podwright generates Go code about the types of a Kubernetes API, and about somebody's labels. It is a tool of a Go module:
//
//	go get -tool github.com/podwright/podwright/gen/cmd/podwright
//	go tool podwright builders -config podwright.yaml
//	go tool podwright selectors -config labels.yaml
//
// and is mostly run by go generate:
//
//	//go:generate go tool podwright builders -config podwright.yaml
//
// Run it without arguments for what it can do. It exits with 0 if all is well, 1 if not (with -check: if a file is not
// as it would be generated), 2 if it was called wrongly.
package main

import (
	"os"

	"github.com/podwright/podwright/gen"
)

func main() { os.Exit(gen.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
