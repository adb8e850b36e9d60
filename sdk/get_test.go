package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/podwright/podwright/sdk"
)

func TestGet(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET /api/v1/namespaces/default/pods/app", object(pod("app", "7")))
		got := pod("other", "3", labelled(map[string]string{"stale": "yes"}))
		ok(t, c.Get(t.Context(), "app", got))
		equal(t, "pod", pod("app", "7"), got)
	})
}

func TestGetFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET /api/v1/namespaces/default/pods/app", status(apierrors.NewNotFound(schemaResource("pods"), "app")))
		got := pod("other", "3")
		err := c.Get(t.Context(), "app", got)
		if !apierrors.IsNotFound(err) {
			t.Errorf("error %v is not NotFound", err)
		}
		says(t, err, `get Pod default/app: pods "app" not found`)
		equal(t, "pod", pod("other", "3"), got)

		s.lines()
		says(t, c.Get(t.Context(), "", &corev1.Pod{}), "no name")
		says(t, c.Get(t.Context(), "app", &unstructured.Unstructured{}), "unstructured", "WithScheme")
		equal(t, "requests", []string(nil), s.lines())
	})
}
