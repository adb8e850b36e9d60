package stream

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestUpgradeRefuses(t *testing.T) {
	const tunnel = "SPDY/3.1+portforward.k8s.io"
	tests := []struct {
		name    string
		method  string
		header  http.Header
		code    int
		reason  metav1.StatusReason
		message string
	}{
		{"a plain GET", "GET", nil, 400, "BadRequest", "Upgrade request required"},
		{"a plain POST", "POST", nil, 400, "BadRequest", "Upgrade request required"},
		{"an Upgrade that Connection does not name", "POST", http.Header{"Upgrade": {"SPDY/3.1"}}, 400, "BadRequest", "Upgrade request required"},
		{"no protocol", "POST", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"SPDY/3.1"}}, 400, "BadRequest",
			"unable to upgrade: header X-Stream-Protocol-Version does not name a protocol: set it to portforward.k8s.io"},
		{"an empty protocol", "POST", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"SPDY/3.1"}, "X-Stream-Protocol-Version": {" , "}}, 400, "BadRequest",
			"unable to upgrade: header X-Stream-Protocol-Version does not name a protocol: set it to portforward.k8s.io"},
		{"another protocol", "POST", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"SPDY/3.1"}, "X-Stream-Protocol-Version": {"a, b"}}, 403, "Forbidden",
			"unable to upgrade: unable to negotiate protocol: client supports [a b], server accepts [portforward.k8s.io]"},
		{"another upgrade", "POST", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"SPDY/4"}, "X-Stream-Protocol-Version": {"portforward.k8s.io"}}, 400, "BadRequest",
			`unable to upgrade: Upgrade is "SPDY/4", this server speaks SPDY/3.1`},
		{"a WebSocket of an older tunnel", "GET", handshake("SPDY/3.1+v0.portforward.k8s.io"), 403, "Forbidden",
			`unable to upgrade: the WebSocket offers sub-protocols ["SPDY/3.1+v0.portforward.k8s.io"], but those served here are ["SPDY/3.1+portforward.k8s.io"]`},
		{"a WebSocket of channels that is not of port-forwards", "GET", handshake("v5.channel.k8s.io"), 403, "Forbidden",
			`unable to upgrade: the WebSocket offers sub-protocols ["v5.channel.k8s.io"], but those served here are ["v4.channel.k8s.io" "v4.base64.channel.k8s.io"]`},
		{"a WebSocket by POST", "POST", handshake(tunnel), 405, "MethodNotAllowed",
			"unable to upgrade: websocket: the client is not using the websocket protocol: request method is not GET"},
		{"SPDY on a connection that cannot be hijacked", "POST",
			http.Header{"Connection": {"Upgrade"}, "Upgrade": {"SPDY/3.1"}, "X-Stream-Protocol-Version": {"portforward.k8s.io"}}, 500, "InternalError",
			"Internal error occurred: unable to upgrade: unable to hijack response: feature not supported"},
		{"a WebSocket on a connection that cannot be hijacked", "GET", handshake(tunnel), 500, "InternalError",
			"unable to upgrade: websocket: hijack: feature not supported"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, "/portforward", nil)
			for name, values := range test.header {
				r.Header[name] = values
			}
			w := httptest.NewRecorder()
			err := ServePortForward(w, r, "5f3b", &testPod{}, []int32{80})
			if w.Body.Len() > 0 {
				t.Fatalf("it has answered: %s", w.Body)
			}
			writeError(w, err)
			var got metav1.Status
			ok(t, json.Unmarshal(w.Body.Bytes(), &got))
			got.TypeMeta, got.Details = metav1.TypeMeta{}, nil
			equal(t, metav1.Status{Status: "Failure", Code: int32(test.code), Reason: test.reason, Message: test.message}, got)
			if test.code == 403 && test.method == "POST" { // HTTP's own header names a WebSocket's sub-protocols
				equal(t, []string{"portforward.k8s.io"}, w.Header()["X-Accepted-Stream-Protocol-Versions"])
			}
		})
	}
}
