package kubelet

import (
	"context"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
)

// Exec runs a command in a container of a pod until it ends, and returns its exit code. uid is as in [Kubelet.DialPort]. When
// ctx ends the command is killed. The error says that there is no such container that runs.
func (k *Kubelet) Exec(ctx context.Context, namespace, pod string, uid types.UID, container string, c Command) (code int, err error) {
	in, err := k.running(namespace, pod, uid, container)
	if err != nil {
		return 0, err
	}
	return int(in.exec(ctx, c)), nil
}

// Attach connects streams to the program of a container, until that or ctx ends. Output from before is in the log. Where the
// container has no standard input, or no terminal, what is given for it is not used. The
// container's terminal is that of [Kubelet.TerminalOf]. The error is as for Exec.
func (k *Kubelet) Attach(ctx context.Context, namespace, pod string, uid types.UID, container string, c Command) error {
	in, err := k.running(namespace, pod, uid, container)
	if err != nil {
		return err
	}
	in.console.attach(ctx, c, in.main.ended)
	return nil
}

// Ready says why a command in a container could not be run: the error of Exec.
func (k *Kubelet) Ready(namespace, pod string, uid types.UID, container string) error {
	_, err := k.running(namespace, pod, uid, container)
	return err
}

// TerminalOf returns the terminal of a container's own program, nil if it has none, to be resized by who attaches.
func (k *Kubelet) TerminalOf(namespace, pod string, uid types.UID, container string) (*Terminal, error) {
	in, err := k.running(namespace, pod, uid, container)
	if err != nil {
		return nil, err
	}
	return in.console.terminal, nil
}

// running finds the current run of a container.
func (k *Kubelet) running(namespace, pod string, uid types.UID, container string) (*instance, error) {
	w, err := k.workerOf(namespace, pod)
	if err != nil {
		return nil, err
	}
	if uid != "" && uid != w.uid {
		return nil, apierrors.NewNotFound(registry.Pods.GroupResource(), pod)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.slot(container)
	if s == nil || s.current == nil || s.current.isDead() {
		return nil, fmt.Errorf("container not found (%q)", container) // ExecInContainer's words
	}
	return s.current, nil
}
