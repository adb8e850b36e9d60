package sdk_test

import (
	"testing"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
)

const scalePath = "PATCH /api/v1/namespaces/default/replicationcontrollers/crane/scale"

func TestScale(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(scalePath, object(&autoscalingv1.Scale{}))
		rc := &corev1.ReplicationController{}
		rc.Name = "crane"
		for _, target := range []sdk.Target{sdk.ControllerNamed("crane"), rc} {
			ok(t, c.Scale(t.Context(), target, 3))
			asks := s.asks()
			equal(t, "request", scalePath, asks[0].Line)
			equal(t, "body", `{"spec":{"replicas":3}}`, asks[0].Body)
			equal(t, "content type", "application/merge-patch+json", asks[0].ContentType)
		}
	})
}

func TestScaleFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(scalePath, status(apierrors.NewNotFound(schemaResource("replicationcontrollers"), "crane")))
		err := c.Scale(t.Context(), sdk.ControllerNamed("crane"), 3)
		if !apierrors.IsNotFound(err) {
			t.Errorf("error %v is not NotFound", err)
		}
		says(t, err, "scale ReplicationController default/crane: ")
		s.lines()
		says(t, c.Scale(t.Context(), sdk.ControllerNamed("crane"), -1), "cannot be negative")
		says(t, c.Scale(t.Context(), sdk.SelectedText("app"), 1), "cannot be scaled")
		says(t, c.Scale(t.Context(), nil, 1), "no target")
		says(t, c.Scale(t.Context(), (*corev1.ReplicationController)(nil), 1), "nil")
		says(t, c.Scale(t.Context(), sdk.ControllerNamed(""), 1), "no name")
		equal(t, "requests", []string(nil), s.lines())
	})
}
