// Crd brings a kind of its own, Bakery, which package api/v1 declares with Go structs and comment markers, as the authors
// of operators do. Builders, defaults and checks of it are generated and work like those of a Pod, with a Pod inside.
//
//	go run ./examples/crd
//	go generate ./examples/crd/... # after a change in api/v1
//
// Most of what follows is for whoever writes objects, before any server sees them. Then a cluster in this process is given the CRD in
// folder config, as a real one would be, and takes what the builders made.
package main

import (
	"context"
	"io"

	"github.com/podwright/podwright/examples/internal/steps"
)

func main() { steps.Main("crd", run) }

// run goes through the steps, which here do not depend on each other.
func run(ctx context.Context, out io.Writer) error {
	b, err := openBakeries()
	if err != nil {
		return err
	}
	defer b.cluster.Close()
	to := func(do func(io.Writer) error) func() error { return func() error { return do(out) } }
	return steps.Walk(out, []steps.Step{
		steps.Do("a bakery as YAML", to(showYAML)),
		steps.Do("what it is when left out", to(showDefaults)),
		steps.Do("a bakery with five mistakes", to(showMistakes)),
		steps.Do("a misspelt descriptor", to(showMisspelt)),
		steps.Do("what two authors say, merged as a server does", to(showMerged)),
		steps.Do("a bakery in a cluster", func() error { return showServed(ctx, b, out) }),
		steps.Do("a bakery that the cluster refuses", func() error { return showRefused(ctx, b, out) }),
	})
}
