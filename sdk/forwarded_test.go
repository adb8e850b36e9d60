package sdk_test

import (
	"context"
	"net"
	"testing"

	"github.com/podwright/podwright/sdk"
)

// Who opens the listener of a port-forward is told where it leads, for each port; nobody else is.
func TestForwardedOf(t *testing.T) {
	var told []sdk.Forwarded
	_, c := loopbackServer(t, sdk.ListenWith(func(ctx context.Context, _, _ string) (net.Listener, error) {
		told = append(told, sdk.ForwardedOf(ctx)())
		return newListener(), nil
	}))
	f, err := c.PortForward(t.Context(), sdk.PodNamed("app"), "8888:8080", "9999:http")
	ok(t, err)
	defer f.Close()
	equal(t, "ends", []sdk.Forwarded{{"default", "app", 8080}, {"default", "app", 8080}}, told)

	if sdk.ForwardedOf(t.Context()) != nil {
		t.Error("a context of no forward leads somewhere")
	}
}
