package sdk_test

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
)

// cutEvery has answers that take longer than that break off at the next read, and counts them.
func cutEvery(config *rest.Config, after time.Duration) *atomic.Int64 {
	cuts := new(atomic.Int64)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return &cutter{next, after, cuts}
	})
	return cuts
}

type cutter struct {
	next  http.RoundTripper
	after time.Duration
	cuts  *atomic.Int64
}

func (c *cutter) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusOK {
		resp.Body = &cutBody{ReadCloser: resp.Body, at: time.Now().Add(c.after), cuts: c.cuts}
	}
	return resp, err
}

type cutBody struct {
	io.ReadCloser
	at   time.Time
	cuts *atomic.Int64
}

func (b *cutBody) Read(p []byte) (int, error) {
	if time.Now().After(b.at) {
		b.cuts.Add(1)
		return 0, io.ErrUnexpectedEOF
	}
	return b.ReadCloser.Read(p)
}
