package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

// runOrigin waits until the origin says that it listens: it is ready as soon as it runs.
func (t *tour) runOrigin() error {
	var err error
	if t.origin, err = originPod().Build(); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.origin); err != nil {
		return err
	}
	if err := t.follow(t.origin, "origin", "origin listens"); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "pod/%s has IP %s\n", t.origin.Name, t.origin.Status.PodIP)
	return nil
}

// runPod gives the puller the origin's IP.
func (t *tour) runPod() error {
	var err error
	if t.pod, err = webPod(fmt.Sprintf("http://%s:8080/", t.origin.Status.PodIP)).Build(); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.pod); err != nil {
		return err
	}
	if err := t.follow(t.pod, pullerName, "version 1 written, after 0 requests"); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "pod/%s has one IP, %s, and %d containers:\n", t.pod.Name, t.pod.Status.PodIP, len(t.pod.Status.ContainerStatuses))
	for _, c := range t.pod.Status.ContainerStatuses {
		fmt.Fprintf(t.out, "%s, started: %t, restarts: %d\n", c.Name, *c.Started, c.RestartCount)
	}
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

func (t *tour) ask() error { return t.request(t.pod, http.MethodGet, "") }

// publish puts new content to the origin, and asks the server for it once the puller has written it.
func (t *tour) publish() error {
	if err := t.request(t.origin, http.MethodPut, "Soup of the day: pumpkin.\n"); err != nil {
		return err
	}
	if err := t.follow(t.pod, pullerName, "version 2 written, after 1 requests"); err != nil {
		return err
	}
	return t.ask()
}

// showLogs names the container, as a pod of several wants: each has a log of its own.
func (t *tour) showLogs() error {
	for _, container := range []string{serverName, pullerName} {
		for line, err := range t.client.Logs(t.ctx, t.pod, sdk.LogOptions{Container: container}) {
			if err != nil {
				return err
			}
			fmt.Fprintf(t.out, "[%s] %s\n", line.Container, line.Text)
		}
	}
	return nil
}

// knock runs a pod that asks for the server's inner port at the web pod's IP, in vain.
func (t *tour) knock() error {
	stranger, err := strangerPod(t.pod.Status.PodIP).Build()
	if err != nil {
		return err
	}
	if err := t.client.Create(t.ctx, stranger); err != nil {
		return err
	}
	if err := t.client.Wait(t.ctx, stranger, sdk.Phase(corev1.PodSucceeded)); err != nil {
		return err
	}
	for line, err := range t.client.Logs(t.ctx, stranger, sdk.LogOptions{}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, line.Text)
	}
	return nil
}

// request talks to port 8080 of a pod through a port-forward, and prints the answer.
func (t *tour) request(pod *corev1.Pod, method, body string) error {
	f, err := t.client.PortForward(t.ctx, pod)
	if err != nil {
		return err
	}
	defer f.Close()
	req, err := http.NewRequestWithContext(t.ctx, method, "http://pod:8080/", strings.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := f.HTTPClient().Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(t.out, resp.Body)
	return err
}

// follow reads a container's log until it has a line.
func (t *tour) follow(pod *corev1.Pod, container, want string) error {
	for line, err := range t.client.Logs(t.ctx, pod, sdk.LogOptions{Container: container, Follow: true}) {
		if err != nil {
			return err
		}
		if line.Text == want {
			return nil
		}
	}
	return errors.New("the log of " + container + " ended without the line: " + want)
}
