package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
)

const logPath = "GET " + appPath + "/log"

func TestLogRequests(t *testing.T) {
	tests := []struct {
		name string
		pod  *corev1.Pod
		opts sdk.LogOptions
		want []string
	}{
		{"the only container", pod("app", "1", containers("a")), sdk.LogOptions{}, []string{"container=a&timestamps=true"}},
		{"several containers, none named: the server's to refuse", pod("app", "1", containers("a", "b")), sdk.LogOptions{}, []string{"timestamps=true"}},
		{"all containers", pod("app", "1", containers("a", "b"), func(p *corev1.Pod) { p.Spec.InitContainers = []corev1.Container{{Name: "init"}} }),
			sdk.LogOptions{AllContainers: true}, []string{"container=init&timestamps=true", "container=a&timestamps=true", "container=b&timestamps=true"}},
		{"every option", pod("app", "1", containers("a", "b")), sdk.LogOptions{
			Container: "b", Follow: true, Previous: true, Tail: new(int64(0)), Since: 1500 * time.Millisecond, LimitBytes: 9, Stream: "Stdout"},
			[]string{"container=b&follow=true&limitBytes=9&previous=true&sinceSeconds=2&stream=Stdout&tailLines=0&timestamps=true"}},
		{"since a moment", pod("app", "1", containers("a")), sdk.LogOptions{SinceTime: time.Unix(1e9, 0)},
			[]string{"container=a&sinceTime=2001-09-09T01%3A46%3A40Z&timestamps=true"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on("GET "+appPath, object(tt.pod))
				s.on(logPath, text(""))
				for _, err := range c.Logs(t.Context(), sdk.PodNamed("app"), tt.opts) {
					ok(t, err)
				}
				var got []string
				for _, line := range s.lines()[1:] {
					_, query, _ := strings.Cut(line, "?")
					got = append(got, query)
				}
				equal(t, "queries", tt.want, got)
			})
		})
	}
}

func TestLogLines(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
		s.on(logPath, text("2026-01-02T03:04:05.000000006Z one two\n2026-01-02T03:04:05Z \nno stamp\n2026-01-02T03:04:06Z cut sh"))
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		line := func(at time.Time, text string) sdk.LogLine {
			return sdk.LogLine{Namespace: "default", Pod: "app", Container: "a", Time: at, Text: text}
		}
		var got []sdk.LogLine
		for l, err := range c.Logs(t.Context(), sdk.PodNamed("app"), sdk.LogOptions{}) {
			ok(t, err)
			got = append(got, l)
		}
		equal(t, "lines", []sdk.LogLine{line(at.Add(6), "one two"), line(at, ""), line(time.Time{}, "no stamp"), line(at.Add(time.Second), "cut sh")}, got)
	})
}

// controller scripts a controller with two pods, of which the newer sorts first by name.
func controller(s *server) {
	rc := &corev1.ReplicationController{}
	rc.Spec.Selector = map[string]string{"app": "crane"}
	s.on("GET /api/v1/namespaces/default/replicationcontrollers/crane", object(rc))
	s.on(podsPath, object(pods("7", "", pod("b", "1", containers("c"), ready), pod("a", "2", containers("c"), phase(corev1.PodPending)))))
}

func TestLogsOfAController(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		controller(s)
		s.on("GET /api/v1/namespaces/default/pods/a/log", status(apierrors.NewBadRequest("container is waiting to start")))
		s.on("GET /api/v1/namespaces/default/pods/b/log", text("x\ny\n"))
		var got []string
		for l, err := range c.Logs(t.Context(), sdk.ControllerNamed("crane"), sdk.LogOptions{}) {
			got = append(got, fmt.Sprint(l.Pod, " ", l.Text, err))
		}
		equal(t, "lines", []string{"a logs default/a container c: container is waiting to start", "b x<nil>", "b y<nil>"}, got)
		equal(t, "selector", podsPath+"?labelSelector=app%3Dcrane&limit=500", s.lines()[1])
	})
}

func TestLogsEndWithTheContext(t *testing.T) {
	for _, target := range []sdk.Target{sdk.PodNamed("app"), sdk.ControllerNamed("crane")} {
		bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
			controller(s)
			s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
			for _, name := range []string{"a", "b", "app"} {
				s.on("GET /api/v1/namespaces/default/pods/"+name+"/log", parts("hang"))
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			var last error
			for _, err := range c.Logs(ctx, target, sdk.LogOptions{}) {
				last = err
			}
			if !errors.Is(last, context.DeadlineExceeded) {
				t.Errorf("%T ended with %v, want the context's error", target, last)
			}
		})
	}
}

func TestLogsFail(t *testing.T) {
	both := sdk.LogOptions{Since: time.Second, SinceTime: time.Unix(1, 0)}
	tests := []struct {
		name   string
		target sdk.Target
		opts   sdk.LogOptions
		want   string
	}{
		{"no such pod", sdk.PodNamed("nobody"), sdk.LogOptions{}, "logs Pod default/nobody: "},
		{"no pods", sdk.SelectedText("app=nobody"), sdk.LogOptions{}, "no pod has the labels app=nobody in default"},
		{"no pods at all", sdk.Selected(selector.All()), sdk.LogOptions{}, "no pod is in default"},
		{"two beginnings", sdk.PodNamed("app"), both, "both Since and SinceTime"},
		{"something without pods", &corev1.ConfigMap{ObjectMeta: pod("x", "").ObjectMeta}, sdk.LogOptions{}, "pods of a ConfigMap are not known"},
		{"a connection that breaks", sdk.PodNamed("app"), sdk.LogOptions{}, "logs default/app container a: given up after 15s of trying: unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on(podsPath, object(pods("7", "")))
				s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
				s.on(logPath, parts("2026-01-02T03:04:05Z x\n", "drop"))
				var last error
				for _, last = range c.Logs(t.Context(), tt.target, tt.opts) {
				}
				says(t, last, tt.want)
			})
		})
	}
}

func TestLogStream(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		controller(s)
		s.on("GET /api/v1/namespaces/default/pods/b/log", text("as it is\n"))
		stream, err := c.LogStream(t.Context(), sdk.ControllerNamed("crane"), sdk.LogOptions{})
		ok(t, err)
		data, err := io.ReadAll(stream)
		ok(t, err)
		ok(t, stream.Close())
		equal(t, "log of the ready pod", "as it is\n", string(data))
		equal(t, "request", "GET /api/v1/namespaces/default/pods/b/log?container=c", s.lines()[2])

		_, err = c.LogStream(t.Context(), sdk.PodNamed("app"), sdk.LogOptions{AllContainers: true})
		says(t, err, "one container")
	})
}
