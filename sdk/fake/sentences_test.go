package fake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
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
)

// lab is a cluster whose containers idle, and lend the test their processes: what it does with one is done inside the container.
type lab struct {
	*testing.T
	cluster *fake.Cluster

	mu      sync.Mutex
	inside  map[string]*fake.Process // by pod/container
	arrived chan string
}

func newLab(t *testing.T, opts ...fake.Option) *lab {
	l := &lab{T: t, cluster: fake.RunT(t, opts...), inside: map[string]*fake.Process{}, arrived: make(chan string, 64)}
	l.cluster.HandleFunc("idle", func(ctx context.Context, p *fake.Process) error {
		l.mu.Lock()
		l.inside[p.Pod().Name+"/"+p.Container().Name] = p
		l.mu.Unlock()
		l.arrived <- p.Container().Name
		<-ctx.Done()
		return nil
	})
	return l
}

// pod runs a pod of idle containers and waits until each of them is there.
func (l *lab) pod(name string, containers []string, change ...func(*corev1.Pod)) *corev1.Pod {
	l.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for _, c := range containers {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: c, Image: "idle"})
	}
	for _, f := range change {
		f(pod)
	}
	if err := l.cluster.Client().Run(l.Context(), pod); err != nil {
		l.Fatal(err)
	}
	for range containers {
		<-l.arrived
	}
	return pod
}

// in is a container, as pod/container.
func (l *lab) in(name string) *fake.Process {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inside[name]
}

func (l *lab) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// answering makes a container tell everybody who connects at which address it sees him.
func (l *lab) answering(p *fake.Process, address string) {
	l.Helper()
	listener, err := p.Listen("tcp", address)
	l.must(err)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // its container has ended
			}
			host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
			_, _ = io.WriteString(conn, host)
			_ = conn.Close()
		}
	}()
}

// asks connects from a container and returns what it hears.
func (l *lab) asks(p *fake.Process, address string) string {
	l.Helper()
	conn, err := p.DialContext(l.Context(), "tcp", address)
	l.must(err)
	defer conn.Close()
	text, err := io.ReadAll(conn)
	l.must(err)
	return string(text)
}

