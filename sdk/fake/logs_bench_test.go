package fake_test

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
)

// logLine is what the program of these benchmarks prints, a hundred bytes at a time.
var logLine = fmt.Appendf(nil, "%99s\n", "the rest of this line is here so that it is as long as lines of logs usually are")

// printer is a pod whose program prints as many lines as it is told to, each in a Write of its own.
type printer struct {
	testing.TB
	client  kubernetes.Interface
	orders  chan int
	printed chan struct{}
}

func newPrinter(tb testing.TB) *printer {
	tb.Helper()
	c := fake.RunT(tb)
	p := &printer{TB: tb, client: clientFor(tb, c.RESTConfig(), runtime.ContentTypeJSON), orders: make(chan int), printed: make(chan struct{})}
	c.HandleFunc("printer", func(ctx context.Context, process *fake.Process) error {
		for {
			select {
			case n := <-p.orders:
				for range n {
					if _, err := process.Stdout.Write(logLine); err != nil {
						return err
					}
				}
				p.printed <- struct{}{}
			case <-ctx.Done():
				return nil
			}
		}
	})
	if err := c.Client().Run(tb.Context(), podOf("printer", "", "printer")); err != nil {
		tb.Fatal(err)
	}
	return p
}

// print prints n lines and returns when the program has.
func (p *printer) print(n int) {
	p.orders <- n
	<-p.printed
}

// open reads the log as kubectl logs does.
func (p *printer) open(o corev1.PodLogOptions) io.ReadCloser {
	p.Helper()
	body, err := p.client.CoreV1().Pods(metav1.NamespaceDefault).GetLogs("printer", &o).Stream(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	return body
}

// follow has n clients follow the log. The function that it returns waits until each of them has got so many bytes more.
func (p *printer) follow(n int) func(bytes int64) {
	p.Helper()
	var running, seen sync.WaitGroup
	wants := make([]chan int64, n)
	for i := range wants {
		body := p.open(corev1.PodLogOptions{Follow: true})
		p.Cleanup(func() { _ = body.Close() })
		wants[i] = make(chan int64)
		running.Go(func() {
			buffer := make([]byte, 32<<10)
			for want := range wants[i] {
				for want > 0 {
					n, err := body.Read(buffer[:min(want, int64(len(buffer)))])
					if err != nil {
						p.Error(err)
						return
					}
					want -= int64(n)
				}
				seen.Done()
			}
		})
	}
	p.Cleanup(func() {
		for _, c := range wants {
			close(c)
		}
		running.Wait()
	})
	return func(bytes int64) {
		seen.Add(n)
		for _, c := range wants {
			c <- bytes
		}
		seen.Wait()
	}
}

// BenchmarkLogWrite is a program that prints a thousand lines, and all who follow its log get them: through the API, as kubectl logs -f
// does. Lines and bytes are those that are written; those that all followers get are so many times more.
func BenchmarkLogWrite(b *testing.B) {
	const lines = 1000
	for _, followers := range []int{0, 1, 1000} {
		b.Run(fmt.Sprint("followers=", followers), func(b *testing.B) {
			p := newPrinter(b)
			arrived := p.follow(followers)
			b.ReportAllocs()
			for b.Loop() {
				p.print(lines)
				arrived(int64(lines * len(logLine)))
			}
			each := float64(lines) * float64(b.N)
			seconds := b.Elapsed().Seconds()
			b.ReportMetric(each/seconds, "lines/s")
			b.ReportMetric(each*float64(len(logLine))/seconds/1e9, "GB/s")
			if followers > 0 {
				b.ReportMetric(each*float64(followers)*float64(len(logLine))/seconds/1e9, "GB/s-got")
			}
		})
	}
}

// BenchmarkLogRead reads a log of 8 MB of text, just less than the size at which it would be rotated.
func BenchmarkLogRead(b *testing.B) {
	const lines = 70_000
	for name, o := range map[string]corev1.PodLogOptions{"plain": {}, "timestamps": {Timestamps: true}} {
		b.Run(name, func(b *testing.B) {
			p := newPrinter(b)
			p.print(lines)
			b.ReportAllocs()
			var got int64
			for b.Loop() {
				body := p.open(o)
				n, err := io.Copy(io.Discard, body)
				if err != nil || n < lines*int64(len(logLine)) {
					b.Fatal(n, err)
				}
				_ = body.Close()
				got += n
			}
			b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
			b.ReportMetric(float64(got)/b.Elapsed().Seconds()/1e9, "GB/s")
		})
	}
}
