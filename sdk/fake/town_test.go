package fake_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// town is a cluster with an image that answers HTTP on 8080 with its hostname and who asked, and one whose process a test can borrow.
type town struct {
	*fake.Cluster
	t    *testing.T
	lent chan *fake.Process
}

func inTown(t *testing.T, test func(t *testing.T, c *town), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		c := &town{fake.RunT(t, opts...), t, make(chan *fake.Process, 16)}
		c.HandleFunc("web", func(ctx context.Context, p *fake.Process) error {
			l, err := p.Listen("tcp", ":8080")
			if err != nil {
				return err
			}
			s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				from, _, _ := net.SplitHostPort(r.RemoteAddr)
				fmt.Fprintf(w, "%s to %s", p.Hostname(), from)
			})}
			stop := context.AfterFunc(ctx, func() { _ = s.Close() })
			defer stop()
			_ = s.Serve(l)
			return nil
		})
		c.HandleFunc("lent", func(ctx context.Context, p *fake.Process) error {
			c.lent <- p
			<-ctx.Done()
			return nil
		})
		test(t, c)
	})
}

func (c *town) create(objects ...sdk.Object) {
	c.t.Helper()
	for _, obj := range objects {
		if err := c.Client().Create(c.t.Context(), obj); err != nil {
			c.t.Fatal(err)
		}
		synctest.Wait() // so that addresses go to pods in this order
	}
}

// pod makes a pod of an image, with labels like app=web.
func pod(name, image string, labels ...string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "main", Image: image}},
	}}
	for _, l := range labels {
		k, v, _ := strings.Cut(l, "=")
		p.Labels[k] = v
	}
	return p
}

func service(name string, change ...func(*corev1.ServiceSpec)) *corev1.Service {
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": name},
		Ports:    []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}},
	}}
	for _, f := range change {
		f(&s.Spec)
	}
	return s
}

func headless(s *corev1.ServiceSpec) { s.ClusterIP = corev1.ClusterIPNone }

func ofType(t corev1.ServiceType) func(*corev1.ServiceSpec) {
	return func(s *corev1.ServiceSpec) { s.Type = t }
}

// borrow makes a pod and returns its process.
func (c *town) borrow(p *corev1.Pod) *fake.Process {
	c.t.Helper()
	c.create(p)
	select {
	case process := <-c.lent:
		return process
	default:
		c.t.Fatalf("pod %s does not run", p.Name)
		return nil
	}
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

// get asks by HTTP, on a connection of its own.
func (d dial) get(address string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := d(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// asks wants who answers, "" for nobody, after some requests; answers are sorted out of order by being counted.
func (d dial) asks(t *testing.T, address string, times int, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for range times {
		text, err := d.get(address)
		who, _, _ := strings.Cut(text, " ")
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			who = "refused"
		case errors.Is(err, context.DeadlineExceeded):
			who = "silent"
		case err != nil:
			who = err.Error()
		}
		got[who]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", address, diff)
	}
}
