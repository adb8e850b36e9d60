package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

const benchLines = 100_000

func benchPod() *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "talker"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "talker"}}}}
}

func benchLine(w io.Writer, i int) {
	fmt.Fprintf(w, "line %d of a program that has something to say about every request\n", i)
}

// servedTalker is a fake cluster on a real port, with a pod that has written all its lines and waits.
func servedTalker(tb testing.TB) *rest.Config {
	c := fake.RunT(tb, fake.LogRotation(1<<30, 0, 2))
	written := make(chan struct{})
	c.HandleFunc("talker", func(ctx context.Context, p *fake.Process) error {
		for i := range benchLines {
			benchLine(p.Stdout, i)
		}
		close(written)
		<-ctx.Done()
		return nil
	})
	if err := c.Client().Run(tb.Context(), benchPod()); err != nil {
		tb.Fatal(err)
	}
	<-written
	e, err := c.Serve(tb.Context(), "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return e.RESTConfig()
}

// canned is the same cluster without the cost of one: it answers each request for a log with the same lines, and one that follows with no more.
func canned(config *rest.Config, lines int) *rest.Config {
	var log bytes.Buffer
	at := time.Now().UTC()
	for i := range lines {
		log.WriteString(at.Add(time.Duration(i) * time.Millisecond).Format("2006-01-02T15:04:05.000000000Z "))
		benchLine(&log, i)
	}
	config = rest.CopyConfig(config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, "/log") {
				return next.RoundTrip(r)
			}
			var text io.Reader = bytes.NewReader(log.Bytes())
			if r.URL.Query().Has("follow") {
				text = io.MultiReader(text, untilDone{r.Context()})
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(text), Request: r}, nil
		})
	})
	return config
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type untilDone struct{ ctx context.Context }

func (u untilDone) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, u.ctx.Err()
}

// followOurs follows to the last line with Logs.
func followOurs(ctx context.Context, config *rest.Config) error {
	client, err := sdk.New(config)
	if err != nil {
		return err
	}
	n := 0
	for line, err := range client.Logs(ctx, sdk.PodNamed("talker"), sdk.LogOptions{Follow: true}) {
		if err != nil || line.Time.IsZero() {
			return fmt.Errorf("%v, %v", line, err)
		}
		if n++; n == benchLines {
			break
		}
	}
	return nil
}

// followTheirs does it with client-go's GetLogs, and with the Scanner and time.Parse that programs have around it.
func followTheirs(ctx context.Context, config *rest.Config) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	stream, err := client.CoreV1().Pods("default").GetLogs("talker", &corev1.PodLogOptions{Follow: true, Timestamps: true}).Stream(ctx)
	if err != nil {
		return err
	}
	defer stream.Close()
	n := 0
	for in := bufio.NewScanner(stream); n < benchLines && in.Scan(); n++ {
		stamp, text, _ := strings.Cut(in.Text(), " ")
		if _, err := time.Parse(time.RFC3339Nano, stamp); err != nil || text == "" {
			return fmt.Errorf("%q: %w", text, err)
		}
	}
	return nil
}

// BenchmarkFollow reads 100,000 lines with their times, of a container that waits after the last: over loopback, TLS and HTTP/2, where most
// of the time is that of the connection, and with only what the client itself does.
func BenchmarkFollow(b *testing.B) {
	config := servedTalker(b)
	for _, server := range []struct {
		name   string
		config *rest.Config
	}{{"served", config}, {"client", canned(config, benchLines)}} {
		for _, side := range []struct {
			name   string
			follow func(context.Context, *rest.Config) error
		}{{"podwright", followOurs}, {"client-go", followTheirs}} {
			b.Run(server.name+"/"+side.name, func(b *testing.B) {
				b.ReportAllocs()
				measured(b, func() {
					if err := side.follow(b.Context(), server.config); err != nil {
						b.Fatal(err)
					}
				})
				b.ReportMetric(benchLines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
			})
		}
	}
}

// BenchmarkFollowers has the logs of 100 pods followed that say nothing after their first line, and reports what memory each takes in the
// client, goroutines included.
func BenchmarkFollowers(b *testing.B) {
	const pods = 100
	c := fake.RunT(b)
	c.HandleFunc("talker", func(ctx context.Context, _ *fake.Process) error {
		<-ctx.Done()
		return nil
	})
	template := benchPod()
	template.Labels = map[string]string{"app": "talker"}
	rc := &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "talkers"}, Spec: corev1.ReplicationControllerSpec{
		Replicas: new(int32(pods)), Selector: template.Labels,
		Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: template.Labels}, Spec: template.Spec}}}
	if err := c.Client().Run(b.Context(), rc); err != nil {
		b.Fatal(err)
	}
	config := canned(c.RESTConfig(), 1)
	for _, side := range []struct {
		name   string
		follow func(ctx context.Context, line func()) error
	}{{"podwright", func(ctx context.Context, line func()) error {
		client, err := sdk.New(config)
		if err != nil {
			return err
		}
		for _, err := range client.Logs(ctx, sdk.SelectedText("app=talker"), sdk.LogOptions{Follow: true}) {
			if err == nil {
				line()
			}
		}
		return nil
	}}, {"client-go", func(ctx context.Context, line func()) error {
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return err
		}
		list, err := client.CoreV1().Pods("default").List(ctx, metav1.ListOptions{LabelSelector: "app=talker"})
		if err != nil {
			return err
		}
		var reading sync.WaitGroup
		for _, pod := range list.Items {
			stream, err := client.CoreV1().Pods("default").GetLogs(pod.Name, &corev1.PodLogOptions{Follow: true, Timestamps: true}).Stream(ctx)
			if err != nil {
				return err
			}
			reading.Go(func() {
				defer stream.Close()
				for in := bufio.NewScanner(stream); in.Scan(); {
					line()
				}
			})
		}
		reading.Wait()
		return nil
	}}} {
		b.Run(side.name, func(b *testing.B) {
			var bytes uint64
			for b.Loop() {
				before := inUse()
				ctx, cancel := context.WithCancel(b.Context())
				var lines, followed sync.WaitGroup
				lines.Add(pods)
				followed.Go(func() {
					if err := side.follow(ctx, lines.Done); err != nil {
						b.Error(err)
					}
				})
				lines.Wait()
				bytes += inUse() - before
				cancel()
				followed.Wait()
			}
			b.ReportMetric(float64(bytes)/float64(b.N)/pods, "B/follower")
		})
	}
}

// inUse is the memory of objects and stacks.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
