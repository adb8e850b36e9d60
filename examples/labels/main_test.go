package main

import (
	"testing"

	"github.com/podwright/podwright/examples/internal/steps/stepstest"
)

// The tour prints the same every time.
func TestOutput(t *testing.T) { stepstest.Output(t, run) }
