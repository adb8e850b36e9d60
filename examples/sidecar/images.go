package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// The images, each of which is one of the functions below.
const (
	originImage   = "heejeong/origin"
	serverImage   = "heejeong/web"
	pullerImage   = "heejeong/puller"
	strangerImage = "heejeong/stranger"
)

// inside is where the server says how much it has to do: on localhost, where only the other containers of its pod can ask.
const inside = "localhost:9000"

// server shows the files of /usr/share/web on port 8080 to everybody.
func server(ctx context.Context, p *fake.Process) error {
	shown, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	asked, err := p.Listen("tcp", inside)
	if err != nil {
		return err
	}
	files, err := p.FS().Sub("/usr/share/web")
	if err != nil {
		return err
	}
	var requests atomic.Int32
	pages := http.FileServerFS(files)
	ended := make(chan error, 2)
	go func() {
		ended <- serve(ctx, asked, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, requests.Load()) })
	}()
	go func() {
		ended <- serve(ctx, shown, func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			fmt.Fprintf(p.Stdout, "%s %s\n", r.Method, r.URL.Path)
			pages.ServeHTTP(w, r)
		})
	}()
	return errors.Join(<-ended, <-ended)
}

// puller writes each version of what it finds at SOURCE into the volume.
func puller(ctx context.Context, p *fake.Process) error {
	client := &http.Client{Transport: &http.Transport{DialContext: p.DialContext}}
	defer client.CloseIdleConnections()
	for version := 0; ; {
		text, newer, err := pull(ctx, client, p.Getenv("SOURCE"), version)
		if err == nil {
			err = publish(p.FS(), text)
		}
		var requests string
		if err == nil {
			requests, err = ask(ctx, client)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err // the kubelet starts it again
		}
		version = newer
		fmt.Fprintf(p.Stdout, "version %d written, after %s requests\n", version, requests)
	}
}

// publish replaces the page in one step: the server never reads half of it.
func publish(files *podfs.FS, text []byte) error {
	const page, next = "/pulled/index.html", "/pulled/.next"
	if err := files.WriteFile(next, text, 0o644); err != nil {
		return err
	}
	return files.Rename(next, page)
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

// ask asks the server how many requests it has answered. The containers of a pod start together, in no order that a program could
// rely on: until the server listens, there is nothing but to try again.
func ask(ctx context.Context, client *http.Client) (requests string, err error) {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+inside, nil)
		if err != nil {
			return "", err
		}
		if resp, err := client.Do(req); err == nil {
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			return string(text), err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return "", ctx.Err()
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
