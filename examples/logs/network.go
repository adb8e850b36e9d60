package main

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// network is the way to the API server, which can be cut.
type network struct {
	next http.RoundTripper

	mu   sync.Mutex
	down bool
	open map[*answer]bool
}

// wrap is for rest.Config.Wrap.
func (n *network) wrap(next http.RoundTripper) http.RoundTripper {
	n.next, n.open = next, map[*answer]bool{}
	return n
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	down := n.down
	n.mu.Unlock()
	if down {
		return nil, errors.New("the network is down")
	}
	resp, err := n.next.RoundTrip(r)
	if err == nil {
		a := &answer{ReadCloser: resp.Body, n: n}
		resp.Body = a
		n.mu.Lock()
		n.open[a] = true
		n.mu.Unlock()
	}
	return resp, err
}

// cut breaks all answers that are under way, and lets nothing through until mend.
func (n *network) cut() {
	n.mu.Lock()
	n.down = true
	broken := n.open
	n.open = map[*answer]bool{}
	n.mu.Unlock()
	for a := range broken {
		_ = a.ReadCloser.Close()
	}
}

func (n *network) mend() {
	n.mu.Lock()
	n.down = false
	n.mu.Unlock()
}

// answer is the body of an answer.
type answer struct {
	io.ReadCloser
	n *network
}

func (a *answer) Read(p []byte) (int, error) {
	count, err := a.ReadCloser.Read(p)
	a.n.mu.Lock()
	defer a.n.mu.Unlock()
	if err != nil && !a.n.open[a] { // it was cut
		err = io.ErrUnexpectedEOF
	}
	return count, err
}

func (a *answer) Close() error {
	a.n.mu.Lock()
	delete(a.n.open, a)
	a.n.mu.Unlock()
	return a.ReadCloser.Close()
}
