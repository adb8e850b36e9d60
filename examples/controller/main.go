// Controller runs a small operator, written with controller-runtime, that keeps office hours: ReplicationControllers that
// are annotated with hours have pods only within them. Package officehours says how, and its tests are what this example
// is for: days pass in no time, and nothing has to be installed.
//
//	cd examples/controller            # it is a module of its own, since controller-runtime brings much along
//	go test ./...
//	go run .                          # a tour, on a cluster in this process
//	go run . -kubeconfig ~/.kube/config   # the operator, on that cluster, until it is interrupted
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/podwright/podwright/examples/controller/officehours"
	"github.com/podwright/podwright/examples/internal/steps"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/log"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func main() {
	set := flag.NewFlagSet("controller", flag.ExitOnError)
	kubeconfig := set.String("kubeconfig", "", "cluster to keep office hours on (default one in this process, for a tour)")
	_ = set.Parse(os.Args[1:]) // exits if it fails
	if *kubeconfig == "" {
		steps.Main("controller", run)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *kubeconfig, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "controller:", err)
		os.Exit(1)
	}
}

// serve runs the operator on the cluster of a kubeconfig file until ctx ends, and logs.
func serve(ctx context.Context, kubeconfig string, logs io.Writer) error {
	cluster, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	return operate(ctx, cluster, funcr.New(func(prefix, args string) { fmt.Fprintln(logs, prefix, args) }, funcr.Options{}))
}

// operate runs a manager with the operator until ctx ends.
func operate(ctx context.Context, cluster *rest.Config, logger logr.Logger) error {
	log.SetLogger(logger)
	m, err := ctrl.NewManager(cluster, ctrl.Options{
		Logger:  logger,
		Metrics: metricsserver.Options{BindAddress: "0"},
		// Names must be unique in a process, for the sake of metrics. Here one manager may come after another.
		Controller: config.Controller{SkipNameValidation: new(true)},
	})
	if err != nil {
		return err
	}
	if err := officehours.AddTo(m); err != nil {
		return err
	}
	return m.Start(ctx)
}

// run takes the tour, while the operator runs.
func run(ctx context.Context, out io.Writer) (err error) {
	t, err := newTour(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.cluster.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- operate(ctx, t.cluster.RESTConfig(), logr.Discard()) }()
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
	}()
	return steps.Walk(out, t.steps())
}
