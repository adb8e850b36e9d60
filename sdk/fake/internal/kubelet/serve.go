package kubelet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
)

// Logs returns the log of a container's current run, or of the one before. The error is an API error in the words of a
// real cluster: NotFound for the pod, BadRequest if there is no such log, for instance since the container waits for its image.
func (k *Kubelet) Logs(namespace, pod, container string, previous bool) (*podlog.Log, error) {
	w, err := k.workerOf(namespace, pod)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.slot(container)
	if s == nil {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("container %q in pod %q is not available", container, pod))
	}
	in, problem := w.logOf(s, previous)
	if in == nil {
		return nil, apierrors.NewBadRequest(fmt.Sprintf(problem, container, pod))
	}
	return in.log, nil
}

// logOf chooses the run whose log is meant, or says why there is none, as validateContainerLogStatus does. w.mu is held.
func (w *worker) logOf(s *slot, previous bool) (in *instance, problem string) {
	restarting := s.current != nil && s.waiting != nil // the last run is the previous one by now
	switch {
	case previous && restarting:
		return s.current, ""
	case previous && s.previous == nil:
		return nil, "previous terminated container %q in pod %q not found"
	case previous:
		return s.previous, ""
	case s.current != nil:
		return s.current, ""
	}
	switch reason := w.whyWaiting(s).Reason; reason {
	case reasonErrImagePull:
		return nil, "container %q in pod %q is waiting to start: image can't be pulled"
	case reasonImagePullBackOff:
		return nil, "container %q in pod %q is waiting to start: trying and failing to pull image"
	default:
		return nil, "container %q in pod %q is waiting to start: " + reason
	}
}

// workerOf finds the worker of a pod that is in the API.
func (k *Kubelet) workerOf(namespace, name string) (*worker, error) {
	obj, err := k.config.API.Get(registry.Pods, namespace, name)
	if err != nil {
		return nil, err
	}
	pod := obj.(*corev1.Pod)
	if pod.Spec.NodeName == "" {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("pod %s does not have a host assigned", name))
	}
	k.mu.Lock()
	w := k.workers[pod.UID]
	k.mu.Unlock()
	if w == nil {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("node %s has no pod %q", pod.Spec.NodeName, name))
	}
	return w, nil
}

// settleTime is how long after the start of a container DialPort waits for it to listen.
const settleTime = time.Second

// DialPort connects to a port of a pod as a port-forward does: to localhost, in the pod's network namespace. uid may be
// empty; if it is not, the pod of that name must have it. A port that nobody listens on is ECONNREFUSED, but a container
// that was just started is given a second to listen, since a pod is Running as soon as its programs are.
func (k *Kubelet) DialPort(ctx context.Context, namespace, pod string, uid types.UID, port uint16) (net.Conn, error) {
	w, err := k.workerOf(namespace, pod)
	if err != nil {
		return nil, err
	}
	if uid != "" && uid != w.uid {
		return nil, apierrors.NewNotFound(registry.Pods.GroupResource(), pod)
	}
	address := net.JoinHostPort("localhost", strconv.Itoa(int(port)))
	for {
		sandbox, news, settled := w.reach()
		if sandbox == nil {
			return nil, apierrors.NewBadRequest(fmt.Sprintf("pod %q has no network: it is %s", pod, w.latest().Status.Phase))
		}
		conn, err := sandbox.DialContext(ctx, "tcp4", address)
		if !errors.Is(err, syscall.ECONNREFUSED) || !pause(ctx, news, settled) {
			return conn, err
		}
	}
}

// reach returns the pod's network, a channel that is closed when one of its containers listens, and when its containers
// have had time to do so.
func (w *worker) reach() (sandbox *podnet.Namespace, news <-chan struct{}, settled time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listening == nil {
		w.listening = make(chan struct{})
	}
	for i := range w.slots {
		if s := &w.slots[i]; s.running() && s.current.started.After(settled) {
			settled = s.current.started
		}
	}
	return w.sandbox, w.listening, settled.Add(settleTime)
}

// listens brings the news that a container listens.
func (w *worker) listens() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listening != nil {
		close(w.listening)
		w.listening = nil
	}
}

// pause waits for news, and says whether there was any before the time came or ctx ended.
func pause(ctx context.Context, news <-chan struct{}, until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-news:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
