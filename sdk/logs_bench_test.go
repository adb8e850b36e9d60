package sdk_test

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// BenchmarkFollow reads 100,000 lines of a container that waits after the last, over loopback and TLS: with Logs, and with client-go's
// GetLogs and a Scanner, which is what programs have around it, with and without the times taken apart.
func BenchmarkFollow(b *testing.B) {
	const lines = 100_000
	c := fake.RunT(b, fake.LogRotation(1<<30, 0, 2))
	written := make(chan struct{})
	c.HandleFunc("talker", func(ctx context.Context, p *fake.Process) error {
		for i := range lines {
			fmt.Fprintf(p.Stdout, "line %d of a program that has something to say about every request\n", i)
		}
		close(written)
		<-ctx.Done()
		return nil
	})
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "talker"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "talker"}}}}
	if err := c.Client().Run(b.Context(), pod); err != nil {
		b.Fatal(err)
	}
	<-written
	e, err := c.Serve(b.Context(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	client, err := sdk.New(e.RESTConfig())
	if err != nil {
		b.Fatal(err)
	}
	measure := func(name string, read func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
	measure("Logs", func() error {
		n := 0
		for line, err := range client.Logs(b.Context(), pod, sdk.LogOptions{Follow: true}) {
			if err != nil || line.Time.IsZero() {
				return fmt.Errorf("%v, %v", line, err)
			}
			if n++; n == lines {
				break
			}
		}
		return nil
	})
	standard := kubernetes.NewForConfigOrDie(e.RESTConfig())
	for _, times := range []bool{true, false} {
		name := "GetLogs"
		if times {
			name += " with times"
		}
		measure(name, func() error {
			stream, err := standard.CoreV1().Pods("default").GetLogs("talker", &corev1.PodLogOptions{Follow: true, Timestamps: times}).Stream(b.Context())
			if err != nil {
				return err
			}
			defer stream.Close()
			n := 0
			for in := bufio.NewScanner(stream); n < lines && in.Scan(); n++ {
				if !times {
					continue
				}
				stamp, _, _ := strings.Cut(in.Text(), " ")
				if _, err := time.Parse(time.RFC3339Nano, stamp); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
