package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake"
)

// The images, each of which is one of the functions below.
const (
	originImage   = "heejeong/origin"
	serverImage   = "heejeong/web"
	pullerImage   = "heejeong/puller"
	strangerImage = "heejeong/stranger"
)

// inside is where the server takes content: on localhost, so that only the other containers of its pod can bring some.
const inside = "localhost:9000"

// server shows the newest content on port 8080 to everybody.
func server(ctx context.Context, p *fake.Process) error {
	menu := &page{}
	shown, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	taken, err := p.Listen("tcp", inside)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() {
		ended <- serve(ctx, taken, func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				return
			}
			menu.set(text)
			fmt.Fprintf(p.Stdout, "new content, %d bytes, from %s\n", len(text), host(r.RemoteAddr))
		})
	}()
	go func() {
		ended <- serve(ctx, shown, func(w http.ResponseWriter, r *http.Request) {
			text := menu.get()
			fmt.Fprintf(p.Stdout, "%s %s\n", r.Method, r.URL.Path)
			_, _ = w.Write(text)
		})
	}()
	return errors.Join(<-ended, <-ended)
}

// puller brings the server each version of what it finds at SOURCE.
func puller(ctx context.Context, p *fake.Process) error {
	client := &http.Client{Transport: &http.Transport{DialContext: p.DialContext}}
	defer client.CloseIdleConnections()
	for version := 0; ; {
		text, newer, err := pull(ctx, client, p.Getenv("SOURCE"), version)
		if err == nil {
			err = push(ctx, client, text)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err // the kubelet starts it again
		}
		version = newer
		fmt.Fprintf(p.Stdout, "version %d handed to the server\n", version)
	}
}

// pull waits for a version newer than the one that is known.
func pull(ctx context.Context, client *http.Client, source string, known int) (text []byte, version int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s?after=%d", source, known), nil)
	if err != nil {
		return nil, 0, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if version, err = strconv.Atoi(resp.Header.Get("Version")); err != nil {
		return nil, 0, fmt.Errorf("%s does not say its version: %w", source, err)
	}
	text, err = io.ReadAll(resp.Body)
	return text, version, err
}

// push gives the server new content. The containers of a pod start together, in no order that a program could rely
// on: until the server listens, there is nothing but to try again.
func push(ctx context.Context, client *http.Client, text []byte) error {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://"+inside, bytes.NewReader(text))
		if err != nil {
			return err
		}
		if resp, err := client.Do(req); err == nil {
			return resp.Body.Close()
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// origin is where the content comes from. GET waits for a version newer than the one that the caller has, PUT makes one.
func origin(ctx context.Context, p *fake.Process) error {
	menu := &page{}
	menu.set([]byte("Soup of the day: leek.\n"))
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "origin listens")
	return serve(ctx, l, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			text, err := io.ReadAll(r.Body)
			if err == nil {
				menu.set(text)
			}
			return
		}
		after, _ := strconv.Atoi(r.FormValue("after"))
		text, version, err := menu.newer(r.Context(), after)
		if err != nil {
			return
		}
		w.Header().Set("Version", strconv.Itoa(version))
		_, _ = w.Write(text)
	})
}

// stranger tries both ports of the server, at the IP of its pod.
func stranger(ctx context.Context, p *fake.Process) error {
	for _, port := range []string{"8080", "9000"} {
		conn, err := p.DialContext(ctx, "tcp", net.JoinHostPort(p.Getenv("POD"), port))
		if err != nil {
			fmt.Fprintf(p.Stdout, "port %s: %v\n", port, err)
			continue
		}
		_ = conn.Close()
		fmt.Fprintf(p.Stdout, "port %s: connected\n", port)
	}
	return nil
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

func host(address string) string {
	name, _, _ := net.SplitHostPort(address)
	return name
}
