package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
)

// create runs the controller, and opens a view of all pods that there are: from then on, to know them takes no request.
func (t *tour) create() error {
	var err error
	if t.rc, err = controller().Build(); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.rc); err != nil {
		return err
	}
	if t.view, err = t.client.Select(t.ctx, selector.MustParse("example=replicas")); err != nil {
		return err
	}
	return t.show(3)
}

// open forwards to the controller, not to a pod. No port is given but the pod's: any local one that is free will do.
func (t *tour) open() error {
	var err error
	if t.forward, err = t.client.PortForward(t.ctx, t.rc, ":8080"); err != nil {
		return err
	}
	name, err := t.ask()
	if err != nil {
		return err
	}
	_, mine := t.view.Get(name)
	fmt.Fprintf(t.out, "a pod answers: %v, one of the controller's: %v\n", name == t.forward.Pod(), mine)
	return nil
}

// replace deletes the pod that the forward leads to. The forward is not opened anew here: it heals.
func (t *tour) replace() error {
	first, err := t.ask()
	if err != nil {
		return err
	}
	pod := &corev1.Pod{}
	if err := t.client.Get(t.ctx, first, pod); err != nil {
		return err
	}
	if err := t.client.Delete(t.ctx, pod, sdk.AndWait()); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.rc, sdk.Ready()); err != nil {
		return err
	}
	if err := t.show(3); err != nil {
		return err
	}
	second, err := t.ask()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "the same address is answered by another pod: %v\n", first != second)
	return nil
}

func (t *tour) scale() error {
	for _, n := range []int32{5, 2} {
		if err := t.client.Scale(t.ctx, t.rc, n); err != nil {
			return err
		}
		if err := t.client.Wait(t.ctx, t.rc, sdk.Ready()); err != nil {
			return err
		}
		if err := t.show(int(n)); err != nil {
			return err
		}
	}
	return nil
}

// release changes the label by which the controller knows a pod, as one does to look into a pod that misbehaves: the controller lets
// go of it and makes another, and the pod runs on.
func (t *tour) release() error {
	pod := t.view.List()[0].DeepCopy() // what is in a view is shared
	if err := t.client.Label(t.ctx, pod, map[string]string{"app": "under-repair"}, sdk.Overwrite()); err != nil {
		return err
	}
	if err := t.show(3); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.rc, sdk.Ready()); err != nil {
		return err
	}
	for _, text := range []string{"app=web", "app=under-repair", "app notin (web)", "example"} {
		fmt.Fprintf(t.out, "%s selects %d\n", text, len(t.view.Selecting(selector.MustParse(text))))
	}
	return nil
}

func (t *tour) delete() error {
	if err := t.client.Delete(t.ctx, t.rc); err != nil {
		return err
	}
	if err := t.show(1); err != nil {
		return err
	}
	free := t.view.List()[0]
	fmt.Fprintf(t.out, "it is %s, and nobody's: %v\n", free.Labels["app"], len(free.OwnerReferences) == 0)
	return t.client.DeleteAll(t.ctx, &corev1.PodList{}, sdk.SelectingText("app=under-repair"), sdk.AndWait())
}

// ask returns what the web server answers that the forward leads to: the name of its pod. The address is a local port's. Another
// program would use it by any client; this one need not leave the process for it.
func (t *tour) ask() (string, error) {
	if err := t.forward.Ready(t.ctx, "8080"); err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(t.ctx, http.MethodGet, "http://"+t.forward.Addr()+"/hostname", nil)
	if err != nil {
		return "", err
	}
	resp, err := t.forward.HTTPClient().Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	name, err := io.ReadAll(resp.Body)
	return string(name), err
}

// show waits until the view has n pods, none of which is about to end, and prints how many.
func (t *tour) show(n int) error {
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	for range t.view.Changes(ctx) {
		if t.settled(n) {
			fmt.Fprintf(t.out, "pods: %d\n", n)
			return nil
		}
	}
	return fmt.Errorf("there are %d pods, not %d: %w", t.view.Len(), n, context.Cause(ctx))
}

func (t *tour) settled(n int) bool {
	pods := t.view.List()
	for _, p := range pods {
		if p.DeletionTimestamp != nil {
			return false
		}
	}
	return len(pods) == n
}
