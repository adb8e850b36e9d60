package transport

import (
	"net/http"
	"time"

	apispdy "k8s.io/apimachinery/pkg/util/httpstream/spdy"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/transport/websocket"
	streamspdy "k8s.io/streaming/pkg/httpstream/spdy"
)

// pingPeriod is how often client-go's spdy.RoundTripperFor has its connections pinged.
const pingPeriod = 5 * time.Second

// wrap is the hook of the configuration. client-go hands it the round tripper of every client it makes, and those of
// upgrades are told by their types: they dial by themselves, so they are made to dial in memory. It relies on client-go's
// own types, which TestUpgradeTypes pins.
//
// A wrapper that a user put inside the hook rather than around it is looked through, as far as it has a
// WrappedRoundTripper method. That is enough for SPDY; a WebSocket round tripper must be the innermost one.
func (s *Server) wrap(rt http.RoundTripper) http.RoundTripper {
	return WrapUpgrades(rt, s.client.upgrades)
}

// WrapUpgrades is a hook for configurations whose clients reach their server by the dialer and the TLS configuration of another transport:
// client-go's round trippers for SPDY and WebSockets dial by it too. Any other is returned as it is.
func WrapUpgrades(rt http.RoundTripper, by *http.Transport) http.RoundTripper {
	switch upgrade := innermost(rt).(type) {
	case *apispdy.SpdyRoundTripper:
		// It must be changed in place: client-go asks this very value for the connection afterwards.
		if replaced, err := apispdy.NewRoundTripperWithConfig(apispdy.RoundTripperConfig{
			PingPeriod: pingPeriod, UpgradeTransport: by}); err == nil {
			*upgrade = *replaced
		}
	case *streamspdy.SpdyRoundTripper:
		if replaced, err := streamspdy.NewRoundTripperWithConfig(streamspdy.RoundTripperConfig{
			PingPeriod: pingPeriod, UpgradeTransport: by}); err == nil {
			*upgrade = *replaced
		}
	case *websocket.RoundTripper:
		if rt == http.RoundTripper(upgrade) {
			return &webSocket{by: by, inner: upgrade}
		}
	}
	return rt
}

// innermost looks through wrappers.
func innermost(rt http.RoundTripper) http.RoundTripper {
	for {
		wrapper, ok := rt.(utilnet.RoundTripperWrapper)
		if !ok {
			return rt
		}
		inner := wrapper.WrappedRoundTripper()
		if inner == nil {
			return rt
		}
		rt = inner
	}
}
