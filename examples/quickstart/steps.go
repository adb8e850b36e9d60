package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

// create sends the descriptor and waits until the controller's pod is ready and says that it listens.
func (t *tour) create() error {
	var err error
	if t.rc, err = descriptor.DecodeInto[corev1.ReplicationController](craneJSON, descriptor.File("crane.json")); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.rc); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "replicationcontroller/%s created\n", t.rc.Name)
	// A pod without a readiness probe is ready when it runs, on a real node too. Its program may not listen yet.
	for _, err := range t.client.Logs(t.ctx, t.rc, sdk.LogOptions{Follow: true}) {
		return err // at the first line it does
	}
	return nil
}

func (t *tour) showPods() error {
	pods, err := t.pods()
	if err != nil {
		return err
	}
	if len(pods) != 1 {
		return fmt.Errorf("%d pods, want 1", len(pods))
	}
	t.pod = &pods[0]
	t.table(pods)
	fmt.Fprintf(t.out, "%s has IP %s on node %s (%s)\n", t.pod.Name, t.pod.Status.PodIP, t.pod.Spec.NodeName, t.pod.Status.HostIP)
	return nil
}

func (t *tour) showYAML() error {
	text, err := descriptor.Encode(t.pod, descriptor.Clean())
	if err != nil {
		return err
	}
	_, err = t.out.Write(text)
	return err
}

// forward opens a port-forward as `kubectl port-forward crane 8888:8080` does, and asks through it.
func (t *tour) forward() error {
	f, err := t.client.PortForward(t.ctx, t.pod, "8888:8080")
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(t.out, "Forwarding from %s -> 8080\n", f.Addr())
	resp, err := f.HTTPClient().Get("http://localhost:8888/")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(t.out, resp.Body)
	return err
}

func (t *tour) showLog() error {
	for line, err := range t.client.Logs(t.ctx, t.pod, sdk.LogOptions{Container: "crane"}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, line.Text)
	}
	return nil
}

func (t *tour) label() error {
	if err := t.client.Label(t.ctx, t.pod, map[string]string{"rel": "stable"}); err != nil {
		return err
	}
	for _, selector := range []string{"app=crane,rel=stable", "rel=beta"} {
		pods, err := t.pods(sdk.SelectingText(selector))
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s selects %d\n", selector, len(pods))
	}
	return nil
}

func (t *tour) scale() error {
	if err := t.client.Scale(t.ctx, t.rc, 3); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, t.rc, sdk.Ready()); err != nil {
		return err
	}
	pods, err := t.pods(sdk.SelectingText("app=crane"))
	if err != nil {
		return err
	}
	t.table(pods)
	return nil
}

// delete removes the controller, and with it its pods.
func (t *tour) delete() error {
	pods, err := t.pods()
	if err != nil {
		return err
	}
	if err := t.client.Delete(t.ctx, t.rc); err != nil {
		return err
	}
	for i := range pods {
		if err := t.client.Wait(t.ctx, &pods[i], sdk.Deleted()); err != nil {
			return err
		}
	}
	fmt.Fprintf(t.out, "replicationcontroller/%s and its %d pods are gone\n", t.rc.Name, len(pods))
	return nil
}

func (t *tour) pods(opts ...sdk.ListOption) ([]corev1.Pod, error) {
	list := &corev1.PodList{}
	err := t.client.List(t.ctx, list, opts...)
	return list.Items, err
}

// table prints pods as kubectl get pods does, without the age.
func (t *tour) table(pods []corev1.Pod) {
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	fmt.Fprintln(w, "NAME\tREADY\tSTATUS\tRESTARTS")
	for _, p := range pods {
		ready, restarts := 0, int32(0)
		for _, c := range p.Status.ContainerStatuses {
			if c.Ready {
				ready++
			}
			restarts += c.RestartCount
		}
		fmt.Fprintf(w, "%s\t%d/%d\t%s\t%d\n", p.Name, ready, len(p.Spec.Containers), p.Status.Phase, restarts)
	}
	_ = w.Flush()
}
