package fake_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/podwright/podwright/sdk/fake"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// openWebSocket opens a WebSocket as a client does that has no code of Kubernetes.
func openWebSocket(ctx context.Context, t *testing.T, config *rest.Config, u *url.URL, protocol string) *websocket.Conn {
	t.Helper()
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	dial, err := utilnet.DialerFor(transport)
	if err != nil {
		t.Fatal(err)
	}
	dialer := websocket.Dialer{NetDialContext: dial, Subprotocols: []string{protocol}}
	if dialer.TLSClientConfig, err = rest.TLSConfigFor(config); err != nil { // without HTTP/2
		t.Fatal(err)
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	conn, resp, err := dialer.DialContext(ctx, u.String(), http.Header{"Authorization": {"Bearer " + config.BearerToken}})
	if err != nil {
		t.Fatalf("%v: %v", err, resp)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// receive returns the next message.
func receive(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, message, err := conn.ReadMessage()
	if err != nil {
		t.Fatal(err)
	}
	return string(message)
}

func TestWebSockets(t *testing.T) {
	transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
		ctx := testContext(t)
		client := kubernetes.NewForConfigOrDie(config)
		pod := runningCrane(ctx, t, client)
		to := func(subresource string) *rest.Request {
			return client.CoreV1().RESTClient().Get().Resource("pods").Namespace("default").Name(pod.Name).SubResource(subresource)
		}

		conn := openWebSocket(ctx, t, config, to("log").Param("follow", "true").URL(), "binary.k8s.io")
		if diff := cmp.Diff([]string{"", "crane is up\n"}, []string{receive(t, conn), receive(t, conn)}); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}

		conn = openWebSocket(ctx, t, config, to("portforward").Param("ports", "8080").URL(), "v4.channel.k8s.io")
		if diff := cmp.Diff([]string{"\x00\x90\x1f", "\x01\x90\x1f"}, []string{receive(t, conn), receive(t, conn)}); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		if err := conn.WriteMessage(websocket.BinaryMessage, []byte("\x00GET / HTTP/1.0\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, conn); !strings.HasPrefix(got, "\x00HTTP/1.0 200 OK\r\n") {
			t.Errorf("the pod answers %q", got)
		}
	})
}

func TestPortForwardRefusesPorts(t *testing.T) {
	ctx := testContext(t)
	client := kubernetes.NewForConfigOrDie(fake.RunT(t).RESTConfig())
	err := client.CoreV1().RESTClient().Get().Resource("pods").Namespace("default").Name("none").SubResource("portforward").
		Param("ports", "80,http").Do(ctx).Error()
	const want = `cannot convert to []int32: strconv.ParseUint: parsing "http": invalid syntax` // before the pod is looked for
	if err == nil || err.Error() != want {
		t.Errorf("want %s, got %v", want, err)
	}
}
