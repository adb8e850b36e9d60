// Serve runs a cluster on loopback over TLS, for kubectl and for programs in any language.
//
//	go run ./examples/serve -kubeconfig /tmp/kubeconfig
//	kubectl --kubeconfig /tmp/kubeconfig get nodes
//
// It ends cleanly on SIGINT or SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/podwright/podwright/examples/internal/crane"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// flags are the command line.
type flags struct {
	addr, kubeconfig, token, without, unknown, draw string
	nodes                                           int
	apiOnly, rbac                                   bool
}

func parse(args []string, usage io.Writer) (*flags, error) {
	f := &flags{}
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	set.SetOutput(usage)
	set.StringVar(&f.addr, "addr", "127.0.0.1:0", "loopback address to listen on; port 0 takes a free one")
	set.StringVar(&f.kubeconfig, "kubeconfig", "podwright.kubeconfig", "file to write when the server answers, certificate and token in it")
	set.StringVar(&f.token, "token", "", "bearer token to ask for (default a random one)")
	set.IntVar(&f.nodes, "nodes", 1, "number of nodes")
	set.BoolVar(&f.apiOnly, "api-only", false, "run no controllers, scheduler or kubelets, but for what gives namespaces their service accounts")
	set.StringVar(&f.without, "without", "", "components to leave out, with commas: scheduler,kubelet,...")
	set.BoolVar(&f.rbac, "rbac", false, "refuse what no role allows to who asks; the token is the administrator's")
	set.StringVar(&f.unknown, "unknown-images", "refuse", "what to do with images that are not registered: refuse, or run them as pause")
	set.StringVar(&f.draw, "draw", "", "file to keep a picture of the cluster in, as SVG, for a browser")
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	if set.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q; see -help", set.Arg(0))
	}
	return f, nil
}

// options translates the command line for package fake.
func (f *flags) options() ([]fake.Option, error) {
	opts := []fake.Option{fake.Nodes(f.nodes), fake.AllowStrays()}
	if f.token != "" {
		opts = append(opts, fake.Token(f.token))
	}
	if f.apiOnly {
		opts = append(opts, fake.APIOnly())
	}
	if f.rbac {
		opts = append(opts, fake.RBAC())
	}
	if f.without != "" {
		opts = append(opts, fake.Without(strings.Split(f.without, ",")...))
	}
	switch f.unknown {
	case "refuse":
	case "pause":
		opts = append(opts, fake.UnknownImages(fake.Pause))
	default:
		return nil, fmt.Errorf("-unknown-images %q: give refuse or pause", f.unknown)
	}
	return opts, nil
}

// run serves a cluster until ctx ends.
func run(ctx context.Context, args []string, out, usage io.Writer) (err error) {
	f, err := parse(args, usage)
	if err != nil {
		return err
	}
	opts, err := f.options()
	if err != nil {
		return err
	}
	cluster, err := fake.Start(opts...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	images.Register(cluster, images.All()...)
	cluster.Handle(crane.Image, crane.Program)

	endpoint, err := cluster.Serve(ctx, f.addr)
	if err != nil {
		return err
	}
	if err := writeFile(f.kubeconfig, endpoint.Kubeconfig()); err != nil {
		return err
	}
	drawn, err := draw(ctx, cluster, f.draw)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `Podwright serves a cluster on %s

  kubectl --kubeconfig %s get nodes
  kubectl --kubeconfig %s create -f examples/quickstart/crane.json

The image %s is registered, and so are busybox, alpine, nginx, httpd, pause,
agnhost and kuard. Ctrl-C ends the cluster.
`, endpoint.URL(), f.kubeconfig, f.kubeconfig, crane.Image)
	<-ctx.Done()
	return <-drawn
}

// writeFile writes a file that only its owner can read, whole or not at all: who waits for it never sees a part.
func writeFile(name string, data []byte) (err error) {
	t, err := os.CreateTemp(filepath.Dir(name), ".kubeconfig-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(t.Name())
		}
	}()
	_, err = t.Write(data)
	if err = errors.Join(err, t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), name)
}
