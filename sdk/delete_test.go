package sdk_test

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
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

func TestDeleteAll(t *testing.T) {
	const path = "DELETE /api/v1/namespaces/default/pods"
	tests := []struct {
		name string
		list runtime.Object
		opts []sdk.DeleteAllOption
		want string // the request
	}{
		{"by labels", &corev1.PodList{}, []sdk.DeleteAllOption{sdk.Selecting(selector.MustParse("app=crane"))}, path + "?labelSelector=app%3Dcrane"},
		{"by a text", &corev1.PodList{}, []sdk.DeleteAllOption{sdk.SelectingText("app")}, path + "?labelSelector=app"},
		{"by fields", &corev1.PodList{}, []sdk.DeleteAllOption{sdk.Fields("status.phase=Failed")}, path + "?fieldSelector=status.phase%3DFailed"},
		{"everything, on purpose", &corev1.PodList{}, []sdk.DeleteAllOption{sdk.Selecting(selector.All())}, path},
		{"in another namespace", &corev1.PodList{}, []sdk.DeleteAllOption{sdk.In("web"), sdk.Selecting(selector.All())}, "DELETE /api/v1/namespaces/web/pods"},
		{"kinds without namespaces", &corev1.NodeList{}, []sdk.DeleteAllOption{sdk.SelectingText("zone=a")}, "DELETE /api/v1/nodes?labelSelector=zone%3Da"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on(strings.Split(tt.want, "?")[0], object(pods("7", "", pod("a", "1"))))
				ok(t, c.DeleteAll(t.Context(), tt.list, append(tt.opts, sdk.Grace(time.Second))...))
				asks := s.asks()
				equal(t, "request", tt.want, asks[0].Line)
				equal(t, "body", `{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":1,"propagationPolicy":"Background"}`, asks[0].Body)
			})
		})
	}
}

// What was not chosen is not deleted: an empty selector is everything, and may be a mistake.
func TestDeleteAllRefuses(t *testing.T) {
	const empty = "the selector is empty and chooses everything: if that is meant, give Selecting(selector.All())"
	tests := []struct {
		name string
		opts []sdk.DeleteAllOption
		want string // "" if all is well
	}{
		{"no options", nil, "delete all pods in default: " + empty},
		{"the zero selector", []sdk.DeleteAllOption{sdk.Selecting(selector.Selector{})}, empty},
		{"the selector of no labels", []sdk.DeleteAllOption{sdk.Selecting(selector.FromSet(nil))}, empty},
		{"empty texts", []sdk.DeleteAllOption{sdk.SelectingText(" "), sdk.Fields("")}, empty},
		{"a namespace is no choice", []sdk.DeleteAllOption{sdk.In("web")}, "delete all pods in web: " + empty},
		{"all namespaces", []sdk.DeleteAllOption{sdk.AllNamespaces(), sdk.Selecting(selector.All())}, "works in one namespace only"},
		{"what has no text", []sdk.DeleteAllOption{sdk.Selecting(selector.FromSet(map[string]string{"a": "b,c"}))}, "no text that means the same"},
		{"nothing is nothing to do", []sdk.DeleteAllOption{sdk.Selecting(selector.Nothing())}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				if err := c.DeleteAll(t.Context(), &corev1.PodList{}, tt.opts...); tt.want == "" {
					ok(t, err)
				} else {
					says(t, err, tt.want)
				}
				equal(t, "requests", []string(nil), s.lines())
			})
		})
	}
}
