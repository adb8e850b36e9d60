package kubelet_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// answers is a program that answers HTTP on a port.
func answers(address string, h http.HandlerFunc) kubelet.Program {
	return func(ctx context.Context, c *kubelet.Container) error {
		l, err := c.Listen("tcp", address)
		if err != nil {
			return err
		}
		s := &http.Server{Handler: h, Protocols: &http.Protocols{}}
		s.Protocols.SetHTTP1(true)
		s.Protocols.SetUnencryptedHTTP2(true)
		go func() {
			<-ctx.Done()
			_ = s.Close()
		}()
		_ = s.Serve(l)
		return nil
	}
}

func httpGet(path string) corev1.ProbeHandler {
	return corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(80), Scheme: corev1.URISchemeHTTP}}
}

// probeEvery is a probe with the defaults of the API but for a period of one second.
func probeEvery(h corev1.ProbeHandler) *corev1.Probe {
	return &corev1.Probe{ProbeHandler: h, PeriodSeconds: 1, TimeoutSeconds: 1, SuccessThreshold: 1, FailureThreshold: 3}
}

func ready(pod *corev1.Pod) bool {
	return conditionOf(pod.Status, corev1.PodReady) == corev1.ConditionTrue
}

// told are the messages of the events of one reason.
func (w *world) told(pod, reason string) []string {
	var found []string
	for _, e := range w.events(pod) {
		if _, rest, ok := strings.Cut(e, reason+" "); ok && strings.HasPrefix(rest, "spec.") {
			_, message, _ := strings.Cut(rest, ": ")
			found = append(found, message)
		}
	}
	return found
}