// TestSentences has one test for each sentence of the chapter on pods about what containers share and what they do not.
func TestSentences(t *testing.T) {
	two := []string{"a", "b"}
	for _, tc := range []struct {
		sentence string
		test     func(l *lab)
	}{
		{"the containers of a pod share one IP address and one host name", func(l *lab) {
			pod := l.pod("pod", two)
			for _, name := range []string{"pod/a", "pod/b"} {
				p := l.in(name)
				if p.Hostname() != "pod" || p.Pod().Status.PodIP != pod.Status.PodIP {
					l.Errorf("%s is %s at %s", name, p.Hostname(), p.Pod().Status.PodIP)
				}
			}
		}},
		{"they share the port space, so that two of them cannot listen on one port", func(l *lab) {
			l.pod("pod", two)
			_, err := l.in("pod/a").Listen("tcp", ":8080")
			l.must(err)
			if _, err := l.in("pod/b").Listen("tcp", ":8080"); !errors.Is(err, syscall.EADDRINUSE) {
				l.Errorf("the second one: %v", err)
			}
		}},
		{"containers of different pods never run into port conflicts", func(l *lab) {
			l.pod("one", []string{"a"})
			l.pod("two", []string{"a"})
			for _, name := range []string{"one/a", "two/a"} {
				_, err := l.in(name).Listen("tcp", ":8080")
				l.must(err)
			}
		}},
		{"they share the loopback interface: one reaches the other through localhost", func(l *lab) {
			l.pod("pod", two)
			l.answering(l.in("pod/a"), "127.0.0.1:9090")
			if got := l.asks(l.in("pod/b"), "localhost:9090"); got != "127.0.0.1" {
				l.Errorf("seen as %s", got)
			}
			l.pod("other", []string{"a"})
			if _, err := l.in("other/a").DialContext(l.Context(), "tcp", "localhost:9090"); !errors.Is(err, syscall.ECONNREFUSED) {
				l.Errorf("from another pod: %v", err)
			}
		}},
		{"they share IPC, and other pods do not", func(l *lab) {
			l.pod("pod", two)
			l.pod("other", []string{"a"})
			m, err := l.in("pod/a").IPC().Memory("/shared", 1)
			l.must(err)
			m.Update(func(b []byte) { b[0] = 7 })
			seen, err := l.in("pod/b").IPC().Memory("/shared", 0)
			l.must(err)
			seen.Update(func(b []byte) {
				if b[0] != 7 {
					l.Errorf("the neighbour sees %d", b[0])
				}
			})
			if _, err := l.in("other/a").IPC().Memory("/shared", 0); !errors.Is(err, syscall.ENOENT) {
				l.Errorf("another pod: %v", err)
			}
		}},
		{"the file system of each container is its own", func(l *lab) {
			l.pod("pod", two)
			l.must(l.in("pod/a").FS().WriteFile("/tmp/mine", []byte("x"), 0o644))
			if _, err := l.in("pod/b").FS().Stat("/tmp/mine"); !errors.Is(err, fs.ErrNotExist) {
				l.Errorf("the neighbour: %v", err)
			}
		}},
		{"a volume is how they share files", func(l *lab) {
			l.pod("pod", two, func(pod *corev1.Pod) {
				pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
				for i := range pod.Spec.Containers {
					pod.Spec.Containers[i].VolumeMounts = []corev1.VolumeMount{{Name: "v", MountPath: "/shared"}}
				}
			})
			l.must(l.in("pod/a").FS().WriteFile("/shared/page", []byte("x"), 0o644))
			if text, err := l.in("pod/b").FS().ReadFile("/shared/page"); err != nil || string(text) != "x" {
				l.Errorf("the neighbour: %q, %v", text, err)
			}
		}},
		{"processes of one container are not seen by the others, unless the pod says so", func(l *lab) {
			l.pod("pod", two)
			if seen := l.in("pod/a").Processes(); len(seen) != 1 || seen[0].PID != 1 {
				l.Errorf("sees %+v", seen)
			}
			l.pod("open", two, func(pod *corev1.Pod) { pod.Spec.ShareProcessNamespace = new(true) })
			if seen := l.in("open/a").Processes(); len(seen) != 3 || seen[0].PID != 1 || seen[0].Container != "" || seen[1].Container != "a" {
				l.Errorf("sees %+v", seen)
			}
		}},
		{"the network between pods is flat: each reaches each at its IP, on whatever node, and is seen at its own", func(l *lab) {
			one := l.pod("one", []string{"a"}, func(pod *corev1.Pod) { pod.Spec.NodeName = "minikube" })
			two := l.pod("two", []string{"a"}, func(pod *corev1.Pod) { pod.Spec.NodeName = "minikube-m02" })
			l.answering(l.in("one/a"), ":8080")
			l.answering(l.in("two/a"), ":8080")
			if got := l.asks(l.in("one/a"), two.Status.PodIP+":8080"); got != one.Status.PodIP {
				l.Errorf("two sees %s, want %s", got, one.Status.PodIP)
			}
			if got := l.asks(l.in("two/a"), one.Status.PodIP+":8080"); got != two.Status.PodIP {
				l.Errorf("one sees %s, want %s", got, two.Status.PodIP)
			}
		}},
		{"a container's log is asked for by its name if the pod has several", func(l *lab) {
			pod := l.pod("pod", two)
			fmt.Fprintln(l.in("pod/a").Stdout, "I am a")
			fmt.Fprintln(l.in("pod/b").Stdout, "I am b")
			if got := l.logs(pod, "b"); got != "I am b\n" {
				l.Errorf("log of b: %q", got)
			}
			_, err := l.cluster.Client().LogStream(l.Context(), pod, sdk.LogOptions{})
			if err == nil || !strings.Contains(err.Error(), "choose one of: [a b]") {
				l.Errorf("without a name: %v", err)
			}
		}},
		{"logs go with their pod", func(l *lab) {
			pod := l.pod("pod", []string{"a"})
			fmt.Fprintln(l.in("pod/a").Stdout, "hello")
			l.must(l.cluster.Client().Delete(l.Context(), pod))
			l.must(l.cluster.Client().Wait(l.Context(), pod, sdk.Deleted()))
			if _, err := l.cluster.Client().LogStream(l.Context(), pod, sdk.LogOptions{}); err == nil || !strings.Contains(err.Error(), "not found") {
				l.Errorf("afterwards: %v", err)
			}
		}},
		{"a log is rotated when it reaches 10 MB, and only what came since is shown", func(l *lab) {
			pod := l.pod("pod", []string{"a"})
			line := strings.Repeat("x", 1023)
			for range 10 << 10 {
				fmt.Fprintln(l.in("pod/a").Stdout, line)
			}
			fmt.Fprintln(l.in("pod/a").Stdout, "the newest")
			if got := l.logs(pod, "a"); len(got) > 1<<20 || !strings.HasSuffix(got, "the newest\n") {
				l.Errorf("%d bytes are shown", len(got))
			}
		}},
		{"a log is rotated every day", func(l *lab) {
			pod := l.pod("pod", []string{"a"})
			fmt.Fprintln(l.in("pod/a").Stdout, "yesterday")
			<-time.After(24*time.Hour + time.Minute)
			fmt.Fprintln(l.in("pod/a").Stdout, "today")
			if got := l.logs(pod, "a"); got != "today\n" {
				l.Errorf("log %q", got)
			}
		}},
		{"port 8888 of your machine is forwarded to port 8080 of the pod", func(l *lab) {
			pod := l.pod("pod", []string{"a"})
			listener, err := l.in("pod/a").Listen("tcp", ":8080")
			l.must(err)
			go func() {
				_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "to ", r.Host) }))
			}()
			forward, err := l.cluster.Client().PortForward(l.Context(), pod, "8888:8080")
			l.must(err)
			defer forward.Close()
			resp, err := forward.HTTPClient().Get("http://localhost:8888/")
			l.must(err)
			text, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || string(text) != "to localhost:8888" {
				l.Errorf("%q, %v", text, err)
			}
		}},
	} {
		t.Run(tc.sentence, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) { tc.test(newLab(t, fake.Nodes(2))) })
		})
	}
}

// logs is what kubectl logs shows.
func (l *lab) logs(pod *corev1.Pod, container string) string {
	l.Helper()
	r, err := l.cluster.Client().LogStream(l.Context(), pod, sdk.LogOptions{Container: container})
	l.must(err)
	defer r.Close()
	text, err := io.ReadAll(r)
	l.must(err)
	return string(text)
}
