package sdk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// noInitialEvents is how a server answers that has them switched off, or is too old to know of them.
var noInitialEvents = apierrors.NewInvalid(schema.GroupKind{Group: "meta.k8s.io", Kind: "ListOptions"}, "",
	field.ErrorList{field.Forbidden(field.NewPath("sendInitialEvents"), "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")})

// allThere is the bookmark that ends the initial events.
func allThere(version string) string {
	data, err := json.Marshal(&corev1.Pod{TypeMeta: podMeta, ObjectMeta: metav1.ObjectMeta{
		ResourceVersion: version, Annotations: map[string]string{metav1.InitialEventsAnnotationKey: "true"}}})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"type":"BOOKMARK","object":%s}`, data)
}

const (
	streamPods = podsPath + "?allowWatchBookmarks=true&labelSelector=app&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&watch=true"
	listPods   = podsPath + "?labelSelector=app&limit=500"
)

func watchPods(version string) string {
	return podsPath + "?allowWatchBookmarks=true&labelSelector=app&resourceVersion=" + version + "&watch=true"
}

// A wait is one request where the server sends what there is by the watch itself.
func TestWaitByInitialEvents(t *testing.T) {
	lists := []http.HandlerFunc{object(pods("7", "", pod("a", "1", ready)))}
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		want    []string
	}{
		{"all is there", []http.HandlerFunc{parts(event("ADDED", pod("a", "1", ready)), allThere("7"), "hang")}, []string{streamPods}},
		{"something changes before all was sent", []http.HandlerFunc{parts(event("ADDED", pod("a", "1")), event("ADDED", pod("b", "2")),
			event("MODIFIED", pod("a", "3", ready)), event("DELETED", pod("b", "4")), allThere("7"), "hang")}, []string{streamPods}},
		{"what comes before the bookmark is not judged", []http.HandlerFunc{parts(event("ADDED", pod("a", "1", ready)), event("ADDED", pod("b", "2")), allThere("7"),
			event("MODIFIED", pod("b", "8", ready)), "hang")}, []string{streamPods}},
		{"the server cannot", []http.HandlerFunc{status(noInitialEvents), lists[0]}, []string{streamPods, listPods}},
		{"the stream breaks before all was sent", []http.HandlerFunc{parts(event("ADDED", pod("b", "2")), "drop"), lists[0]}, []string{streamPods, listPods}},
		{"the stream ends before all was sent", []http.HandlerFunc{parts(event("ADDED", pod("b", "2"))), lists[0]}, []string{streamPods, listPods}},
		{"the server is in trouble", []http.HandlerFunc{status(apierrors.NewInternalError(http.ErrBodyNotAllowed)), lists[0]}, []string{streamPods, listPods}},
		{"the watch breaks afterwards", []http.HandlerFunc{parts(event("ADDED", pod("a", "1")), allThere("7"), "drop"), parts(event("MODIFIED", pod("a", "8", ready)), "hang")},
			[]string{streamPods, watchPods("7")}},
		{"the point is forgotten afterwards", []http.HandlerFunc{parts(event("ADDED", pod("a", "1")), allThere("7"), event("MODIFIED", pod("a", "8"))),
			status(apierrors.NewResourceExpired("too old")), parts(event("ADDED", pod("a", "9", ready)), allThere("10"), "hang")},
			[]string{streamPods, watchPods("8"), streamPods}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on(podsPath, tt.answers...)
				ok(t, c.Wait(t.Context(), sdk.SelectedText("app"), sdk.Ready()))
				equal(t, "requests", tt.want, s.lines())
			})
		})
	}
}

// That a server cannot is learned once.
func TestInitialEventsAreAskedForOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(podsPath, status(noInitialEvents), object(pods("7", "", pod("a", "1", ready))))
		ok(t, c.Wait(t.Context(), sdk.SelectedText("app"), sdk.Ready()))
		ok(t, c.Namespace("").Wait(t.Context(), sdk.SelectedText("app"), sdk.Ready()))
		equal(t, "requests", []string{streamPods, listPods, listPods}, s.lines())
	})
}

// The fake sends what there is by a watch: a wait asks it once.
func TestWaitOnTheFakeIsOneRequest(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		cluster.Handle("pause", fake.Pause)
		ok(t, cluster.Client().Run(t.Context(), faulty("pause")))
		config := cluster.RESTConfig()
		var asked []string
		config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &counter{next, &asked} })
		c, err := sdk.New(config)
		ok(t, err)
		ok(t, c.Wait(t.Context(), sdk.SelectedText("app"), sdk.Ready()))
		equal(t, "requests", []string{streamPods}, asked)
	})
}

// counter keeps what is asked, one request after the other.
type counter struct {
	next  http.RoundTripper
	asked *[]string
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.asked = append(*c.asked, r.Method+" "+r.URL.RequestURI())
	return c.next.RoundTrip(r)
}
