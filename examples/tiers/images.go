package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/podwright/podwright/sdk/fake"
)

// The images, each of which is one of the functions below.
const (
	frontendImage = "heejeong/guestbook"
	databaseImage = "heejeong/counter"
)

// database counts the requests that it gets, and answers with the count. Its state is in memory: it ends with the pod, and
// a second database would count for itself.
func database(ctx context.Context, p *fake.Process) error {
	var count atomic.Int64
	l, err := p.Listen("tcp", ":5432")
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "database listens")
	return serve(ctx, l, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, count.Add(1)) })
}

// frontend has no state at all: what it shows is in the database.
func frontend(ctx context.Context, p *fake.Process) error {
	client := &http.Client{Transport: &http.Transport{DialContext: p.DialContext}}
	defer client.CloseIdleConnections()
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "frontend listens")
	return serve(ctx, l, func(w http.ResponseWriter, r *http.Request) {
		count, err := ask(r.Context(), client, "http://"+p.Getenv("DATABASE"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprintf(w, "%s: you are visitor %s\n", p.Hostname(), count)
	})
}

// ask returns the body of an answer.
func ask(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, l net.Listener, handle http.HandlerFunc) error {
	server := &http.Server{Handler: handle}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
