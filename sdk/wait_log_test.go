package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestWaitForLogLine(t *testing.T) {
	always := corev1.RestartPolicyAlways
	tests := []struct {
		name   string
		pod    *corev1.Pod
		target sdk.Target
		until  sdk.Condition
		after  time.Duration
	}{
		{"that is there already", scriptPod("app", always, "ready wait"), sdk.PodNamed("app"), sdk.LoggedText("ready"), 0},
		{"whichever it is", scriptPod("app", always, "one wait"), sdk.PodNamed("app"), sdk.Logged(nil), 0},
		{"that comes", scriptPod("app", always, "one two ready wait"), sdk.PodNamed("app"), sdk.LoggedText("ready"), 2 * time.Second},
		{"of any container", scriptPod("app", always, "wait", "one ready wait"), sdk.PodNamed("app"), sdk.LoggedText("ready"), time.Second},
		{"of the container that match wants", scriptPod("app", always, "ready wait", "one ready wait"), sdk.PodNamed("app"),
			sdk.Logged(func(l sdk.LogLine) bool { return l.Container == "b" && l.Text == "ready" }), time.Second},
		{"that the next instance writes", scriptPod("app", always, "one two fail"), sdk.PodNamed("app"), sdk.Logged(nth("two", 2)), 2 * time.Second},
		{"that is the last of a pod that ends", scriptPod("app", corev1.RestartPolicyNever, "one two end"), sdk.PodNamed("app"), sdk.LoggedText("two"), time.Second},
		{"of a selection", scriptPod("app", always, "one ready wait"), sdk.SelectedText("app=script"), sdk.LoggedText("ready"), time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onScripts(t, func(t *testing.T, c *sdk.Client) {
				begun := time.Now()
				ok(t, c.Create(t.Context(), tt.pod))
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				ok(t, c.Wait(ctx, tt.target, tt.until))
				if took := time.Since(begun); took < tt.after || took > tt.after+10*time.Second {
					t.Errorf("waited %v, want about %v", took, tt.after)
				}
			})
		})
	}
}

// nth matches the line that says text for the nth time.
func nth(text string, n int) func(sdk.LogLine) bool {
	return func(l sdk.LogLine) bool {
		if l.Text == text {
			n--
		}
		return n == 0
	}
}

func TestWaitForLogLineInVain(t *testing.T) {
	never := corev1.RestartPolicyNever
	forbidden := fake.Forbid(fake.Rule{Resources: []string{"pods/log"}})
	tests := []struct {
		name    string
		options []fake.Option
		pod     *corev1.Pod
		is      func(error) bool
		says    []string
	}{
		{"time runs out", nil, scriptPod("app", never, "one two wait"), causedBy(context.DeadlineExceeded),
			[]string{`wait Pod default/app for a log line with "ready": context deadline exceeded; last seen: 2 lines, the last of app container a: two; phase Running`}},
		{"the pod ends", nil, scriptPod("app", never, "one end"), causedBy(sdk.ErrEnded), []string{"the pod has ended; last seen: 1 line"}},
		{"the pod never starts", []fake.Option{fake.Nodes(0)}, scriptPod("app", never, "one"), causedBy(context.DeadlineExceeded), []string{"no line; phase Pending; not scheduled: Unschedulable: "}},
		{"there is no pod", nil, nil, apierrors.IsNotFound, []string{`"app" not found`}},
		{"it may not be read", []fake.Option{forbidden}, scriptPod("app", never, "one wait"), apierrors.IsForbidden, []string{"pods/log"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onScripts(t, func(t *testing.T, c *sdk.Client) {
				if tt.pod != nil {
					ok(t, c.Create(t.Context(), tt.pod))
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, sdk.PodNamed("app"), sdk.LoggedText("ready"))
				if !tt.is(err) {
					t.Errorf("error %v is of another sort", err)
				}
				says(t, err, tt.says...)
			}, tt.options...)
		})
	}
}

func causedBy(want error) func(error) bool {
	return func(err error) bool { return errors.Is(err, want) }
}

// A pod that is deleted while its log is waited for.
func TestWaitForLogLineOfDeletedPod(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		pod := scriptPod("app", corev1.RestartPolicyAlways, "one wait")
		ok(t, c.Run(t.Context(), pod))
		time.AfterFunc(time.Minute, func() { c.Delete(context.Background(), pod, sdk.Grace(0)) })
		err := c.Wait(t.Context(), sdk.PodNamed("app"), sdk.LoggedText("ready"))
		if !errors.Is(err, sdk.ErrDeleted) {
			t.Errorf("error %v is not ErrDeleted", err)
		}
	})
}

// No line is passed over: the one that is waited for stands in the midst of many, while the connection is cut again and again.
func TestWaitForLogLineLosesNothing(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		cluster.HandleFunc("talker", func(ctx context.Context, p *fake.Process) error {
			for i := range 2000 {
				fmt.Fprintf(p.Stdout, "line %d\n", i)
				select {
				case <-time.After(10 * time.Millisecond):
				case <-ctx.Done():
					return nil
				}
			}
			<-ctx.Done()
			return nil
		})
		config := cluster.RESTConfig()
		cuts := cutEvery(config, 700*time.Millisecond)
		c, err := sdk.New(config)
		ok(t, err)
		ok(t, cluster.Client().Create(t.Context(), faulty("talker")))
		next := 0
		ok(t, c.Wait(t.Context(), sdk.PodNamed("app"), sdk.Logged(func(l sdk.LogLine) bool {
			if l.Text != fmt.Sprintf("line %d", next) {
				t.Errorf("line %q, want number %d", l.Text, next)
			}
			next++
			return l.Text == "line 1999"
		})))
		if cuts.Load() < 10 {
			t.Errorf("only %d connections were cut", cuts.Load())
		}
	})
}
