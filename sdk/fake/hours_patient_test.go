package fake_test

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake"
)

// patient is a program for tests that take hours: it listens on port 80 as long as it is up, answers there and to commands by what it is
// told to, and remembers when it was started.
type patient struct {
	mu     sync.Mutex
	starts []time.Time
	up     bool // it listens
	well   bool // its answers are good
	news   chan struct{}
}

func newPatient() *patient { return &patient{news: make(chan struct{})} }

// set changes what it is like from now on.
func (p *patient) set(up, well bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up, p.well = up, well
	close(p.news)
	p.news = make(chan struct{})
}

func (p *patient) state() (up, well bool, news <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up, p.well, p.news
}

// runs is how long after a time each run began, in seconds.
func (p *patient) runs(since time.Time) (seconds []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, at := range p.starts {
		seconds = append(seconds, int(at.Sub(since).Seconds()))
	}
	return seconds
}

// Run is the program.
func (p *patient) Run(ctx context.Context, proc *fake.Process) error {
	p.mu.Lock()
	p.starts = append(p.starts, time.Now())
	p.mu.Unlock()
	for ctx.Err() == nil {
		up, _, news := p.state()
		if !up {
			select {
			case <-news:
			case <-ctx.Done():
			}
			continue
		}
		if err := p.serve(ctx, proc, news); err != nil {
			return err
		}
	}
	return nil
}

// serve answers until there is news.
func (p *patient) serve(ctx context.Context, proc *fake.Process, news <-chan struct{}) error {
	l, err := proc.Listen("tcp", ":80")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: p, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l)
	}()
	select {
	case <-news:
	case <-ctx.Done():
	}
	_ = server.Close()
	<-ended
	return nil
}

// ServeHTTP answers plain requests and those of grpc.health.v1.Health.
func (p *patient) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	_, well, _ := p.state()
	if req.ProtoMajor != 2 {
		if !well {
			http.Error(w, "not well", http.StatusServiceUnavailable)
		}
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || len(body) < 5 || int(binary.BigEndian.Uint32(body[1:])) != len(body)-5 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	status := byte(2) // NOT_SERVING
	if well {
		status = 1
	}
	w.Header().Set("Trailer", "Grpc-Status")
	w.Header().Set("Content-Type", "application/grpc")
	_, _ = w.Write([]byte{0, 0, 0, 0, 2, 8, status})
	w.Header().Set("Grpc-Status", "0")
}

// exec is what its commands do.
func (p *patient) exec(context.Context, *fake.Process) error {
	if up, well, _ := p.state(); up && well {
		return nil
	}
	return fake.Exit(1)
}
