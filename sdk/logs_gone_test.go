package sdk_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// A pod is deleted by force when the log of its container was read to the end of one run, and nothing of the next one: that there was one
// is known, so lines may be missing.
func TestGoneBeforeTheNextRunWasRead(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		cluster.HandleFunc("script", scripted)
		pod := scriptPod("p", corev1.RestartPolicyAlways, "1 2 fail")
		config := cluster.RESTConfig()
		var turned atomic.Bool
		config.Wrap(func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				previous := r.URL.Query().Get("previous") != ""
				if strings.HasSuffix(r.URL.Path, "/log") && turned.Load() && !previous { // the first run was read to its end
					ok(t, cluster.Client().Delete(t.Context(), pod, sdk.Grace(0), sdk.IgnoreNotFound()))
				}
				if previous {
					turned.Store(true)
				}
				return next.RoundTrip(r)
			})
		})
		c, err := sdk.New(config)
		ok(t, err)
		ok(t, c.Create(t.Context(), pod))
		var got []string
		for l, err := range c.Logs(t.Context(), sdk.PodNamed("p"), sdk.LogOptions{Follow: true}) {
			var gap *sdk.LogGap
			switch {
			case errors.As(err, &gap):
				got = append(got, string(gap.Reason))
			case err != nil:
				t.Error(err)
			default:
				got = append(got, l.Text)
			}
		}
		equal(t, "lines", []string{"1", "2", "gone"}, got)
	})
}