func TestReadiness(t *testing.T) {
	inWorld(t, func(w *world) {
		var sick atomic.Bool
		var agent, from atomic.Value
		w.handle("web", answers(":80", func(rw http.ResponseWriter, r *http.Request) {
			agent.Store(r.UserAgent())
			from.Store(r.RemoteAddr[:strings.LastIndexByte(r.RemoteAddr, ':')])
			if sick.Load() {
				http.Error(rw, "no", http.StatusServiceUnavailable)
			}
		}))
		pod := podOf("web", "web")
		pod.Spec.Containers[0].ReadinessProbe = probeEvery(httpGet("/ready"))
		pod.Spec.Containers[0].ReadinessProbe.InitialDelaySeconds = 5
		if ready(w.run(pod)) {
			t.Error("ready before the first probe")
		}
		wait(4 * time.Second)
		if ready(w.pod("web")) {
			t.Error("ready before the initial delay")
		}
		wait(time.Second)
		if !ready(w.pod("web")) {
			t.Error("not ready after a good probe")
		}
		if agent.Load() != "kube-probe/1.37" || from.Load() != "192.168.49.2" {
			t.Errorf("probed by %v from %v, want the node", agent.Load(), from.Load())
		}
		sick.Store(true)
		wait(2 * time.Second)
		if !ready(w.pod("web")) {
			t.Error("not ready after two bad probes of three")
		}
		wait(time.Second)
		if now := w.pod("web"); ready(now) || now.Status.Phase != corev1.PodRunning || now.Status.ContainerStatuses[0].RestartCount != 0 {
			t.Errorf("after three bad probes: %+v", now.Status)
		}
		if diff := cmp.Diff([]string{"Readiness probe failed: HTTP probe failed with statuscode: 503 (x3)"}, w.told("web", "Unhealthy")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		sick.Store(false)
		wait(time.Second)
		if !ready(w.pod("web")) {
			t.Error("not ready again")
		}
	})
}

func TestLiveness(t *testing.T) {
	for _, tc := range []struct {
		policy   corev1.RestartPolicy
		restarts int32
		phase    corev1.PodPhase
	}{
		{corev1.RestartPolicyAlways, 1, corev1.PodRunning},
		{corev1.RestartPolicyOnFailure, 1, corev1.PodRunning},
		{corev1.RestartPolicyNever, 0, corev1.PodSucceeded},
	} {
		t.Run(string(tc.policy), func(t *testing.T) {
			inWorld(t, func(w *world) {
				var runs atomic.Int32
				w.images.add("web", kubelet.Image{Program: func(ctx context.Context, c *kubelet.Container) error {
					runs.Add(1)
					return untilTerminated(ctx, c)
				}, Exec: func(_ context.Context, c *kubelet.Container) error {
					fmt.Fprint(c.Stdout, "dead")
					if runs.Load() > 1 {
						return nil
					}
					return kubelet.ExitError{Code: 1}
				}})
				pod := podOf("web", "web")
				pod.Spec.RestartPolicy = tc.policy
				pod.Spec.Containers[0].LivenessProbe = probeEvery(corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"check"}}})
				pod.Spec.Containers[0].LivenessProbe.InitialDelaySeconds = 1
				w.run(pod)
				wait(10 * time.Second)
				got := w.pod("web").Status
				if got.ContainerStatuses[0].RestartCount != tc.restarts || got.Phase != tc.phase {
					t.Errorf("restarts %d, phase %s", got.ContainerStatuses[0].RestartCount, got.Phase)
				}
				if diff := cmp.Diff([]string{"Container web failed liveness probe, will be restarted"}, w.told("web", "Killing")); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff([]string{"Liveness probe failed: dead (x3)"}, w.told("web", "Unhealthy")); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestStartup: until the startup probe is good the others wait, and when it fails too often the container is restarted.
func TestStartup(t *testing.T) {
	inWorld(t, func(w *world) {
		var mu sync.Mutex // of asked
		var asked []string
		began := time.Now()
		w.images.add("web", kubelet.Image{Program: untilTerminated, Exec: func(_ context.Context, c *kubelet.Container) error {
			mu.Lock()
			defer mu.Unlock()
			if !slices.Contains(asked, c.Args[0]) {
				asked = append(asked, c.Args[0])
			}
			if c.Args[0] == "never" || c.Args[0] == "startup" && time.Since(began) < 4*time.Second {
				return kubelet.ExitError{Code: 1}
			}
			return nil
		}})
		exec := func(name string) corev1.ProbeHandler {
			return corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{name}}}
		}
		pod := podOf("web", "web")
		c := &pod.Spec.Containers[0]
		c.StartupProbe, c.ReadinessProbe, c.LivenessProbe = probeEvery(exec("startup")), probeEvery(exec("readiness")), probeEvery(exec("liveness"))
		c.StartupProbe.FailureThreshold = 10
		w.run(pod)
		wait(3 * time.Second)
		questions := func() int {
			mu.Lock()
			defer mu.Unlock()
			return len(asked)
		}
		if got := w.pod("web").Status.ContainerStatuses[0]; *got.Started || got.Ready || questions() != 1 {
			t.Errorf("before its startup: %+v, %d questions", got, questions())
		}
		wait(2 * time.Second)
		if got := w.pod("web").Status.ContainerStatuses[0]; !*got.Started || !got.Ready || questions() != 3 {
			t.Errorf("after its startup: %+v, %d questions", got, questions())
		}

		slow := podOf("slow", "web")
		slow.Spec.Containers[0].StartupProbe = probeEvery(exec("never"))
		w.run(slow)
		wait(3 * time.Second)
		if diff := cmp.Diff([]string{"Container web failed startup probe, will be restarted"}, w.told("slow", "Killing")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// TestProbeAnswers: what each kind of probe finds good, and what it says if not.
func TestProbeAnswers(t *testing.T) {
	health := func(status byte) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/grpc.health.v1.Health/Check" {
				rw.Header().Set("Grpc-Status", "12")
				rw.Header().Set("Grpc-Message", "unknown service")
				return
			}
			body, _ := io.ReadAll(r.Body)
			if r.ProtoMajor != 2 || len(body) < 5 || int(binary.BigEndian.Uint32(body[1:])) != len(body)-5 {
				rw.WriteHeader(http.StatusBadRequest)
				return
			}
			rw.Header().Set("Trailer", "Grpc-Status")
			rw.Header().Set("Content-Type", "application/grpc")
			_, _ = rw.Write([]byte{0, 0, 0, 0, 2, 8, status})
			rw.Header().Set("Grpc-Status", "0")
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(rw, r, to, http.StatusFound)
			}
		}
	}
	grpc := corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 80, Service: new("db")}}
	tcp := corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("web")}}
	for _, tc := range []struct {
		rule    string
		program kubelet.Program
		probe   corev1.ProbeHandler
		ready   bool
		says    string
	}{
		{"a port that accepts", answers(":80", nil), tcp, true, ""},
		{"a port that does not", untilTerminated, tcp, false, "Readiness probe failed: dial tcp 10.244.0.1:80: connect: connection refused"},
		{"a redirect on the same host is followed", answers(":80", redirect("/other")), httpGet("/"), true, ""},
		{"a redirect to another host is a warning", answers(":80", redirect("http://example.com/")), httpGet("/"), true, ""},
		{"nobody answers HTTP", untilTerminated, httpGet("/x"), false,
			`Readiness probe failed: Get "http://10.244.0.1:80/x": dial tcp 10.244.0.1:80: connect: connection refused`},
		{"a port without such a name", untilTerminated, corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("nope")}}, false,
			"Readiness probe errored and resulted in unknown state: couldn't find port by name nope"},
		{"a gRPC service that serves", answers(":80", health(1)), grpc, true, ""},
		{"a gRPC service that does not", answers(":80", health(2)), grpc, false, `Readiness probe failed: service unhealthy (responded with "NOT_SERVING")`},
		{"a server without a health service", answers(":80", http.NotFound), grpc, false,
			"Readiness probe failed: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): " +
				"unexpected HTTP status code received from server: 404 Not Found"},
		{"nobody answers gRPC", untilTerminated, grpc, false,
			`Readiness probe failed: timeout: failed to connect service "10.244.0.1:80" within 1s: context deadline exceeded`},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("web", tc.program)
				pod := podOf("web", "web")
				pod.Spec.Containers[0].Ports = []corev1.ContainerPort{{Name: "web", ContainerPort: 80, Protocol: corev1.ProtocolTCP}}
				pod.Spec.Containers[0].ReadinessProbe = probeEvery(tc.probe)
				pod.Spec.Containers[0].ReadinessProbe.InitialDelaySeconds = 1
				w.run(pod)
				wait(2500 * time.Millisecond)
				if got := ready(w.pod("web")); got != tc.ready {
					t.Errorf("ready %t", got)
				}
				said := strings.Join(w.told("web", "Unhealthy"), "; ")
				said, _, _ = strings.Cut(said, " (x")
				if said != tc.says {
					t.Errorf("said %q", said)
				}
			})
		})
	}
}

