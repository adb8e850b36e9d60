package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
)

func TestUpdate(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("PUT /api/v1/namespaces/default/pods/app", object(pod("app", "8")),
			status(apierrors.NewConflict(schemaResource("pods"), "app", nil)))
		obj := pod("app", "7")
		ok(t, c.Update(t.Context(), obj, sdk.DryRun()))
		equal(t, "object", pod("app", "8"), obj)
		if err := c.Update(t.Context(), obj); !apierrors.IsConflict(err) {
			t.Errorf("error %v is not Conflict", err)
		}
		equal(t, "requests", []string{
			"PUT /api/v1/namespaces/default/pods/app?dryRun=All",
			"PUT /api/v1/namespaces/default/pods/app",
		}, s.lines())
		says(t, c.Update(t.Context(), &corev1.Pod{}), "update Pod default/: ", "no name")
	})
}
