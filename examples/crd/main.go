// Crd brings a kind of its own, Bakery, which package api/v1 declares with Go structs and comment markers, as the authors
// of operators do. Builders, defaults and checks of it are generated and work like those of a Pod, with a Pod inside.
//
//	go run ./examples/crd
//	go generate ./examples/crd/... # after a change in api/v1
//
// No cluster is involved: what follows is for whoever writes objects, before any server sees them.
package main

import (
	"context"
	"io"

	"github.com/podwright/podwright/examples/internal/steps"
)

func main() { steps.Main("crd", run) }

// run goes through the steps, which here do not depend on each other.
func run(_ context.Context, out io.Writer) error {
	to := func(do func(io.Writer) error) func() error { return func() error { return do(out) } }
	return steps.Walk(out, []steps.Step{
		steps.Do("a bakery as YAML", to(showYAML)),
		steps.Do("what it is when left out", to(showDefaults)),
		steps.Do("a bakery with five mistakes", to(showMistakes)),
		steps.Do("a misspelt descriptor", to(showMisspelt)),
		steps.Do("what two authors say, merged as a server does", to(showMerged)),
	})
}
