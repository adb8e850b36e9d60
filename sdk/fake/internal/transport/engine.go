package transport

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// engine runs an http.Server such that it can be ended for certain. http.Server.Close alone neither waits nor touches
// hijacked connections, so the engine keeps its own account of connections and handlers.
type engine struct {
	handler http.Handler
	http    *http.Server
	cancel  context.CancelFunc
	served  chan struct{} // closed when http.Server.Serve has returned

	mu       sync.Mutex
	changed  sync.Cond
	closing  bool
	open     map[net.Conn]func() // how to break each connection, hijacked ones included
	serving  int                 // connections that http.Server has a goroutine for
	handling int                 // handlers that have not returned
}

func newEngine(handler http.Handler, opts Options) *engine {
	e := &engine{handler: handler, served: make(chan struct{}), open: map[net.Conn]func(){}}
	e.changed.L = &e.mu
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	e.http = &http.Server{
		Handler:     http.HandlerFunc(e.handle),
		ErrorLog:    opts.errorLog(),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnState:   e.connState,
	}
	return e
}

// start runs serve, which is a form of http.Server.Serve, until stop.
func (e *engine) start(serve func() error) {
	go func() {
		defer close(e.served)
		_ = serve() // always an error; after stop it is http.ErrServerClosed
	}()
}

// handle counts the handlers. One that comes too late is not run; its connection is about to break anyway.
func (e *engine) handle(w http.ResponseWriter, r *http.Request) {
	if !e.enter() {
		panic(http.ErrAbortHandler)
	}
	defer e.count(&e.handling, -1)
	e.handler.ServeHTTP(w, r)
}

func (e *engine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closing {
		e.handling++
	}
	return !e.closing
}

// connState counts the connections that http.Server serves. Closed is the last thing a connection's goroutine does, and
// a hijacked connection is its handler's.
func (e *engine) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		e.count(&e.serving, 1)
	case http.StateClosed, http.StateHijacked:
		e.count(&e.serving, -1)
	}
}

func (e *engine) count(what *int, by int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	*what += by
	e.changed.Broadcast()
}

// track has c broken by stop unless it is forgotten before; after stop it is broken at once.
func (e *engine) track(c net.Conn, breakIt func()) {
	e.mu.Lock()
	closing := e.closing
	if !closing {
		e.open[c] = breakIt
	}
	e.mu.Unlock()
	if closing {
		breakIt()
	}
}

func (e *engine) forget(c net.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.open, c)
}

// stop ends what is served, without waiting. The connections go first: a handler whose context ends might still answer,
// and the client would take a cut-off answer for a whole one.
func (e *engine) stop() {
	e.mu.Lock()
	e.closing = true
	open := e.open
	e.open = map[net.Conn]func(){}
	e.mu.Unlock()
	for _, breakIt := range open {
		breakIt()
	}
	e.cancel()
	_ = e.http.Close()
}

// wait returns when nothing runs any more. It may be called several times, after stop.
func (e *engine) wait() {
	<-e.served
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.serving > 0 || e.handling > 0 {
		e.changed.Wait()
	}
}
