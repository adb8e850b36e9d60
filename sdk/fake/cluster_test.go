package fake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// crane is the chapter's program: it answers on 8080 and 7070, and says when it does.
func crane(ctx context.Context, p *fake.Process) error {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello from %s\n", p.Hostname())
		fmt.Fprintln(p.Stdout, r.Method, r.URL.Path)
	})
	server := &http.Server{Handler: hello}
	var serving sync.WaitGroup
	defer serving.Wait()
	defer server.Close()
	for _, port := range []string{":8080", ":7070"} {
		l, err := p.Listen("tcp", port)
		if err != nil {
			return err
		}
		serving.Go(func() { _ = server.Serve(l) })
	}
	fmt.Fprintln(p.Stdout, "crane is up")
	<-ctx.Done()
	return nil
}

// untilUp waits for the first line of crane's log. Without a readiness probe a pod is ready as soon as it runs, on a real
// node too, which may be before its program listens.
func untilUp(ctx context.Context, tb testing.TB, client *sdk.Client, target sdk.Target) {
	tb.Helper()
	for line, err := range client.Logs(ctx, target, sdk.LogOptions{Follow: true}) {
		if err != nil || line.Text != "crane is up" {
			tb.Fatalf("log = %q, %v", line.Text, err)
		}
		return
	}
	tb.Fatal("crane said nothing")
}

func craneController() *corev1.ReplicationController {
	return &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: "crane"},
		Spec: corev1.ReplicationControllerSpec{
			Replicas: ptr.To[int32](1),
			Template: &corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "crane"}},
				Spec: corev1.PodSpec{Containers: []corev1.Container{{
					Name: "crane", Image: "heejeong/crane", ImagePullPolicy: corev1.PullAlways,
					Ports: []corev1.ContainerPort{{ContainerPort: 7070}},
				}}},
			},
		},
	}
}

func TestChapter(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := fake.RunT(t)
	c.HandleFunc("heejeong/crane", crane)
	client := c.Client()
	rc := craneController()
	if err := client.Run(ctx, rc); err != nil {
		t.Fatal(err)
	}
	untilUp(ctx, t, client, rc)
	f, err := client.PortForward(ctx, rc, "8888:8080")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	resp, err := f.HTTPClient().Get("http://localhost:8888/")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	t.Logf("%s", body)
	r, err := client.LogStream(ctx, rc, sdk.LogOptions{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := io.ReadAll(r)
	t.Logf("%s %v", log, err)
	if string(log) != "crane is up\nGET /\n" {
		t.Errorf("log = %q", log)
	}
}
