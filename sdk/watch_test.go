package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
)

const watchQuery = podsPath + "?allowWatchBookmarks=true&resourceVersion=%s&watch=true"

// script answers lists and watches of pods in turn.
func script(s *server, lists, watches []http.HandlerFunc) {
	s.on(podsPath, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("sendInitialEvents") {
			status(noInitialEvents)(w, r)
			return
		}
		next := &lists
		if r.URL.Query().Get("watch") != "" {
			next = &watches
		}
		answer := (*next)[0]
		if len(*next) > 1 {
			*next = (*next)[1:]
		}
		answer(w, r)
	})
}

// collect takes n events and describes each as "ADDED app@7".
func collect(t *testing.T, c *sdk.Client, n int) []string {
	t.Helper()
	var got []string
	for e, err := range c.Watch(t.Context(), &corev1.PodList{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s@%s", e.Type, e.Object.GetName(), e.Object.GetResourceVersion()))
		equal(t, "kind", podMeta, e.Object.(*corev1.Pod).TypeMeta)
		if len(got) == n {
			break
		}
	}
	return got
}

func TestWatchStartsWithWhatIsThere(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s,
			[]http.HandlerFunc{object(pods("7", "", pod("a", "3"), pod("b", "5")))},
			[]http.HandlerFunc{parts(event("ADDED", pod("c", "8"))+event("MODIFIED", pod("a", "9")), event("DELETED", pod("b", "10")), "hang")})
		equal(t, "events", []string{"ADDED a@3", "ADDED b@5", "ADDED c@8", "MODIFIED a@9", "DELETED b@10"}, collect(t, c, 5))
		equal(t, "requests", []string{podsPath + "?limit=500", fmt.Sprintf(watchQuery, "7")}, s.lines())
	})
}

func TestWatchResumesWhereItWasCut(t *testing.T) {
	tests := []struct {
		name  string
		first http.HandlerFunc
		want  string
	}{
		{"after an event", parts(event("MODIFIED", pod("a", "9"))), "9"},
		{"after a bookmark", parts(event("MODIFIED", pod("a", "9")), event("BOOKMARK", pod("", "40"))), "40"},
		{"after a broken connection", parts(event("MODIFIED", pod("a", "9")), "drop"), "9"},
		{"after half an event", parts(event("MODIFIED", pod("a", "9")), `{"type":"MOD`), "9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				script(s,
					[]http.HandlerFunc{object(pods("7", "", pod("a", "3")))},
					[]http.HandlerFunc{tt.first, parts(event("MODIFIED", pod("a", "50")), "hang")})
				equal(t, "events", []string{"ADDED a@3", "MODIFIED a@9", "MODIFIED a@50"}, collect(t, c, 3))
				equal(t, "resumed at", fmt.Sprintf(watchQuery, tt.want), s.lines()[2])
			})
		})
	}
}

// What happened while the server forgot is told as differences, so that the consumer's view stays right.
func TestWatchListsAnewAfterGone(t *testing.T) {
	again := pod("again", "30")
	again.UID = "uid-second"
	gone := `{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410,"message":"too old"}}`
	tests := []struct {
		name string
		gone http.HandlerFunc
	}{
		{"as an event", parts(gone, "hang")},
		{"as an answer", status(apierrors.NewResourceExpired("too old"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				script(s,
					[]http.HandlerFunc{
						object(pods("7", "", pod("again", "1"), pod("changed", "2"), pod("left", "3"), pod("parted", "4"), pod("same", "5"))),
						object(pods("40", "", again, pod("changed", "32"), pod("new", "33"), pod("same", "5"))),
					},
					[]http.HandlerFunc{parts(event("MODIFIED", pod("left", "8"))), tt.gone, parts(event("ADDED", pod("last", "41")), "hang")})
				equal(t, "events", []string{
					"ADDED again@1", "ADDED changed@2", "ADDED left@3", "ADDED parted@4", "ADDED same@5", "MODIFIED left@8",
					"DELETED left@8", "DELETED parted@4", "DELETED again@1", "ADDED again@30", "MODIFIED changed@32", "ADDED new@33",
					"ADDED last@41",
				}, collect(t, c, 13))
			})
		})
	}
}

