package fake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestLogSink: it has every line, of containers whose logs were rotated away and whose pods are gone too.
func TestLogSink(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []string
		c, err := fake.Start(fake.LogRotation(300, 0, 2), fake.LogSink(func(l fake.LogLine) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%s/%s/%s %d %t %s", l.Namespace, l.Pod, l.Container, l.Restarts, l.Stderr, l.Text))
		}))
		if err != nil {
			t.Fatal(err)
		}
		c.HandleFunc("talker", func(_ context.Context, p *fake.Process) error {
			for i := range 10 {
				fmt.Fprintln(p.Stdout, strings.Repeat("x", 40), i)
			}
			fmt.Fprintln(p.Stderr, "failing")
			return fake.Exit(1)
		})
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "talker"}, Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "main", Image: "talker"}}}}
		client := c.Client()
		if err := client.Create(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		<-time.After(5 * time.Second) // once more at once, and then only after ten
		if err := client.Delete(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		var want []string
		for restarts := range 2 {
			for i := range 10 {
				want = append(want, fmt.Sprintf("default/talker/main %d false %s %d", restarts, strings.Repeat("x", 40), i))
			}
			want = append(want, fmt.Sprintf("default/talker/main %d true failing", restarts))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}
