package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/go-multierror"
	v1 "github.com/podwright/podwright/examples/crd/api/v1"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
)

// showYAML prints what was said, and nothing that was not: Build checks an object with its defaults, but returns it
// without.
func showYAML(out io.Writer) error {
	bakery, err := corner().Build()
	if err != nil {
		return err
	}
	text, err := descriptor.Encode(bakery)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// showDefaults fills in what the markers declare.
func showDefaults(out io.Writer) error {
	bakery, err := corner().Build()
	if err != nil {
		return err
	}
	types.Default(bakery)
	spec := bakery.Spec
	fmt.Fprintf(out, "deliveries a day: %d\n", *spec.Deliveries)
	fmt.Fprintf(out, "oven: %d degrees, at most %s kW\n", spec.Oven.Celsius, spec.Oven.Electric.Kilowatts)
	for _, bread := range spec.Breads {
		fmt.Fprintf(out, "%s: %s\n", bread.Name, bread.Flour)
	}
	return nil
}

func showMistakes(out io.Writer) error {
	_, err := wrong().Build()
	if err == nil {
		return errors.New("they were not found")
	}
	fmt.Fprintln(out, err)
	return nil
}

// showMisspelt reads a file of somebody who did not use the builders.
func showMisspelt(out io.Writer) error {
	_, err := descriptor.DecodeInto[v1.Bakery]([]byte(misspelt), descriptor.File("bakery.yaml"))
	if err == nil {
		return errors.New("it was accepted")
	}
	var all *multierror.Error
	if !errors.As(err, &all) {
		return err
	}
	for _, one := range all.Errors {
		fmt.Fprintln(out, one)
	}
	return nil
}

const misspelt = `apiVersion: bakery.example.com/v1
kind: Bakery
metadata:
  name: corner
spec:
  oven:
    electrik: {}
  till:
    spec:
      container: []
`
