package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types/selector"
)

// scripted is an image whose containers print their arguments, one a second, and do as the last says: "fail", "end" or "wait".
func scripted(ctx context.Context, p *fake.Process) error {
	for i, arg := range p.Args {
		switch {
		case arg == "fail":
			return fake.Exit(1)
		case arg == "end":
			return nil
		case arg == "wait":
			<-ctx.Done()
			return nil
		case i > 0:
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil
			}
		}
		fmt.Fprintln(p.Stdout, arg)
	}
	return nil
}

// script makes a pod of containers a, b and so on, each with its words.
func scriptPod(name string, policy corev1.RestartPolicy, words ...string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": "script"}}, Spec: corev1.PodSpec{RestartPolicy: policy}}
	for i, w := range words {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: string(rune('a' + i)), Image: "script", Command: strings.Fields(w)})
	}
	return p
}

// onScripts runs a test in a bubble on a cluster that has the image.
func onScripts(t *testing.T, test func(t *testing.T, c *sdk.Client), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, opts...)
		c.HandleFunc("script", scripted)
		test(t, c.Client())
	})
}

// readAll reads until the loop ends, and describes what came as "pod/container text".
func readAll(ctx context.Context, c *sdk.Client, target sdk.Target, o sdk.LogOptions) (got []string, last error) {
	for l, err := range c.Logs(ctx, target, o) {
		if err != nil {
			last = err
			continue
		}
		got = append(got, l.Pod+"/"+l.Container+" "+l.Text)
	}
	return got, last
}

func TestFollowEndsWithThePod(t *testing.T) {
	for _, tt := range []struct {
		rule string
		pod  *corev1.Pod
		o    sdk.LogOptions
		want []string
	}{
		{"that never restarts, followed before it starts", scriptPod("p", corev1.RestartPolicyNever, "1 2 3"), sdk.LogOptions{}, []string{"p/a 1", "p/a 2", "p/a 3"}},
		{"that fails for good", scriptPod("p", corev1.RestartPolicyNever, "1 fail"), sdk.LogOptions{}, []string{"p/a 1"}},
		{"that ends well", scriptPod("p", corev1.RestartPolicyOnFailure, "1 end"), sdk.LogOptions{}, []string{"p/a 1"}},
		{"all containers, at once", scriptPod("p", corev1.RestartPolicyNever, "1 3", "2 4"), sdk.LogOptions{AllContainers: true}, []string{"p/a 1", "p/b 2", "p/a 3", "p/b 4"}},
		{"one of several", scriptPod("p", corev1.RestartPolicyNever, "1 2", "3 4"), sdk.LogOptions{Container: "b"}, []string{"p/b 3", "p/b 4"}},
		{"a limit", scriptPod("p", corev1.RestartPolicyNever, "first second"), sdk.LogOptions{LimitBytes: 2*32 + 5 + 2}, []string{"p/a first", "p/a sec"}},
		{"all containers by time", scriptPod("p", corev1.RestartPolicyNever, "1 3", "2 4"), sdk.LogOptions{AllContainers: true, ByTime: true}, []string{"p/a 1", "p/b 2", "p/a 3", "p/b 4"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			onScripts(t, func(t *testing.T, c *sdk.Client) {
				ok(t, c.Create(t.Context(), tt.pod))
				tt.o.Follow = true
				got, err := readAll(t.Context(), c, sdk.PodNamed("p"), tt.o)
				ok(t, err)
				if tt.o.AllContainers {
					slices.SortFunc(got, func(a, b string) int { return strings.Compare(a[4:], b[4:]) })
				}
				equal(t, "lines", tt.want, got)
			})
		})
	}
}

func TestFollowThroughRestarts(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), scriptPod("p", corev1.RestartPolicyAlways, "1 2 fail")))
		var got []string
		for l, err := range c.Logs(t.Context(), sdk.PodNamed("p"), sdk.LogOptions{Follow: true}) {
			ok(t, err)
			if got = append(got, l.Text); len(got) == 10 {
				break // the fifth time, minutes later
			}
		}
		equal(t, "lines", slices.Repeat([]string{"1", "2"}, 5), got)
	})
}

func TestFollowStartsWhereItIsTold(t *testing.T) {
	for _, tt := range []struct {
		rule string
		o    sdk.LogOptions
		want []string
	}{
		{"all", sdk.LogOptions{}, []string{"p/a 1", "p/a 2", "p/a 3", "p/a 4", "p/a 5"}},
		{"tail", sdk.LogOptions{Tail: new(int64(1))}, []string{"p/a 3", "p/a 4", "p/a 5"}},
		{"what comes only", sdk.LogOptions{Tail: new(int64(0))}, []string{"p/a 4", "p/a 5"}},
		{"since a time", sdk.LogOptions{SinceTime: time.Date(2000, 1, 1, 0, 0, 0, 5e8, time.UTC)}, []string{"p/a 2", "p/a 3", "p/a 4", "p/a 5"}},
		{"since so long", sdk.LogOptions{Since: time.Second}, []string{"p/a 3", "p/a 4", "p/a 5"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			onScripts(t, func(t *testing.T, c *sdk.Client) {
				ok(t, c.Create(t.Context(), scriptPod("p", corev1.RestartPolicyNever, "1 2 3 4 5")))
				<-time.After(2500 * time.Millisecond)
				tt.o.Follow = true
				got, err := readAll(t.Context(), c, sdk.PodNamed("p"), tt.o)
				ok(t, err)
				equal(t, "lines", tt.want, got)
			})
		})
	}
}

