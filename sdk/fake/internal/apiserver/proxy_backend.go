package apiserver

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/streaming/pkg/httpstream"
)

// backend is where a request is passed on to, as UpgradeAwareHandler does it.
type backend struct {
	location  *url.URL
	transport http.RoundTripper
}

const proxyFlushInterval = 200 * time.Millisecond

// serve answers with what the backend answers. A request for its root that does not end in a slash is sent to where it does,
// so that relative links work.
func (b backend) serve(w http.ResponseWriter, req *http.Request) {
	upgrade := httpstream.IsUpgradeRequest(req)
	location := *b.location
	location.RawQuery = req.URL.RawQuery
	if !upgrade && location.Path == "" && (req.Method == http.MethodGet || req.Method == http.MethodHead) {
		w.Header().Set("Location", withQuery(req.URL.Path+"/", req.URL.RawQuery))
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	out := req.WithContext(req.Context())
	out.URL = &location
	out.Header = req.Header.Clone()

	p := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: location.Scheme, Host: location.Host})
	p.FlushInterval = proxyFlushInterval
	p.ErrorLog = log.New(io.Discard, "", 0)
	p.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) { writeError(w, req, err) }
	if upgrade {
		p.Transport = upgrades{b.transport}
		p.ModifyResponse = checkUpgraded
	} else {
		p.Transport = &rewriter{RoundTripper: b.transport, prefix: b.prefix(req)}
	}
	p.ServeHTTP(w, out)
}

// prefix is the part of a request's path that the backend does not see.
func (b backend) prefix(req *http.Request) string {
	suffix := b.location.Path
	if strings.HasSuffix(req.URL.Path, "/") && !strings.HasSuffix(suffix, "/") {
		suffix += "/"
	}
	return strings.TrimSuffix(req.URL.Path, suffix)
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// upgrades passes on requests that turn their connection into another protocol.
type upgrades struct{ http.RoundTripper }

func (u upgrades) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := u.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("error dialing backend: %w", err)
	}
	return resp, nil
}

// checkUpgraded refuses an answer that neither switches protocols nor says why not.
func checkUpgraded(resp *http.Response) error {
	if resp.StatusCode != http.StatusSwitchingProtocols && resp.StatusCode < http.StatusBadRequest {
		return fmt.Errorf("invalid upgrade response: status code %d", resp.StatusCode)
	}
	return nil
}

// unreachable is the answer where nobody answers.
func unreachable(err error) error {
	return apierrors.NewServiceUnavailable(fmt.Sprintf("error trying to reach service: %v", err))
}
