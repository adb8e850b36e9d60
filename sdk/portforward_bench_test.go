package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// served is a fake cluster on a real port, with a pod that answers each byte with a megabyte, or with itself if it is a p.
func served(b testing.TB) *rest.Config {
	c := fake.RunT(b)
	c.HandleFunc("flood", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080")
		if err != nil {
			return err
		}
		defer context.AfterFunc(ctx, func() { l.Close() })()
		var serving sync.WaitGroup
		defer serving.Wait()
		for {
			conn, err := l.Accept()
			if err != nil {
				return nil
			}
			serving.Go(func() {
				defer conn.Close()
				megabyte := make([]byte, 1<<20)
				for {
					if _, err := io.ReadFull(conn, megabyte[:1]); err != nil {
						return
					}
					answer := megabyte
					if megabyte[0] == 'p' {
						answer = megabyte[:1]
					}
					if _, err := conn.Write(answer); err != nil {
						return
					}
				}
			})
		}
	})
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "flood"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flood"}}}}
	if err := c.Client().Run(b.Context(), pod); err != nil {
		b.Fatal(err)
	}
	e, err := c.Serve(b.Context(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return e.RESTConfig()
}

// ours opens a forward with a local port, as theirs does.
func ours(b testing.TB, config *rest.Config) (addr string, end func()) {
	c, err := sdk.New(config)
	if err != nil {
		b.Fatal(err)
	}
	f, err := c.PortForward(b.Context(), sdk.PodNamed("flood"), ":8080")
	if err != nil {
		b.Fatal(err)
	}
	return f.Addr(), func() { f.Close() }
}

func theirs(b testing.TB, config *rest.Config) (addr string, end func()) {
	config = rest.CopyConfig(config)
	transport, upgrader, err := spdy.RoundTripperFor(config)
	if err != nil {
		b.Fatal(err)
	}
	url := kubernetes.NewForConfigOrDie(config).CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name("flood").SubResource("portforward").URL()
	websocket, err := portforward.NewSPDYOverWebsocketDialer(url, config)
	if err != nil {
		b.Fatal(err)
	}
	dialer := portforward.NewFallbackDialer(websocket, spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, url), func(error) bool { return true })
	stop, ready := make(chan struct{}), make(chan struct{})
	f, err := portforward.New(dialer, []string{"0:8080"}, stop, ready, io.Discard, io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- f.ForwardPorts() }()
	select {
	case <-ready:
	case err := <-done:
		b.Fatal(err)
	}
	ports, err := f.GetPorts()
	if err != nil {
		b.Fatal(err)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(ports[0].Local))), func() { close(stop); <-done }
}

// BenchmarkForward is beside client-go's own port-forward, over the same served cluster: what it takes to set one up, to make a connection
// through it with a byte there and back, and to read a megabyte over one connection and over a hundred at a time. The processor's time is that of
// both ends: client, server and program are one process.
func BenchmarkForward(b *testing.B) {
	config := served(b)
	for _, side := range []struct {
		name string
		open func(testing.TB, *rest.Config) (string, func())
	}{{"podwright", ours}, {"client-go", theirs}} {
		b.Run("setup/"+side.name, func(b *testing.B) {
			for b.Loop() {
				_, end := side.open(b, config)
				end()
			}
		})
		b.Run("connect/"+side.name, func(b *testing.B) {
			addr, end := side.open(b, config)
			defer end()
			measured(b, func() {
				conn, err := net.Dial("tcp", addr)
				if err != nil {
					b.Fatal(err)
				}
				defer conn.Close()
				if _, err := conn.Write([]byte("p")); err != nil {
					b.Error(err)
				}
				if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
					b.Error(err)
				}
			})
		})
		for _, conns := range []int{1, 100} {
			b.Run(fmt.Sprintf("throughput-%d/%s", conns, side.name), func(b *testing.B) {
				addr, end := side.open(b, config)
				defer end()
				b.SetBytes(1 << 20)
				var rounds sync.WaitGroup
				turns := make(chan struct{})
				for range conns {
					conn, err := net.Dial("tcp", addr)
					if err != nil {
						b.Fatal(err)
					}
					defer conn.Close()
					rounds.Go(func() {
						for range turns {
							if _, err := conn.Write([]byte("x")); err != nil {
								b.Error(err)
							}
							if _, err := io.CopyN(io.Discard, conn, 1<<20); err != nil {
								b.Error(err)
							}
						}
					})
				}
				measured(b, func() { turns <- struct{}{} })
				close(turns)
				rounds.Wait()
			})
		}
	}
}

// measured is the loop of a benchmark, with the processor's time.
func measured(b *testing.B, once func()) {
	before := cpuTime()
	for b.Loop() {
		once()
	}
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
}
