package sdk_test

import (
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
)

const podsPath = "GET /api/v1/namespaces/default/pods"

func TestListOptions(t *testing.T) {
	tests := []struct {
		name string
		list runtime.Object
		opts []sdk.ListOption
		want string
	}{
		{"none", &corev1.PodList{}, nil, podsPath + "?limit=500"},
		{"another namespace", &corev1.PodList{}, []sdk.ListOption{sdk.In("web")}, "GET /api/v1/namespaces/web/pods?limit=500"},
		{"all namespaces", &corev1.PodList{}, []sdk.ListOption{sdk.AllNamespaces()}, "GET /api/v1/pods?limit=500"},
		{"a kind without namespaces", &corev1.NodeList{}, []sdk.ListOption{sdk.In("web")}, "GET /api/v1/nodes?limit=500"},
		{"selectors of one sort must all hold", &corev1.PodList{},
			[]sdk.ListOption{sdk.SelectingText("app=crane"), sdk.SelectingText("tier"), sdk.Fields("status.phase=Running")},
			podsPath + "?fieldSelector=status.phase%3DRunning&labelSelector=app%3Dcrane%2Ctier&limit=500"},
		{"selectors and texts must all hold", &corev1.PodList{},
			[]sdk.ListOption{sdk.Selecting(selector.MustParse("tier in (b,a), !canary")), sdk.SelectingText("app=crane"), sdk.Selecting(selector.All())},
			podsPath + "?labelSelector=app%3Dcrane%2C%21canary%2Ctier+in+%28a%2Cb%29&limit=500"},
		{"the zero selector selects all", &corev1.PodList{}, []sdk.ListOption{sdk.Selecting(selector.Selector{})}, podsPath + "?limit=500"},
		{"an empty selector selects all", &corev1.PodList{}, []sdk.ListOption{sdk.SelectingText(" "), sdk.Fields("")}, podsPath + "?limit=500"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				c.List(t.Context(), tt.list, tt.opts...)
				equal(t, "requests", []string{tt.want}, s.lines())
			})
		})
	}
}

func TestListReadsAllPages(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		left := int64(2)
		first := pods("9", "token1", pod("a", "1"), pod("b", "2"))
		first.RemainingItemCount = &left
		s.on(podsPath, object(first), object(pods("9", "token2", pod("c", "3"))), object(pods("9", "", pod("d", "4"))))
		got := *pods("1", "", pod("stale", "1"))
		ok(t, c.List(t.Context(), &got))
		equal(t, "list", pods("9", "", pod("a", "1"), pod("b", "2"), pod("c", "3"), pod("d", "4")), &got)
		equal(t, "requests", []string{
			podsPath + "?limit=500",
			podsPath + "?continue=token1&limit=500",
			podsPath + "?continue=token2&limit=500",
		}, s.lines())
	})
}

func TestListStartsAnewWhenAPageHasExpired(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(podsPath, object(pods("9", "token1", pod("a", "1"))),
			status(apierrors.NewResourceExpired("too old")), object(pods("12", "", pod("b", "2"))))
		var got corev1.PodList
		ok(t, c.List(t.Context(), &got))
		equal(t, "list", pods("12", "", pod("b", "2")), &got)
		equal(t, "last request", podsPath, s.lines()[2])
	})
}

// Items have their kind, though the wire leaves it out.
func TestListSetsKinds(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		bare := pod("a", "1")
		bare.TypeMeta = metav1.TypeMeta{}
		s.on(podsPath, object(pods("9", "", bare)))
		var got corev1.PodList
		ok(t, c.List(t.Context(), &got))
		equal(t, "list", pods("9", "", pod("a", "1")), &got)
	})
}

func TestListOfNothing(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(podsPath, object(pods("9", "")))
		got := *pods("1", "", pod("stale", "1"))
		ok(t, c.List(t.Context(), &got))
		equal(t, "items", []corev1.Pod{}, got.Items)
	})
}

// Nothing is no text that a server would understand, so it is not asked.
func TestListOfSelectorNothing(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		got := *pods("1", "", pod("stale", "1"))
		ok(t, c.List(t.Context(), &got, sdk.Selecting(selector.Nothing()), sdk.SelectingText("app=crane")))
		want := pods("", "")
		want.Items = []corev1.Pod{}
		equal(t, "list", want, &got)
		equal(t, "requests", []string(nil), s.lines())
	})
}

// A value that was never validated must not become another selector on its way.
func TestListRefusesWhatHasNoText(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		got := *pods("1", "", pod("kept", "1"))
		err := c.List(t.Context(), &got, sdk.Selecting(selector.FromSet(map[string]string{"app": "a,tier=b"})))
		if !errors.Is(err, selector.ErrNotQueryable) {
			t.Errorf("error %v is not ErrNotQueryable", err)
		}
		says(t, err, "list pods in default: ")
		equal(t, "list", pods("1", "", pod("kept", "1")), &got)
		equal(t, "requests", []string(nil), s.lines())
	})
}

func TestListFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(podsPath, object(pods("9", "token1", pod("a", "1"))), status(apierrors.NewForbidden(schemaResource("pods"), "", nil)))
		got := *pods("1", "", pod("kept", "1"))
		err := c.List(t.Context(), &got)
		if !apierrors.IsForbidden(err) {
			t.Errorf("error %v is not Forbidden", err)
		}
		says(t, err, "list pods in default: ")
		equal(t, "list", pods("1", "", pod("kept", "1")), &got)

		says(t, c.List(t.Context(), &corev1.Pod{}), "Pod is not a list")
	})
}
