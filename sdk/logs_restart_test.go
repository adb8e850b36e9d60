package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// lateWatches brings everything of watches late, by the clock of a bubble.
type lateWatches struct {
	next http.RoundTripper
	late time.Duration
}

func (l lateWatches) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err == nil && r.URL.Query().Get("watch") != "" {
		resp.Body = lateBody{resp.Body, l.late}
	}
	return resp, err
}

type lateBody struct {
	io.ReadCloser
	late time.Duration
}

func (b lateBody) Read(p []byte) (int, error) {
	began := time.Now()
	n, err := b.ReadCloser.Read(p)
	if time.Since(began) > 0 { // else it came with what was late already
		<-time.After(b.late)
	}
	return n, err
}

// A container that restarts is no gap: neither if it takes its time before it says something, nor if its status comes late.
func TestFollowRestartsWithoutGaps(t *testing.T) {
	for _, tt := range []struct {
		rule          string
		before, after time.Duration // how long it is silent, before it ends and after it has started
		late          time.Duration
	}{
		{"it says something at once", time.Second, 0, 0},
		{"it says something late", time.Second, time.Minute, 0},
		{"it was silent before its end", time.Minute, 0, 0},
		{"its status comes late", 5 * time.Second, 0, 2 * time.Second},
		{"its status comes late, and what it says too", 5 * time.Second, time.Minute, 2 * time.Second},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			fake.Bubble(t, func(t *testing.T) {
				cluster := fake.RunT(t)
				var runs atomic.Int32
				cluster.HandleFunc("restarts", func(ctx context.Context, p *fake.Process) error {
					if runs.Add(1) > 1 {
						<-time.After(tt.after)
						fmt.Fprintln(p.Stdout, "second")
						<-ctx.Done()
						return nil
					}
					fmt.Fprintln(p.Stdout, "first")
					<-time.After(tt.before)
					return fake.Exit(1)
				})
				config := cluster.RESTConfig()
				config.Wrap(func(next http.RoundTripper) http.RoundTripper { return lateWatches{next, tt.late} })
				c := clientOf(t, config)
				pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Spec: corev1.PodSpec{
					Containers: []corev1.Container{{Name: "main", Image: "restarts"}}}}
				ok(t, c.Create(t.Context(), pod))
				var got []string
				for line, err := range c.Logs(t.Context(), pod, sdk.LogOptions{Follow: true}) {
					ok(t, err)
					if got = append(got, line.Text); line.Text == "second" {
						break
					}
				}
				equal(t, "lines", "first second", strings.Join(got, " "))
			})
		})
	}
}
