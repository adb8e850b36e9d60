package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/podwright/podwright/examples/controller/officehours"
	"github.com/podwright/podwright/examples/internal/steps/stepstest"
	"github.com/podwright/podwright/sdk"
)

// The tour prints the same every time.
func TestOutput(t *testing.T) { stepstest.Output(t, run) }

// With a kubeconfig the same operator works on the cluster that it names: here one that is served on loopback.
func TestKubeconfig(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tour, err := newTour(ctx, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer tour.cluster.Close()
	endpoint, err := tour.cluster.Serve(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, endpoint.Kubeconfig(), 0o600); err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(serving, file, io.Discard) }()
	if err := tour.create(); err != nil {
		t.Fatal(err)
	}
	if err := tour.client.Wait(ctx, tour.shop, sdk.Func(func(obj sdk.Object) (bool, error) {
		return slices.Contains(obj.GetFinalizers(), officehours.Finalizer), nil
	})); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
