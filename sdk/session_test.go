package sdk_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
)

// A server that does not accept streams holds up neither a dial past its context nor Close.
func TestForwardToAServerThatStalls(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.stall = make(chan struct{})
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if _, err := f.DialContext(ctx, "tcp", ":80"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dial: %v, want the context's error", err)
		}
		f.Close()
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("dial and Close took %v", took)
		}
		close(s.stall)
		<-time.After(time.Minute) // the stream that was being opened has given up by then
	})
}

func TestPortForwardToAServerThatHangs(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		release := make(chan struct{})
		defer close(release)
		s.refuse = func(http.ResponseWriter, *http.Request) { <-release }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.PortForward(ctx, sdk.PodNamed("app")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v is not the context's", err)
		}
	})
}

// The error is the API's own, though both protocols were tried.
func TestPortForwardForbidden(t *testing.T) {
	s, c := loopbackServer(t)
	s.refuse = status(apierrors.NewForbidden(schemaResource("pods"), "app", errors.New("no forwards for you")))
	_, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
	if !apierrors.IsForbidden(err) {
		t.Errorf("error %v is not Forbidden", err)
	}
	says(t, err, "port-forward Pod default/app: ", "no forwards for you")
}
