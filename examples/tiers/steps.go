package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

func (t *tour) runDatabase() error {
	var err error
	if t.database, err = t.run(databaseController()); err != nil {
		return err
	}
	return t.table()
}

// runFrontend finds the database's pod by its labels, as whoever does not know its name must.
func (t *tour) runFrontend() error {
	databases, err := t.pods("tier=database")
	if err != nil {
		return err
	}
	if len(databases) != 1 {
		return fmt.Errorf("%d databases, want 1", len(databases))
	}
	if t.frontend, err = t.run(frontendController(databases[0].Status.PodIP)); err != nil {
		return err
	}
	return t.table()
}

func (t *tour) showYAML() error {
	text, err := descriptor.Encode(t.frontend, descriptor.Clean())
	if err != nil {
		return err
	}
	_, err = t.out.Write(text)
	return err
}

func (t *tour) scale() error {
	if err := t.client.Scale(t.ctx, t.frontend, 3); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.frontend, sdk.Ready()); err != nil {
		return err
	}
	return t.table()
}

func (t *tour) askAll() error {
	frontends, err := t.pods("tier=frontend")
	if err != nil {
		return err
	}
	for i := range frontends {
		if err := t.visit(&frontends[i]); err != nil {
			return err
		}
	}
	return nil
}

// visit asks one front end, through a port-forward, as soon as it listens.
func (t *tour) visit(pod *corev1.Pod) error {
	if err := t.firstLine(pod); err != nil {
		return err
	}
	f, err := t.client.PortForward(t.ctx, pod)
	if err != nil {
		return err
	}
	defer f.Close()
	answer, err := ask(t.ctx, f.HTTPClient(), "http://pod:8080/")
	if err != nil {
		return err
	}
	_, err = t.out.Write(answer)
	return err
}

func (t *tour) deleteFrontend() error {
	frontends, err := t.pods("tier=frontend")
	if err != nil {
		return err
	}
	if err := t.client.Delete(t.ctx, t.frontend); err != nil {
		return err
	}
	for i := range frontends {
		if err := t.client.Wait(t.ctx, &frontends[i], sdk.Deleted()); err != nil {
			return err
		}
	}
	return t.table()
}

func (t *tour) renew() error {
	if err := t.runFrontend(); err != nil {
		return err
	}
	return t.askAll()
}

// run creates a controller, and waits until its pod is ready and says that it listens.
func (t *tour) run(b builders.ReplicationControllerBuilder) (*corev1.ReplicationController, error) {
	rc, err := b.Build()
	if err != nil {
		return nil, err
	}
	if err := t.client.Run(t.ctx, rc); err != nil {
		return nil, err
	}
	return rc, t.firstLine(rc)
}

// firstLine waits for the first line of a log, which the programs here write when they listen.
func (t *tour) firstLine(target sdk.Target) error {
	for _, err := range t.client.Logs(t.ctx, target, sdk.LogOptions{Follow: true}) {
		return err
	}
	return errors.New("the log ended before its first line")
}

func (t *tour) pods(selector string) ([]corev1.Pod, error) {
	list := &corev1.PodList{}
	err := t.client.List(t.ctx, list, sdk.SelectingText(selector))
	return list.Items, err
}

// table prints the pods of both tiers, and where they run.
func (t *tour) table() error {
	pods, err := t.pods("app=guestbook")
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	fmt.Fprintln(w, "NAME\tTIER\tSTATUS\tIP\tNODE")
	for _, p := range pods {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Name, p.Labels[tierLabel], p.Status.Phase, p.Status.PodIP, p.Spec.NodeName)
	}
	return w.Flush()
}
