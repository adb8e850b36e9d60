// Crd brings a kind of its own, Bakery, which package api/v1 declares with Go structs and comment markers, as the authors
// of operators do. Builders, defaults and checks of it are generated and work like those of a Pod, with a Pod inside.
//
//	go run ./examples/crd
//	go generate ./examples/crd/... # after a change in api/v1
//
// No cluster is involved: what follows is for whoever writes objects, before any server sees them.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "crd:", err)
		os.Exit(1)
	}
}

// run goes through the steps, which do not depend on each other.
func run(out io.Writer) error {
	for i, step := range steps {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "== %d. %s\n", i+1, step.title)
		if err := step.do(out); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	return nil
}

var steps = []struct {
	title string
	do    func(out io.Writer) error
}{
	{"a bakery as YAML", showYAML},
	{"what it is when left out", showDefaults},
	{"a bakery with five mistakes", showMistakes},
	{"a misspelt descriptor", showMisspelt},
	{"what two authors say, merged as a server does", showMerged},
}
