package controllerruntime

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

// What is logged outside managers goes nowhere; without a logger controller-runtime complains after half a minute.
func init() {
	log.SetLogger(logr.Discard())
	klog.SetLogger(logr.Discard())
}

// patience is how long a test may take, outside of bubbles.
const patience = time.Minute

// world is a cluster, and one of the ways to it.
type world struct {
	*fake.Cluster
	t      *testing.T
	ctx    context.Context
	config *rest.Config
	log    logr.Logger
}

// ways are how a program reaches a cluster.
var ways = []struct {
	name   string
	config func(*testing.T, *fake.Cluster) *rest.Config
}{
	{"in memory", func(_ *testing.T, c *fake.Cluster) *rest.Config { return c.RESTConfig() }},
	{"over TCP", func(t *testing.T, c *fake.Cluster) *rest.Config {
		e, err := c.Serve(t.Context(), "127.0.0.1:0")
		ok(t, err)
		config, err := clientcmd.RESTConfigFromKubeConfig(e.Kubeconfig())
		ok(t, err)
		config.QPS = -1 // as controller-runtime's own GetConfig has it
		return config
	}},
}

// eachWay runs a test over each way to a cluster of its own.
func eachWay(t *testing.T, test func(*world), opts ...fake.Option) {
	t.Helper()
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			c := fake.RunT(t, opts...)
			test(&world{c, t, ctx, way.config(t, c), journal(t)})
		})
	}
}

// bubble runs a test in virtual time, in which there is one way to the cluster.
func bubble(t *testing.T, test func(*world), opts ...fake.Option) {
	t.Helper()
	t.Parallel()
	fake.Bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 48*time.Hour)
		defer cancel()
		c := fake.RunT(t, opts...)
		test(&world{c, t, ctx, c.RESTConfig(), journal(t)})
	})
}

// journal is a log that is shown if the test fails.
func journal(t *testing.T) logr.Logger {
	var mu sync.Mutex
	var text strings.Builder
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if t.Failed() {
			t.Log(text.String())
		}
	})
	return funcr.New(func(prefix, args string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(&text, prefix, args)
	}, funcr.Options{Verbosity: 1, LogTimestamp: true})
}

// manager makes a manager that listens nowhere. The names of its controllers need not be unique in the process.
func (w *world) manager(opts ctrl.Options) ctrl.Manager {
	w.t.Helper()
	opts.Metrics = metricsserver.Options{BindAddress: "0"}
	opts.Logger = w.log
	opts.Controller.SkipNameValidation = new(true)
	m, err := ctrl.NewManager(w.config, opts)
	ok(w.t, err)
	return m
}

// process is a manager that was started.
type process struct {
	ctrl.Manager
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // of Start, once ended
}

// start runs a manager until the test's end, when Start must answer nil, or until it is stopped. It returns once the
// caches are in step with the cluster, or the manager has ended: in a bubble a manager must not be stopped before (see the
// package's documentation).
func (w *world) start(m ctrl.Manager) *process {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	p := &process{Manager: m, cancel: cancel, ended: make(chan struct{})}
	begun := make(chan struct{})
	ok(w.t, m.Add(everywhere(func(ctx context.Context) error {
		close(begun)
		<-ctx.Done()
		return nil
	})))
	go func() {
		defer close(p.ended)
		p.err = m.Start(ctx)
	}()
	w.t.Cleanup(func() {
		if err := p.stop(); err != nil {
			w.t.Errorf("the manager ended with %v", err)
		}
	})
	select {
	case <-begun:
	case <-p.ended:
	}
	return p
}

// stop ends the manager and returns what Start answered, the first time.
func (p *process) stop() (err error) {
	p.cancel()
	<-p.ended
	err, p.err = p.err, nil
	return err
}

// everywhere is a part of a manager that runs whether it leads or not.
type everywhere func(context.Context) error

func (f everywhere) Start(ctx context.Context) error { return f(ctx) }

func (everywhere) NeedLeaderElection() bool { return false }

// client is a client without a cache.
func (w *world) client() client.WithWatch {
	w.t.Helper()
	c, err := client.NewWithWatch(w.config, client.Options{})
	ok(w.t, err)
	return c
}

// until waits for a state of the object, which it is then filled with.
func until[T sdk.Object](w *world, obj T, what string, holds func(T) bool) {
	w.t.Helper()
	ok(w.t, w.Client().Wait(w.ctx, obj, sdk.Func(func(o sdk.Object) (bool, error) { return holds(o.(T)), nil }).Named(what)))
}

// receive waits for a value.
func receive[T any](w *world, from <-chan T, what string) T {
	w.t.Helper()
	select {
	case v := <-from:
		return v
	case <-w.ctx.Done():
		w.t.Fatalf("waiting for %s: %v", what, w.ctx.Err())
		panic("unreachable")
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func refused(t *testing.T, err error, is func(error) bool) {
	t.Helper()
	if !is(err) {
		t.Errorf("error %v (%v) is of another kind", err, apierrors.ReasonForError(err))
	}
}

func text(n int32) string { return fmt.Sprint(n) }
