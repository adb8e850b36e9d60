package fake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// podOf has one container for each image, named a, b and so on.
func podOf(name string, policy corev1.RestartPolicy, images ...string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{RestartPolicy: policy}}
	for i, image := range images {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: string(rune('a' + i)), Image: image})
	}
	return p
}

// Whoever is in the middle of something when the cluster closes gets an error, and nothing of the cluster is left.
func TestCloseInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := fake.Start()
	if err != nil {
		t.Fatal(err)
	}
	stuck := make(chan struct{})
	c.HandleFunc("heejeong/crane", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080")
		if err != nil {
			return err
		}
		s := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(stuck)
			<-r.Context().Done()
		})}
		var serving sync.WaitGroup
		serving.Go(func() { _ = s.Serve(l) })
		<-ctx.Done()
		err = s.Close()
		serving.Wait()
		return err
	})
	client := kubernetes.NewForConfigOrDie(c.RESTConfig())
	pod := runningCrane(ctx, t, client)

	w, err := client.CoreV1().Pods("default").Watch(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	follow, err := client.CoreV1().Pods("default").GetLogs(pod.Name, &corev1.PodLogOptions{Follow: true}).Stream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	forward, err := c.Client().Forward(ctx, sdk.PodNamed(pod.Name), sdk.ForwardOptions{Ports: []string{":8080"}, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 1)
	go func() {
		resp, err := forward.HTTPClient().Get("http://" + forward.Addr())
		if err == nil {
			_ = resp.Body.Close()
		}
		asked <- err
	}()
	created := make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("c%d", i)}}
			if _, err := client.CoreV1().ConfigMaps("default").Create(ctx, cm, metav1.CreateOptions{}); err != nil {
				created <- err
				return
			}
		}
	}()
	<-stuck
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("second Close = %v", err)
	}
	for range w.ResultChan() { // ends, since the connection is broken
	}
	if _, err := io.ReadAll(follow); err == nil {
		t.Error("the follower took the end of the cluster for the end of the log")
	}
	if err := <-asked; err == nil {
		t.Error("the request through the forward got an answer")
	}
	<-forward.Done()
	if !errors.Is(forward.Err(), sdk.ErrLostConnection) {
		t.Errorf("the forward ended with %v", forward.Err())
	}
	if err := <-created; err == nil {
		t.Error("a create succeeded on a closed cluster")
	}
	if left := clusterGoroutines(t); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

// waitFor waits until a pod meets a condition.
func waitFor(t *testing.T, c *fake.Cluster, pod string, until sdk.Condition) *corev1.Pod {
	t.Helper()
	if err := c.Client().Wait(testContext(t), sdk.PodNamed(pod), until); err != nil {
		t.Fatal(err)
	}
	p := &corev1.Pod{}
	if err := c.Client().Get(t.Context(), pod, p); err != nil {
		t.Fatal(err)
	}
	return p
}

func logOf(t *testing.T, c *fake.Cluster, pod, container string) string {
	t.Helper()
	r, err := c.Client().LogStream(t.Context(), sdk.PodNamed(pod), sdk.LogOptions{Container: container})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	log, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}

// recorder is a test that can fail without failing ours.
type recorder struct {
	testing.TB
	cleanups []func()
	errors   []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Cleanup(f func())  { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }
func (r *recorder) Fatal(args ...any) { panic(fmt.Sprint(args...)) }
func (r *recorder) end() {
	for _, f := range r.cleanups {
		f()
	}
}

// A program that never returns is killed as far as Go can: its I/O fails, the pod goes, Close does not hang, and the
// test fails with its name.
func TestStray(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		t.Run(fmt.Sprintf("allowed=%v", allowed), func(t *testing.T) {
			var opts []fake.Option
			if allowed {
				opts = append(opts, fake.AllowStrays())
			}
			release := make(chan struct{})
			returned := make(chan struct{})
			broken := make(chan error, 1)
			r := &recorder{TB: t}
			c := fake.RunT(r, opts...)
			c.HandleFunc("stubborn", func(_ context.Context, p *fake.Process) error {
				defer close(returned)
				l, err := p.Listen("tcp", ":80")
				if err != nil {
					return err
				}
				_, err = l.Accept()
				_, writeErr := fmt.Fprintln(p.Stdout, "still here")
				broken <- errors.Join(err, writeErr)
				<-release
				return nil
			})
			if err := c.Client().Run(testContext(t), podOf("p", "", "stubborn")); err != nil {
				t.Fatal(err)
			}
			r.end()
			if err := <-broken; err == nil {
				t.Error("listener and log work after the kill")
			}
			got := strings.Join(r.errors, "\n")
			if allowed && got != "" {
				t.Errorf("the test failed: %s", got)
			}
			if !allowed && !strings.Contains(got, "default/p/a") {
				t.Errorf("errors = %q, want the container's name", got)
			}
			close(release)
			<-returned
		})
	}
}

func TestPanicIsExitCode2(t *testing.T) {
	c := fake.RunT(t)
	c.HandleFunc("panics", func(context.Context, *fake.Process) error { panic("oh no") })
	if err := c.Client().Create(t.Context(), podOf("p", corev1.RestartPolicyNever, "panics")); err != nil {
		t.Fatal(err)
	}
	p := waitFor(t, c, "p", sdk.Phase(corev1.PodFailed))
	if got := p.Status.ContainerStatuses[0].State.Terminated; got == nil || got.ExitCode != 2 || got.Reason != "Error" {
		t.Errorf("state = %+v, want exit code 2", got)
	}
	if log := logOf(t, c, "p", "a"); !strings.Contains(log, "panic: oh no") || !strings.Contains(log, "goroutine ") {
		t.Errorf("log = %q, want the trace", log)
	}
}

// The second Listen on a port of the pod fails, in whatever container, and its log says so.
func TestTwoContainersOnOnePort(t *testing.T) {
	c := fake.RunT(t)
	first := make(chan struct{})
	c.HandleFunc("first", func(ctx context.Context, p *fake.Process) error {
		if _, err := p.Listen("tcp", ":80"); err != nil {
			return err
		}
		close(first)
		<-ctx.Done()
		return nil
	})
	inUse := make(chan bool, 1)
	c.HandleFunc("second", func(ctx context.Context, p *fake.Process) error {
		<-first
		_, err := p.Listen("tcp", "127.0.0.1:80")
		inUse <- errors.Is(err, syscall.EADDRINUSE)
		return err
	})
	if err := c.Client().Create(t.Context(), podOf("p", corev1.RestartPolicyNever, "first", "second")); err != nil {
		t.Fatal(err)
	}
	if !<-inUse {
		t.Error("the second Listen did not fail with EADDRINUSE")
	}
	waitFor(t, c, "p", sdk.Func(func(o sdk.Object) (bool, error) {
		s := o.(*corev1.Pod).Status.ContainerStatuses
		return len(s) == 2 && s[1].State.Terminated != nil, nil
	}))
	if log := logOf(t, c, "p", "b"); !strings.Contains(log, "address already in use") {
		t.Errorf("log = %q", log)
	}
}
