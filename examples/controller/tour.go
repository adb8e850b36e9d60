package main

import (
	"context"
	"fmt"
	"io"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/examples/controller/officehours"
	"github.com/podwright/podwright/examples/internal/steps"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Hours for a tour that takes no whole day.
const (
	always = "00:00-24:00"
	never  = "00:00-00:00"
)

// tour is the way through the example. The steps build on each other.
type tour struct {
	ctx     context.Context
	out     io.Writer
	cluster *fake.Cluster
	client  *sdk.Client

	shop *corev1.ReplicationController
}

func newTour(ctx context.Context, out io.Writer) (*tour, error) {
	cluster, err := fake.Start()
	if err != nil {
		return nil, err
	}
	cluster.Handle("shop", fake.Pause)
	return &tour{ctx: ctx, out: out, cluster: cluster, client: cluster.Client()}, nil
}

func (t *tour) steps() []steps.Step {
	return []steps.Step{
		steps.Do("a shop that is always open", t.create),
		steps.Do("it closes: its pods go, and what it had is noted", t.close),
		steps.Do("somebody scales it while it is closed: that is for the morning", t.scale),
		steps.Do("it opens", t.open),
		steps.Do("it is deleted, and taken off the timetable first", t.delete),
	}
}

func (t *tour) create() error {
	pod := builders.Pod("").Label("app", "shop").Containers(builders.Container("shop", "shop:1"))
	var err error
	if t.shop, err = builders.ReplicationController("shop").Replicas(2).Template(pod).Annotation(officehours.Open, always).Build(); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.shop); err != nil {
		return err
	}
	return t.show("open")
}

func (t *tour) close() error {
	if err := t.setHours(never); err != nil {
		return err
	}
	return t.show("closed")
}

func (t *tour) scale() error {
	if err := t.client.Scale(t.ctx, t.shop, 3); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.shop, sdk.Func(func(obj sdk.Object) (bool, error) {
		rc := obj.(*corev1.ReplicationController)
		return *rc.Spec.Replicas == 0 && rc.Annotations[officehours.Staff] == "3", nil
	}).Named("the shop to be closed again")); err != nil {
		return err
	}
	return t.show("closed")
}

func (t *tour) open() error {
	if err := t.setHours(always); err != nil {
		return err
	}
	return t.show("open")
}

func (t *tour) delete() error {
	if err := t.client.Delete(t.ctx, t.shop); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.shop, sdk.Deleted()); err != nil {
		return err
	}
	table := &corev1.ConfigMap{}
	if err := t.client.Get(t.ctx, officehours.Timetable, table); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "replicationcontroller/shop is gone, and the timetable has %d entries\n", len(table.Data))
	return nil
}

func (t *tour) setHours(hours string) error {
	return t.client.Annotate(t.ctx, t.shop, map[string]string{officehours.Open: hours}, sdk.Overwrite())
}

// show waits until the timetable says so of the shop and it has as many pods as it wants, and prints both.
func (t *tour) show(entry string) error {
	table := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: officehours.Timetable}}
	if err := t.client.Wait(t.ctx, table, sdk.Exists()); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, table, sdk.Func(func(obj sdk.Object) (bool, error) {
		return obj.(*corev1.ConfigMap).Data["shop"] == entry, nil
	}).Named("the timetable to say "+entry)); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.shop, sdk.Ready()); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "timetable: shop is %s\n", table.Data["shop"])
	fmt.Fprintf(t.out, "replicationcontroller/shop: %d replicas, %d ready", *t.shop.Spec.Replicas, t.shop.Status.ReadyReplicas)
	if staff, closed := t.shop.Annotations[officehours.Staff]; closed {
		fmt.Fprintf(t.out, ", %s when it opens", staff)
	}
	fmt.Fprintln(t.out)
	return nil
}
