package sdk_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
)

func TestDeleteBody(t *testing.T) {
	nameOnly := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app"}}
	tests := []struct {
		name string
		obj  sdk.Object
		opts []sdk.DeleteOption
		want string
	}{
		{"propagates in the background", nameOnly, nil, `{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"}`},
		{"means only the object with the UID", pod("app", "1"), nil, `{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"uid-app"},"propagationPolicy":"Background"}`},
		{"at once", nameOnly, []sdk.DeleteOption{sdk.Grace(0)}, `{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"propagationPolicy":"Background"}`},
		{"rounds seconds up", nameOnly, []sdk.DeleteOption{sdk.Grace(time.Millisecond)}, `{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":1,"propagationPolicy":"Background"}`},
		{"orphans", nameOnly, []sdk.DeleteOption{sdk.Propagation(metav1.DeletePropagationOrphan)}, `{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Orphan"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on("DELETE /api/v1/namespaces/default/pods/app", object(pod("app", "1")))
				ok(t, c.Delete(t.Context(), tt.obj, tt.opts...))
				equal(t, "body", tt.want, s.asks()[0].Body)
			})
		})
	}
}

func TestDeleteWhatIsGone(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("DELETE /api/v1/namespaces/default/pods/app", status(apierrors.NewNotFound(schemaResource("pods"), "app")))
		err := c.Delete(t.Context(), pod("app", ""))
		if !apierrors.IsNotFound(err) {
			t.Errorf("error %v is not NotFound", err)
		}
		says(t, err, "delete Pod default/app: ")
		ok(t, c.Delete(t.Context(), pod("app", ""), sdk.IgnoreNotFound()))
	})
}

// Without a name, the request would delete every pod.
func TestDeleteRefusesTheEmptyName(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		says(t, c.Delete(t.Context(), &corev1.Pod{}), "no name")
		equal(t, "requests", []string(nil), s.lines())
	})
}