func TestWatchEnds(t *testing.T) {
	tests := []struct {
		name           string
		lists, watches []http.HandlerFunc
		after          time.Duration
		is             func(error) bool
		says           string
	}{
		{"with an API error of the first list", []http.HandlerFunc{status(apierrors.NewForbidden(schemaResource("pods"), "", errors.New("no")))}, nil,
			0, apierrors.IsForbidden, "watch pods in default: pods is forbidden"},
		{"with an API error of the watch", []http.HandlerFunc{object(pods("7", ""))}, []http.HandlerFunc{status(apierrors.NewUnauthorized("who are you"))},
			0, apierrors.IsUnauthorized, "who are you"},
		{"when the server hangs up at once for a minute", []http.HandlerFunc{object(pods("7", ""))}, []http.HandlerFunc{parts("drop")},
			time.Minute, nil, "given up after 1m0s"},
		{"when the server is out of order for a minute", []http.HandlerFunc{object(pods("7", ""))}, []http.HandlerFunc{status(apierrors.NewServiceUnavailable("later"))},
			time.Minute, apierrors.IsServiceUnavailable, "given up after 1m0s"},
		{"when each answer is gone", []http.HandlerFunc{object(pods("7", ""))}, []http.HandlerFunc{status(apierrors.NewGone("gone"))},
			time.Minute, apierrors.IsGone, "given up after 1m0s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				script(s, tt.lists, tt.watches)
				begun := time.Now()
				var got error
				for _, err := range c.Watch(t.Context(), &corev1.PodList{}) {
					got = err
				}
				says(t, got, tt.says)
				if tt.is != nil && !tt.is(got) {
					t.Errorf("error %v is of another kind", got)
				}
				if took := time.Since(begun); took < tt.after || took > tt.after+10*time.Second {
					t.Errorf("ended after %v, want about %v", took, tt.after)
				}
			})
		})
	}
}

// A watch that a proxy cuts every few seconds, with nothing to tell in between, is a good watch.
func TestWatchOutlivesQuietCuts(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		cut := func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-time.After(5 * time.Second)
		}
		watches := make([]http.HandlerFunc, 100)
		for i := range watches {
			watches[i] = cut
		}
		script(s, []http.HandlerFunc{object(pods("7", ""))}, append(watches, parts(event("ADDED", pod("a", "8")), "hang")))
		equal(t, "events", []string{"ADDED a@8"}, collect(t, c, 1))
	})
}

func TestWatchEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{object(pods("7", "", pod("a", "1")))}, []http.HandlerFunc{parts("hang")})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var errs []error
		for _, err := range c.Watch(ctx, &corev1.PodList{}) {
			errs = append(errs, err)
		}
		if len(errs) != 2 || errs[0] != nil || !errors.Is(errs[1], context.DeadlineExceeded) {
			t.Errorf("got errors %v, want one event and the context's error", errs)
		}
	})
}

// A server that was never reached is an error at once, most likely a wrong address.
func TestWatchOfAClosedServer(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{parts("drop")}, nil)
		var got error
		for _, err := range c.Watch(t.Context(), &corev1.PodList{}) {
			got = err
		}
		says(t, got, "watch pods in default: ")
		if strings.Contains(got.Error(), "given up") {
			t.Errorf("error %v came late", got)
		}
		says(t, func() error {
			for _, err := range c.Watch(t.Context(), &corev1.Pod{}) {
				return err
			}
			return nil
		}(), "Pod is not a list")
	})
}

func TestWatchPassesOptionsOn(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET /api/v1/namespaces/web/pods", object(pods("7", "", pod("a", "1"))))
		for range c.Watch(t.Context(), &corev1.PodList{}, sdk.In("web"), sdk.SelectingText("app=crane")) {
			break
		}
		equal(t, "request", "labelSelector=app%3Dcrane&limit=500", strings.Split(s.lines()[0], "?")[1])
	})
}

// Nothing happens to nothing, until the context ends.
func TestWatchOfSelectorNothing(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		var last error
		for e, err := range c.Watch(ctx, &corev1.PodList{}, sdk.Selecting(selector.Nothing())) {
			if err == nil {
				t.Errorf("event %v", e)
			}
			last = err
		}
		if !errors.Is(last, context.DeadlineExceeded) {
			t.Errorf("error %v is not the context's", last)
		}
		equal(t, "time", time.Hour, time.Since(began))
		equal(t, "requests", []string(nil), s.lines())
	})
}

func TestWatchRefusesWhatHasNoText(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		var last error
		for _, last = range c.Watch(t.Context(), &corev1.PodList{}, sdk.Selecting(selector.FromSet(map[string]string{"app": "a b"}))) {
		}
		if !errors.Is(last, selector.ErrNotQueryable) {
			t.Errorf("error %v is not ErrNotQueryable", last)
		}
		equal(t, "requests", []string(nil), s.lines())
	})
}
