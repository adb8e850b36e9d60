package main

import (
	"testing"

	"github.com/podwright/podwright/examples/internal/anywhere/anywheretest"
)

// The tour prints the same every time, on a fake cluster and on any other.
func TestOutput(t *testing.T) { anywheretest.Output(t, "logs", run) }
