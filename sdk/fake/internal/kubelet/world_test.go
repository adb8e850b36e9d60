package kubelet_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var byTest = api.WriteOptions{Manager: "test"}

// world is an API with a kubelet on one node, and nothing else.
type world struct {
	testing.TB
	api     *api.API
	network *podnet.Network
	kubelet *kubelet.Kubelet
	images  *images
	stop    func() // ends the kubelet and waits for it
}

// images is a registry of programs.
type images struct {
	mu    sync.Mutex
	known map[string]*kubelet.Image
	asked func() // called at each Lookup, in the middle of a worker's work
}

func (i *images) Lookup(image string) (*kubelet.Image, bool) {
	if i.asked != nil {
		i.asked()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	found, ok := i.known[image]
	return found, ok
}

func (i *images) add(name string, image kubelet.Image) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.known[name] = &image
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	network, err := podnet.New(podnet.Options{NodeBits: 16})
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{TB: tb, api: api.New(registry.NewTable(registry.Core...), 1), network: network, images: &images{known: map[string]*kubelet.Image{}}}
	w.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
	w.create(registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})
	w.create(registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "kube-root-ca.crt", Namespace: "default"}, Data: map[string]string{"ca.crt": "x"}})
	w.kubelet = kubelet.New(kubelet.Config{API: w.api, Network: network, Images: w.images, Nodes: kubelet.Nodes(1),
		Token: func(*corev1.Pod, *corev1.ServiceAccountTokenProjection) (string, error) { return "token", nil }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.kubelet.Run(ctx)
	}()
	w.stop = func() {
		cancel()
		<-done
		_ = w.network.Close()
	}
	return w
}

// inWorld runs a test in a bubble, where time passes at once and every goroutine has to end.
func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.stop()
		test(w)
	})
}

func (w *world) create(r *registry.Resource, obj store.Object) store.Object {
	w.Helper()
	created, err := w.api.Create(r, obj, byTest)
	if err != nil {
		w.Fatal(err)
	}
	return created
}

// handle registers a program.
func (w *world) handle(image string, program kubelet.Program) {
	w.images.add(image, kubelet.Image{Program: program})
}

// podOf is a pod on the node with one container for each program's image.
func podOf(name string, images ...string) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Spec: corev1.PodSpec{NodeName: "minikube"}}
	for _, image := range images {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: strings.NewReplacer("/", "-", ":", "-").Replace(image), Image: image})
	}
	return pod
}

// run creates a pod and waits until nothing moves any more.
func (w *world) run(pod *corev1.Pod) *corev1.Pod {
	w.Helper()
	name := pod.Name
	w.create(registry.Pods, pod)
	synctest.Wait()
	return w.pod(name)
}

// pod returns a pod as it stands in the API, nil if it does not.
func (w *world) pod(name string) *corev1.Pod {
	obj, err := w.api.Get(registry.Pods, "default", name)
	if err != nil {
		return nil
	}
	return obj.(*corev1.Pod)
}

// delete asks for the deletion of a pod, with the given seconds to stop or, if negative, those of its spec.
func (w *world) delete(name string, seconds int64) {
	w.Helper()
	var o metav1.DeleteOptions
	if seconds >= 0 {
		o.GracePeriodSeconds = &seconds
	}
	if _, _, err := w.api.Delete(registry.Pods, "default", name, o, byTest); err != nil {
		w.Fatal(err)
	}
}

// update changes a pod's spec or metadata.
func (w *world) update(name string, change func(*corev1.Pod)) {
	w.Helper()
	_, err := w.api.Update(registry.Pods, "default", name, byTest, func(obj store.Object) error {
		change(obj.(*corev1.Pod))
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// log returns what a container wrote.
func (w *world) log(pod, container string, previous bool) string {
	w.Helper()
	log, err := w.kubelet.Logs("default", pod, container, previous)
	if err != nil {
		w.Fatal(err)
	}
	r, err := log.Read(context.Background(), nil)
	if err != nil {
		w.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		w.Fatal(err)
	}
	_ = r.Close()
	return string(text)
}

// events are the events of a pod in the order of their creation: type, reason, message and, if more than one, the count.
func (w *world) events(pod string) []string {
	list, _ := w.api.List(registry.Events, "default")
	var of []*corev1.Event
	for _, obj := range list {
		if e := obj.(*corev1.Event); e.InvolvedObject.Name == pod {
			of = append(of, e)
		}
	}
	// Names end in the time of creation and a running number.
	var out []string
	for _, e := range of {
		text := e.Type + " " + e.Reason + " " + e.InvolvedObject.FieldPath + ": " + e.Message
		if e.Count > 1 {
			text += fmt.Sprintf(" (x%d)", e.Count)
		}
		out = append(out, text)
	}
	return out
}

// untilTerminated is a program that stops when it is asked to.
func untilTerminated(ctx context.Context, _ *kubelet.Container) error {
	<-ctx.Done()
	return nil
}

// exits is a program that ends at once with an exit code.
func exits(code int) kubelet.Program {
	return func(context.Context, *kubelet.Container) error {
		if code == 0 {
			return nil
		}
		return kubelet.ExitError{Code: code}
	}
}

// pass lets time go by on the bubble's clock.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
