// Package anywhere lets an example run on any cluster: on one that flags name, or else on a fake one in its own process.
//
// On either it has a namespace of its own, so that it meets nothing of others, and leaves nothing.
package anywhere

import (
	"context"
	"errors"
	"flag"
	"io"
	"time"

	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// The images of the examples: a fake cluster has them, and others pull them.
const (
	Agnhost = "registry.k8s.io/e2e-test-images/agnhost:2.53"
	Busybox = "registry.k8s.io/e2e-test-images/busybox:1.37.0-1"
)

// patience is how long an example may take on a cluster that has yet to pull its images, and end is how long it may take to leave nothing.
const (
	patience = 10 * time.Minute
	end      = 2 * time.Minute
)

// Place is where an example runs. Client works in a namespace that is the example's own.
type Place struct {
	Client *sdk.Client
	Config *rest.Config // for clients that are made otherwise
}

// A Tour goes through an example, and prints what happens.
type Tour func(ctx context.Context, out io.Writer, at Place) error

// Main is the main function of an example, which finds its cluster by kubectl's flags: -kubeconfig, -context and so on.
func Main(name string, tour Tour) {
	var o sdk.LoadOptions
	o.AddFlags(flag.CommandLine)
	flag.Parse()
	steps.MainWithin(patience, name, func(ctx context.Context, out io.Writer) error {
		return Run(ctx, out, name, o, tour)
	})
}

// Run takes the tour on the cluster that the options lead to, or on a fake one where they say nothing.
func Run(ctx context.Context, out io.Writer, name string, o sdk.LoadOptions, tour Tour) (err error) {
	if o.Kubeconfig != "" || o.Context != "" || o.Data != nil {
		config, _, err := o.Config()
		if err != nil {
			return err
		}
		client, err := sdk.New(config)
		if err != nil {
			return err
		}
		return visit(ctx, out, name, Place{client, config}, tour)
	}
	cluster, err := fake.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	images.Register(cluster, images.Agnhost, images.Busybox)
	return visit(ctx, out, name, Place{cluster.Client(), cluster.RESTConfig()}, tour)
}

// visit makes a namespace, takes the tour in it, and deletes it.
func visit(ctx context.Context, out io.Writer, name string, at Place, tour Tour) (err error) {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "podwright-" + name + "-"}}
	if err := at.Client.Create(ctx, ns); err != nil {
		return err
	}
	defer func() { // also when ctx has ended
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), end)
		defer cancel()
		err = errors.Join(err, at.Client.Delete(ctx, ns, sdk.AndWait()))
	}()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: ns.Name}}
	if err := at.Client.Wait(ctx, account, sdk.Exists()); err != nil { // until then, pods are refused
		return err
	}
	at.Client = at.Client.Namespace(ns.Name)
	return tour(ctx, out, at)
}