// TestExecProbeTimesOut: a command that takes too long is killed, and the probe has failed.
func TestExecProbeTimesOut(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("web", kubelet.Image{Program: untilTerminated, Exec: untilTerminated})
		pod := podOf("web", "web")
		pod.Spec.Containers[0].ReadinessProbe = probeEvery(corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"sleep", "9"}}})
		w.run(pod)
		wait(1500 * time.Millisecond)
		want := []string{`Readiness probe failed: command timed out: "sleep 9" timed out after 1s`}
		if diff := cmp.Diff(want, w.told("web", "Unhealthy")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// TestSidecarsStartup: what comes after a sidecar waits for its startup probe.
func TestSidecarsStartup(t *testing.T) {
	inWorld(t, func(w *world) {
		var up atomic.Bool
		w.images.add("proxy", kubelet.Image{Program: untilTerminated, Exec: func(context.Context, *kubelet.Container) error {
			if up.Load() {
				return nil
			}
			return kubelet.ExitError{Code: 1}
		}})
		w.handle("app", untilTerminated)
		pod := podOf("app", "app")
		pod.Spec.InitContainers = podOf("", "proxy").Spec.Containers
		pod.Spec.InitContainers[0].RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		pod.Spec.InitContainers[0].StartupProbe = probeEvery(corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"up"}}})
		pod.Spec.InitContainers[0].StartupProbe.FailureThreshold = 100
		w.run(pod)
		wait(3 * time.Second)
		if got := w.pod("app").Status; got.Phase != corev1.PodPending || got.ContainerStatuses[0].State.Waiting == nil {
			t.Errorf("before the sidecar is up: %s", got.Phase)
		}
		up.Store(true)
		wait(time.Second)
		if got := w.pod("app"); !ready(got) {
			t.Errorf("after: %+v", got.Status)
		}
	})
}
