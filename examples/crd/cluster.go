package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	v1 "github.com/podwright/podwright/examples/crd/api/v1"
	bake "github.com/podwright/podwright/examples/crd/api/v1/builders"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// definitions are the CRDs as controller-gen writes them: what a real cluster is given to know Bakeries by.
//
//go:embed config
var definitions embed.FS

var version = schema.GroupVersion{Group: "bakery.example.com", Version: "v1"}

// bakeries is a client of a cluster that has them.
type bakeries struct {
	*sdk.Client
	cluster *fake.Cluster
}

// openBakeries starts a cluster that serves Bakeries. Its client has them as Go structs.
func openBakeries() (*bakeries, error) {
	cluster, err := fake.Start(fake.CRDs(definitions))
	if err != nil {
		return nil, err
	}
	known := runtime.NewScheme()
	known.AddKnownTypes(version, &v1.Bakery{})
	metav1.AddToGroupVersion(known, version) // without it a client cannot read what a server says of a mistake
	client, err := sdk.New(cluster.RESTConfig(), sdk.WithScheme(known))
	if err != nil {
		return nil, err
	}
	return &bakeries{client, cluster}, nil
}

// showServed has the cluster take a bakery, which is what package v1 says and what the CRD says.
func showServed(ctx context.Context, b *bakeries, out io.Writer) error {
	bakery, err := corner().Build()
	if err != nil {
		return err
	}
	if err := b.Create(ctx, bakery); err != nil {
		return err
	}
	spec := bakery.Spec
	fmt.Fprintf(out, "%s/%s, generation %d: %d degrees, %d deliveries a day, %s is of %s\n", bakery.Namespace, bakery.Name, bakery.Generation,
		spec.Oven.Celsius, *spec.Deliveries, spec.Breads[0].Name, spec.Breads[0].Flour)
	return printTable(ctx, b.cluster, out)
}

// showRefused has it refuse one that no builder has looked at.
func showRefused(ctx context.Context, b *bakeries, out io.Writer) error {
	unchecked := bake.Bakery("hot", "500k").Oven(bake.Oven(bake.WoodOven().Wood("Willow")).Celsius(500)).Breads(bake.Bread("baguette")).Unchecked()
	err := b.Create(ctx, unchecked)
	if err == nil {
		return errors.New("the cluster took it")
	}
	fmt.Fprintln(out, err)
	return nil
}

// printTable prints what kubectl get bakeries prints, but for ages.
func printTable(ctx context.Context, c *fake.Cluster, out io.Writer) error {
	table, err := tableOf(ctx, c.RESTConfig())
	if err != nil {
		return err
	}
	for i, col := range table.ColumnDefinitions {
		if col.Name != "Age" {
			fmt.Fprintf(out, "%s: %v\n", col.Name, table.Rows[0].Cells[i])
		}
	}
	return nil
}

// tableOf asks as kubectl does: for the list as it should be printed.
func tableOf(ctx context.Context, config *rest.Config) (*metav1.Table, error) {
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	body, err := client.RESTClient().Get().AbsPath("/apis/bakery.example.com/v1/namespaces/default/bakeries").
		SetHeader("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1").DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	table := &metav1.Table{}
	return table, json.Unmarshal(body, table)
}
