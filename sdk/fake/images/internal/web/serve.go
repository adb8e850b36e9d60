// Package web serves files of a container over its network, as the web servers among the ready-made images do.
//
// The thing people get wrong is that http.FileServer is none of them: it answers /index.html with a redirect, and its pages of errors
// are its own. Here each server says what its pages look like.
//
//	code := web.Serve(ctx, p, ":80", web.Files(p, "/srv", pages))
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// Serve answers on addresses of the pod until ctx ends, and returns an exit code. What cannot be listened on is reported.
func Serve(ctx context.Context, p *unix.Proc, h http.Handler, addresses ...string) int {
	var listeners []net.Listener
	for _, address := range addresses {
		l, err := p.Listen("tcp", address)
		if err != nil {
			for _, l := range listeners {
				_ = l.Close()
			}
			return p.Errorf("bind: %s: %s", address, unix.Reason(err))
		}
		listeners = append(listeners, l)
	}
	return ServeOn(ctx, p, h, listeners...)
}

// ServeOn is Serve on listeners that are open already. It closes them.
func ServeOn(ctx context.Context, p *unix.Proc, h http.Handler, listeners ...net.Listener) int {
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	var wait sync.WaitGroup
	for _, l := range listeners {
		wait.Go(func() {
			// The listener may be closed a moment before ctx ends, when the whole container ends.
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
				fmt.Fprintln(p.Stderr, err)
			}
		})
	}
	<-ctx.Done()
	_ = server.Close()
	wait.Wait()
	return 0
}

// Client is an HTTP client on the pod's network, which follows no redirects and keeps no connections.
func Client(p *unix.Proc) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DialContext: p.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
