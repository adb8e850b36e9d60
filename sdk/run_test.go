package sdk_test

import (
	"net/http"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

func TestRun(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("POST /api/v1/namespaces/default/pods", object(pod("app", "1")))
		script(s, []http.HandlerFunc{object(pods("7", "", pod("app", "1")))}, []http.HandlerFunc{parts(event("MODIFIED", pod("app", "8", ready)), "hang")})
		obj := &corev1.Pod{}
		obj.Name = "app"
		ok(t, c.Run(t.Context(), obj))
		equal(t, "object", pod("app", "8", ready), obj)
	})
}

func TestRunRefusesWhatIsNeverReady(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		cm := &corev1.ConfigMap{}
		cm.Name = "settings"
		says(t, c.Run(t.Context(), cm), "run ConfigMap settings: ")
		equal(t, "requests", []string(nil), s.lines())
	})
}
