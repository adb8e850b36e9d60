package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
	"github.com/podwright/podwright/types/selector"
)

// sleeper is a pod that takes its whole grace period to end.
func sleeper(name string, grace int64) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": "sleeper"}}, Spec: corev1.PodSpec{
		Containers:                    []corev1.Container{{Name: "main", Image: "busybox", Command: []string{"sleep", "100000"}}},
		TerminationGracePeriodSeconds: &grace,
	}}
}

// sleeping runs a test in a bubble, in which there are the sleepers a, b and c, who take 10, 20 and 30 seconds to end.
func sleeping(t *testing.T, f func(t *testing.T, c *sdk.Client)) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		images.Register(cluster, images.Busybox)
		for i, name := range []string{"a", "b", "c"} {
			ok(t, cluster.Client().Run(t.Context(), sleeper(name, int64(10*(i+1)))))
		}
		f(t, cluster.Client())
	})
}

func TestDeleteAndWait(t *testing.T) {
	tests := []struct {
		name   string
		delete func(ctx context.Context, c *sdk.Client) error
		takes  time.Duration
		left   int
	}{
		{"one, by its name", func(ctx context.Context, c *sdk.Client) error {
			return c.Delete(ctx, sleeper("b", 0), sdk.AndWait())
		}, 20 * time.Second, 2},
		{"one, as it was read", func(ctx context.Context, c *sdk.Client) error {
			var p corev1.Pod
			return errors.Join(c.Get(ctx, "a", &p), c.Delete(ctx, &p, sdk.AndWait()))
		}, 10 * time.Second, 2},
		{"at once, without word of the node", func(ctx context.Context, c *sdk.Client) error {
			return c.Delete(ctx, sleeper("b", 0), sdk.Grace(0), sdk.AndWait())
		}, 0, 2},
		{"what is gone already", func(ctx context.Context, c *sdk.Client) error {
			return c.Delete(ctx, sleeper("z", 0), sdk.IgnoreNotFound(), sdk.AndWait())
		}, 0, 3},
		{"all by labels", func(ctx context.Context, c *sdk.Client) error {
			return c.DeleteAll(ctx, &corev1.PodList{}, sdk.SelectingText("app=sleeper"), sdk.AndWait())
		}, 30 * time.Second, 0},
		{"all by a field that they lose while they end", func(ctx context.Context, c *sdk.Client) error {
			return c.DeleteAll(ctx, &corev1.PodList{}, sdk.Fields("status.phase=Running"), sdk.AndWait())
		}, 30 * time.Second, 0},
		{"all of one name", func(ctx context.Context, c *sdk.Client) error {
			return c.DeleteAll(ctx, &corev1.PodList{}, sdk.Fields("metadata.name=b"), sdk.AndWait())
		}, 20 * time.Second, 2},
		{"nothing", func(ctx context.Context, c *sdk.Client) error {
			return c.DeleteAll(ctx, &corev1.PodList{}, sdk.Selecting(selector.Nothing()), sdk.AndWait())
		}, 0, 3},
		{"all of nobody", func(ctx context.Context, c *sdk.Client) error {
			return c.DeleteAll(ctx, &corev1.PodList{}, sdk.SelectingText("app=nobody"), sdk.AndWait())
		}, 0, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sleeping(t, func(t *testing.T, c *sdk.Client) {
				began := time.Now()
				ok(t, tt.delete(t.Context(), c))
				if took := time.Since(began); took < tt.takes || took > tt.takes+3*time.Second {
					t.Errorf("took %v, want about %v", took, tt.takes)
				}
				var list corev1.PodList
				ok(t, c.List(t.Context(), &list))
				equal(t, "pods left", tt.left, len(list.Items))
			})
		})
	}
}

// Who comes under the same name or labels meanwhile is none of it.
func TestDeleteAndWaitLeavesOthersAlone(t *testing.T) {
	sleeping(t, func(t *testing.T, c *sdk.Client) {
		done := make(chan error)
		go func() {
			done <- c.DeleteAll(t.Context(), &corev1.PodList{}, sdk.SelectingText("app=sleeper"), sdk.AndWait())
		}()
		ok(t, c.Wait(t.Context(), sdk.PodNamed("a"), sdk.Deleted()))
		ok(t, c.Create(t.Context(), sleeper("a", 100)))
		ok(t, <-done)
		ok(t, c.Delete(t.Context(), sleeper("a", 0), sdk.Grace(0)))
	})
}

// What leaves the field selector while it ends has not gone.
func TestDeleteAndWaitForWhatFinalizersHold(t *testing.T) {
	sleeping(t, func(t *testing.T, c *sdk.Client) {
		held := sleeper("held", 1)
		held.Finalizers = []string{"example.com/held"}
		ok(t, c.Run(t.Context(), held))
		began := time.Now()
		let := make(chan error, 1)
		time.AfterFunc(time.Hour, func() { let <- c.Patch(t.Context(), held, sdk.MergePatch(`{"metadata":{"finalizers":null}}`)) })
		ok(t, c.DeleteAll(t.Context(), &corev1.PodList{}, sdk.Fields("status.phase=Running"), sdk.AndWait()))
		equal(t, "time", time.Hour, time.Since(began))
		ok(t, <-let)
	})
}

func TestDeleteAndWaitEndsWithItsContext(t *testing.T) {
	sleeping(t, func(t *testing.T, c *sdk.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		err := c.DeleteAll(ctx, &corev1.PodList{}, sdk.SelectingText("app=sleeper"), sdk.AndWait())
		var waited *sdk.WaitError
		if !errors.As(err, &waited) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("error %v is no WaitError of the context", err)
		}
		equal(t, "target", "pods in default", waited.Target)
		says(t, err, "deletion", "b: phase Running, terminating", "and 1 more")
	})
}

// Who may not watch cannot wait.
func TestDeleteAndWaitFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("DELETE "+appPath, object(pod("app", "1")))
		s.on(podsPath, status(apierrors.NewForbidden(schemaResource("pods"), "", errors.New("no watches for you"))))
		err := c.Delete(t.Context(), pod("app", "1"), sdk.AndWait())
		if !apierrors.IsForbidden(err) {
			t.Errorf("error %v is not Forbidden", err)
		}
		says(t, err, "wait Pod default/app for deletion", "no watches for you")
	})
}

// When the call returns, the pod is gone.
func ExampleAndWait() {
	c := exampleCluster()
	defer c.Close()
	ctx, pod := context.Background(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "shell"}}
	if err := c.Client().Delete(ctx, pod, sdk.AndWait()); err != nil {
		log.Fatal(err)
	}
	err := c.Client().Get(ctx, "shell", pod)
	fmt.Println(apierrors.IsNotFound(err))
	// Output: true
}
