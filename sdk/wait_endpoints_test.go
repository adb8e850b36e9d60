package sdk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
)

func TestWaitForService(t *testing.T) {
	labels := map[string]string{"app": "crane"}
	slow := func(p *corev1.Pod) {
		main(p).ReadinessProbe = probing("/")
		main(p).ReadinessProbe.InitialDelaySeconds = 60
	}
	service := cranesAt(intstr.FromString("web"), labels)
	t.Run("it leads somewhere when a pod is ready", func(t *testing.T) {
		onLate(t, func(t *testing.T, c *sdk.Client) {
			begun := time.Now()
			ok(t, c.Create(t.Context(), faulty("web", listing("web", 8080), slow)))
			s := service.DeepCopy()
			ok(t, c.Run(t.Context(), s))
			if took := time.Since(begun); took < time.Minute || took > 2*time.Minute {
				t.Errorf("waited %v, want about a minute", took)
			}
			if s.Spec.ClusterIP == "" {
				t.Error("the Service is not filled")
			}
		})
	})
	tests := []struct {
		name    string
		objects []sdk.Object
		then    func(c *sdk.Client)
		is      func(error) bool
		says    []string
	}{
		{"its pods do not get ready", []sdk.Object{service.DeepCopy(), faulty("nowhere/crane", listing("web", 8080))}, nil, causedBy(context.DeadlineExceeded),
			[]string{"wait Service default/crane for ready: context deadline exceeded; last seen: 0 of 1 endpoints ready; pod app: phase Pending; container main waiting: "}},
		{"its pods have no such port", []sdk.Object{service.DeepCopy(), faulty("web")}, nil, causedBy(context.DeadlineExceeded), []string{"all of 1 pods ready"}},
		{"it has no pods", []sdk.Object{service.DeepCopy()}, nil, causedBy(context.DeadlineExceeded), []string{"last seen: 0 of 0 endpoints ready"}},
		{"it is deleted", []sdk.Object{service.DeepCopy()}, func(c *sdk.Client) { c.Delete(context.Background(), service) }, causedBy(sdk.ErrDeleted), nil},
		{"there is none", nil, nil, apierrors.IsNotFound, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onLate(t, func(t *testing.T, c *sdk.Client) {
				for _, obj := range tt.objects {
					ok(t, c.Create(t.Context(), obj))
				}
				if tt.then != nil {
					time.AfterFunc(20*time.Second, func() { tt.then(c) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, sdk.ServiceNamed("crane"), sdk.Ready())
				if !tt.is(err) {
					t.Errorf("error %v is of another sort", err)
				}
				says(t, err, tt.says...)
				if !errors.As(err, new(*sdk.WaitError)) {
					t.Errorf("error %v is no WaitError", err)
				}
			})
		})
	}
}
