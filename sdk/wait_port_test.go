package sdk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// lateListener listens on port 8080 after as many seconds as its last argument says.
func lateListener(ctx context.Context, p *fake.Process) error {
	var seconds int
	fmt.Sscan(p.Args[len(p.Args)-1], &seconds)
	select {
	case <-time.After(time.Duration(seconds) * time.Second):
	case <-ctx.Done():
		return nil
	}
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { l.Close() })()
	for {
		conn, err := l.Accept()
		if err != nil {
			return nil
		}
		conn.Close()
	}
}

// onLate runs a test in a bubble on a cluster whose image late listens late.
func onLate(t *testing.T, test func(t *testing.T, c *sdk.Client), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t, opts...)
		faultyImages(cluster)
		cluster.HandleFunc("late", lateListener)
		test(t, cluster.Client())
	})
}

func TestWaitForPort(t *testing.T) {
	tests := []struct {
		name    string
		objects []sdk.Object
		target  sdk.Target
		port    string
		after   time.Duration
	}{
		{"that is open", []sdk.Object{faulty("late", command("late", "0"))}, sdk.PodNamed("app"), "8080", 0},
		{"that opens", []sdk.Object{faulty("late", command("late", "60"))}, sdk.PodNamed("app"), "8080", time.Minute},
		{"by its name", []sdk.Object{faulty("late", command("late", "0"), listing("web", 8080))}, sdk.PodNamed("app"), "web", 0},
		{"of a Service", []sdk.Object{cranesAt(intstr.FromInt32(8080), map[string]string{"app": "crane"}), faulty("late", command("late", "10"))}, sdk.ServiceNamed("crane"), "80", 10 * time.Second},
		{"of a controller", []sdk.Object{cranes(2, "late", command("late", "10"))}, sdk.ControllerNamed("crane"), "8080", 10 * time.Second},
		{"of a selection", []sdk.Object{faulty("late", command("late", "10"))}, sdk.SelectedText("app=crane"), "8080", 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onLate(t, func(t *testing.T, c *sdk.Client) {
				begun := time.Now()
				for _, obj := range tt.objects {
					ok(t, c.Create(t.Context(), obj))
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				ok(t, c.Wait(ctx, tt.target, sdk.Answers(tt.port)))
				if took := time.Since(begun); took < tt.after || took > tt.after+10*time.Second {
					t.Errorf("waited %v, want about %v", took, tt.after)
				}
			})
		})
	}
}

// A selection of which there is no pod yet, and a container that has to be restarted before it listens.
func TestWaitForPortOfWhatComes(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		time.AfterFunc(time.Minute, func() { c.Create(context.Background(), faulty("late", command("late", "5"))) })
		ok(t, c.Wait(t.Context(), sdk.SelectedText("app=crane"), sdk.Answers("8080")))
	})
}

func TestWaitForPortInVain(t *testing.T) {
	tests := []struct {
		name string
		pod  *corev1.Pod
		then func(c *sdk.Client)
		port string
		is   func(error) bool
		says []string
	}{
		{"nobody listens", faulty("pause"), nil, "8080", causedBy(context.DeadlineExceeded), []string{"wait Pod default/app for port 8080: context deadline exceeded; last seen: ", "refused", "; phase Running"}},
		{"the pod does not start", faulty("nowhere/crane"), nil, "8080", causedBy(context.DeadlineExceeded), []string{"last seen: no pod that runs; phase Pending; container main waiting: "}},
		{"there is no port of the name", faulty("pause"), nil, "web", func(err error) bool { return err != nil }, []string{`pod port "web" is neither`}},
		{"the pod ends", faulty("exit", command("exit", "0"), never), nil, "8080", causedBy(sdk.ErrEnded), []string{"port 8080"}},
		{"the pod is deleted", faulty("pause"), func(c *sdk.Client) { c.Delete(context.Background(), faulty(""), sdk.Grace(0)) }, "8080", causedBy(sdk.ErrDeleted), nil},
		{"there is no pod", nil, nil, "8080", apierrors.IsNotFound, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onLate(t, func(t *testing.T, c *sdk.Client) {
				if tt.pod != nil {
					ok(t, c.Create(t.Context(), tt.pod))
				}
				if tt.then != nil {
					time.AfterFunc(20*time.Second, func() { tt.then(c) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, sdk.PodNamed("app"), sdk.Answers(tt.port))
				if !tt.is(err) {
					t.Errorf("error %v is of another sort", err)
				}
				says(t, err, tt.says...)
			})
		})
	}
}
