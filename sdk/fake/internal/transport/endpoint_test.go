package transport

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"k8s.io/client-go/rest"
)

// certificate returns httptest's own, and a pool that trusts it; it is valid for example.com.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, pool
}

func endpoint(t *testing.T, handler http.Handler, config *tls.Config) *Endpoint {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback here: ", err)
	}
	p, err := ServeListener(l, handler, config, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func TestEndpointSpeaksHTTP2OverTLS(t *testing.T) {
	config, pool := certificate(t)
	p := endpoint(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }), config)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	resp, err := client.Get("https://" + p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if proto, err := io.ReadAll(resp.Body); string(proto) != "HTTP/2.0" || err != nil {
		t.Errorf("spoke %q, %v", proto, err)
	}
}

func TestEndpointServesUpgrades(t *testing.T) {
	p := endpoint(t, newTinyCluster(), nil)
	for name, executor := range executors {
		t.Run(name, func(t *testing.T) {
			e, err := executor(&rest.Config{Host: "http://" + p.Addr().String()}, execPath)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := cats(t.Context(), e, "hello"); got != "hello" || err != nil {
				t.Errorf("cat = %q, %v", got, err)
			}
		})
	}
}

func TestEndpointCloseWaitsForHandlers(t *testing.T) {
	config, pool := certificate(t)
	rows := []struct {
		rule   string
		config *tls.Config
		scheme string
		http2  bool
	}{
		{"plain", nil, "http://", false},
		{"TLS", config, "https://", false},
		{"HTTP/2", config, "https://", true},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			var ended bool
			started := make(chan struct{})
			p := endpoint(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				close(started)
				<-r.Context().Done()
				ended = true // without a lock: Close must have waited
			}), row.config)
			transport := &http.Transport{ForceAttemptHTTP2: row.http2, TLSClientConfig: &tls.Config{RootCAs: pool}}
			defer transport.CloseIdleConnections()
			failed := make(chan error, 1)
			go func() {
				resp, err := (&http.Client{Transport: transport}).Get(row.scheme + p.Addr().String())
				if err == nil {
					_ = resp.Body.Close()
				}
				failed <- err
			}()
			<-started
			_, _ = p.Close(), p.Close()
			if !ended {
				t.Error("Close returned before the handler")
			}
			if err := <-failed; err == nil {
				t.Error("the client got no error")
			}
			if _, err := net.Dial("tcp", p.Addr().String()); err == nil {
				t.Error("the port is still open")
			}
		})
	}
}

func TestEndpointCloseEndsHijackedConnections(t *testing.T) {
	var ended bool
	p := endpoint(t, hijacker(&ended), nil)
	c, err := net.Dial("tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := io.ReadFull(c, make([]byte, len("HTTP/1.1 101"))); err != nil {
		t.Fatal(err)
	}
	_ = p.Close()
	if !ended {
		t.Error("Close returned before the handler")
	}
	_, _ = io.Copy(io.Discard, c) // returns only if the connection has ended
}

func TestEndpointNeedsACertificate(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback here: ", err)
	}
	defer l.Close()
	_, err = ServeListener(l, http.NotFoundHandler(), &tls.Config{}, Options{})
	contains(t, err, "has no certificate")
}
