package sdk_test

import (
	"errors"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
)

const appPath = "/api/v1/namespaces/default/pods/app"

func TestLabelPatch(t *testing.T) {
	have := map[string]string{"app": "crane", "tier": "web"}
	tests := []struct {
		name   string
		labels map[string]string
		opts   []sdk.LabelOption
		want   string // empty for no write
	}{
		{"adds", map[string]string{"new": "1"}, nil, `{"metadata":{"labels":{"new":"1"},"resourceVersion":"7"}}`},
		{"writes nothing where all is as wanted", map[string]string{"app": "crane"}, nil, ""},
		{"changes when told to", map[string]string{"app": "stork"}, []sdk.LabelOption{sdk.Overwrite()}, `{"metadata":{"labels":{"app":"stork"},"resourceVersion":"7"}}`},
		{"removes", nil, []sdk.LabelOption{sdk.Remove("tier", "absent")}, `{"metadata":{"labels":{"tier":null},"resourceVersion":"7"}}`},
		{"adds and removes in one write", map[string]string{"new": ""}, []sdk.LabelOption{sdk.Remove("tier")}, `{"metadata":{"labels":{"new":"","tier":null},"resourceVersion":"7"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on("GET "+appPath, object(pod("app", "7", labelled(have))))
				s.on("PATCH "+appPath, object(pod("app", "8")))
				obj := pod("app", "3")
				ok(t, c.Label(t.Context(), obj, tt.labels, tt.opts...))
				asks := s.asks()
				if tt.want == "" {
					equal(t, "number of requests", 1, len(asks))
					equal(t, "object", pod("app", "7", labelled(have)), obj)
					return
				}
				equal(t, "patch", tt.want, asks[1].Body)
				equal(t, "content type", "application/merge-patch+json", asks[1].ContentType)
				equal(t, "object", pod("app", "8"), obj)
			})
		})
	}
}

func TestLabelRefusesToOverwrite(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "7", labelled(map[string]string{"app": "crane", "tier": "web"}))))
		obj := pod("app", "3")
		err := c.Label(t.Context(), obj, map[string]string{"app": "stork", "tier": "db", "new": "1"})
		var refused *sdk.OverwriteError
		if !errors.As(err, &refused) {
			t.Fatalf("error %v is no OverwriteError", err)
		}
		equal(t, "error", &sdk.OverwriteError{Field: "label", Key: "app", Old: "crane", New: "stork"}, refused)
		says(t, err, "label Pod default/app: ", `label app is "crane" already, not "stork"`, `label tier is "web" already, not "db"`, "Overwrite")
		equal(t, "object", pod("app", "3"), obj)
		equal(t, "requests", []string{"GET " + appPath}, s.lines())

		says(t, c.Label(t.Context(), obj, map[string]string{"x": "1"}, sdk.Remove("x")), "x is both set and removed")
	})
}

// A change by somebody else in between is judged anew, and cannot be overwritten by accident.
func TestLabelMeetsAConcurrentChange(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "7")), object(pod("app", "8", labelled(map[string]string{"app": "theirs"}))))
		s.on("PATCH "+appPath, status(apierrors.NewConflict(schemaResource("pods"), "app", nil)))
		err := c.Label(t.Context(), pod("app", "7"), map[string]string{"app": "ours"})
		says(t, err, `label app is "theirs" already, not "ours"`)
	})
}

func TestLabelGivesUpOnEndlessConflict(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "7")))
		s.on("PATCH "+appPath, status(apierrors.NewConflict(schemaResource("pods"), "app", nil)))
		if err := c.Label(t.Context(), pod("app", ""), map[string]string{"a": "b"}); !apierrors.IsConflict(err) {
			t.Errorf("error %v is not Conflict", err)
		}
		equal(t, "number of requests", 20, len(s.asks()))
	})
}

func TestLabelOfAnObjectThatWasReplaced(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		replaced := pod("app", "7")
		replaced.UID = "another"
		s.on("GET "+appPath, object(replaced))
		err := c.Label(t.Context(), pod("app", "3"), map[string]string{"a": "b"})
		if !apierrors.IsConflict(err) {
			t.Errorf("error %v is not Conflict", err)
		}
		says(t, err, "another object has taken the name")
		equal(t, "requests", []string{"GET " + appPath}, s.lines())
	})
}

func TestAnnotate(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "7")))
		s.on("PATCH "+appPath, object(pod("app", "8")))
		ok(t, c.Annotate(t.Context(), pod("app", ""), map[string]string{"note": "x"}))
		want := `{"metadata":{"annotations":{"note":"x"},"resourceVersion":"7"}}`
		equal(t, "patch", want, s.asks()[1].Body)
	})
}