// TestFollowASelection: pods that come later are followed too, and those that are deleted to their last line.
func TestFollowASelection(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		done := make(chan []string)
		go func() {
			got, _ := readAll(ctx, c, sdk.Selected(selector.FromSet(map[string]string{"app": "script"})), sdk.LogOptions{Follow: true})
			slices.Sort(got)
			done <- got
		}()
		<-time.After(time.Second) // with no pods
		first := scriptPod("first", corev1.RestartPolicyAlways, "1 wait")
		ok(t, c.Create(t.Context(), first))
		<-time.After(time.Second)
		ok(t, c.Create(t.Context(), scriptPod("second", corev1.RestartPolicyNever, "2 3")))
		ok(t, c.Delete(t.Context(), first))
		equal(t, "lines", []string{"first/a 1", "second/a 2", "second/a 3"}, <-done)
	})
}

func TestFollowFails(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		_, err := readAll(t.Context(), c, sdk.PodNamed("nobody"), sdk.LogOptions{Follow: true})
		if !apierrors.IsNotFound(err) {
			t.Errorf("no such pod: %v", err)
		}
		says(t, err, "logs Pod default/nobody: ")
		ok(t, c.Run(t.Context(), scriptPod("p", corev1.RestartPolicyAlways, "1 wait", "2 wait")))
		_, err = readAll(t.Context(), c, sdk.PodNamed("p"), sdk.LogOptions{Follow: true})
		says(t, err, "logs default/p: ", "a container name must be specified")
		_, err = readAll(t.Context(), c, sdk.PodNamed("p"), sdk.LogOptions{Follow: true, Since: 1, SinceTime: time.Unix(1, 0)})
		says(t, err, "both Since and SinceTime")
	})
}

// Leaving the loop in the middle leaves nothing behind, which the bubble holds; a second range begins anew.
func TestFollowIsLeft(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), scriptPod("p", corev1.RestartPolicyAlways, "1 2 wait", "1 2 wait")))
		lines := c.Logs(t.Context(), sdk.PodNamed("p"), sdk.LogOptions{Follow: true, AllContainers: true})
		for range 2 {
			for l, err := range lines {
				ok(t, err)
				equal(t, "first line", "1", l.Text)
				break
			}
		}
	})
}

func TestLogsByTime(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), scriptPod("q", corev1.RestartPolicyNever, "1 3 5")))
		<-time.After(500 * time.Millisecond)
		ok(t, c.Create(t.Context(), scriptPod("p", corev1.RestartPolicyNever, "2 4")))
		<-time.After(10 * time.Second)
		got, err := readAll(t.Context(), c, sdk.SelectedText("app=script"), sdk.LogOptions{ByTime: true})
		ok(t, err)
		equal(t, "lines", []string{"q/a 1", "p/a 2", "q/a 3", "p/a 4", "q/a 5"}, got)
		got, err = readAll(t.Context(), c, sdk.SelectedText("app=script"), sdk.LogOptions{})
		ok(t, err)
		equal(t, "lines by pod", []string{"p/a 2", "p/a 4", "q/a 1", "q/a 3", "q/a 5"}, got)
		for range c.Logs(t.Context(), sdk.SelectedText("app=script"), sdk.LogOptions{ByTime: true}) {
			break
		}
	})
}

// A plain read whose connection breaks goes on where it was.
func TestLogsGoOn(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
		const one, two, three = "2026-01-02T03:04:05.1Z 1\n", "2026-01-02T03:04:05.1Z 2\n", "2026-01-02T03:04:05.2Z 3\n"
		s.on(logPath, parts(one, two[:20], "drop"), status(apierrors.NewTooManyRequests("later", 0)), parts(one, two, "drop"), text(one+two+three))
		got, err := readAll(t.Context(), c, sdk.PodNamed("app"), sdk.LogOptions{Tail: new(int64(9))})
		ok(t, err)
		equal(t, "lines", []string{"app/a 1", "app/a 2", "app/a 3"}, got)
		const again = logPath + "?container=a&sinceTime=2026-01-02T03%3A04%3A05Z&timestamps=true"
		equal(t, "requests", []string{logPath + "?container=a&tailLines=9&timestamps=true", again, again, again}, s.lines()[1:])
	})
}

// TestGapOfRotation: what was rotated away between two reads is reported, and the rest is read.
func TestGapOfRotation(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
		s.on(logPath, parts("2026-01-02T03:04:05Z 1\n", "drop"), text("2026-01-02T03:04:07Z 5\n"))
		got, err := readAll(t.Context(), c, sdk.PodNamed("app"), sdk.LogOptions{})
		var gap *sdk.LogGap
		if !errors.As(err, &gap) {
			t.Fatalf("%v", err)
		}
		equal(t, "gap", &sdk.LogGap{Namespace: "default", Pod: "app", Container: "a", Reason: sdk.GapRotated, After: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, gap)
		says(t, gap, "logs default/app container a: lines may be missing after 2026-01-02T03:04:05Z", "containerLogMaxSize")
		equal(t, "lines", []string{"app/a 1", "app/a 5"}, got)
	})
}
