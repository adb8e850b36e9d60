package agnhost

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

// serve answers on a port, with TLS if a certificate is given, until ctx ends.
func (r *run) serve(ctx context.Context, h http.Handler, port int, certificate, key string) int {
	l, err := r.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return r.fatal(err)
	}
	if certificate != "" {
		if l, err = r.secure(l, certificate, key); err != nil {
			return r.fatal(err)
		}
	}
	r.log.Printf("Started HTTP server on port %d", port)
	return web.ServeOn(ctx, r.Proc, h, l)
}

func (r *run) secure(l net.Listener, certificate, key string) (net.Listener, error) {
	c, err := r.FS().ReadFile(certificate)
	if err != nil {
		return nil, err
	}
	k, err := r.FS().ReadFile(key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(c, k)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}), nil
}

// liveness is well for ten seconds.
func liveness(*flag.FlagSet) func(context.Context, *run) int {
	return func(ctx context.Context, r *run) int {
		started := time.Now()
		mux := http.NewServeMux()
		mux.HandleFunc("/started", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, time.Since(started)) })
		mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
			if d := time.Since(started); d.Seconds() > 10 {
				w.WriteHeader(http.StatusInternalServerError)
				fmt.Fprintf(w, "error: %v", d.Seconds())
				return
			}
			fmt.Fprint(w, "ok")
		})
		mux.HandleFunc("/redirect", func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, q.URL.Query().Get("loc"), http.StatusFound)
		})
		return r.serve(ctx, mux, 8080, "", "")
	}
}

// testWebserver serves all files of the container.
func testWebserver(f *flag.FlagSet) func(context.Context, *run) int {
	port := f.Int("port", 80, "Port number.")
	return func(ctx context.Context, r *run) int {
		root, err := r.FS().Sub("/")
		if err != nil {
			return r.fatal(err)
		}
		files := http.FileServerFS(root)
		return r.serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			w.Header().Set("Cache-Control", "private")
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
			w.Header().Set("Access-Control-Allow-Headers", "DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,Cache-Control,Content-Type")
			q.Header.Del("If-Modified-Since")
			files.ServeHTTP(w, q)
		}), *port, "", "")
	}
}

// serveHostname answers the pod's name, by HTTP or as it is.
func serveHostname(f *flag.FlagSet) func(context.Context, *run) int {
	raw, udp := f.Bool("tcp", false, "Serve raw over TCP."), f.Bool("udp", false, "Serve raw over UDP.")
	web, closes := f.Bool("http", true, "Serve HTTP."), f.Bool("close", false, "Close connection per each HTTP request.")
	port := f.Int("port", 9376, "Port number.")
	return func(ctx context.Context, r *run) int {
		switch {
		case *web && (*raw || *udp):
			return r.fatal("Can't server TCP/UDP mode and HTTP mode at the same time")
		case *udp:
			return r.fatal("--udp: this network has no UDP")
		}
		terminated := r.signals(syscall.SIGTERM)
		var serving sync.WaitGroup
		serving.Go(func() { r.exit(r.answerName(ctx, *raw, *closes, *port)) })
		defer serving.Wait()
		r.log.Printf("Serving on port %d.\n", *port)
		select {
		case s := <-terminated:
			r.log.Printf("Shutting down after receiving signal: %s.\n", s)
			r.log.Printf("Awaiting pod deletion.\n")
			r.Pause(ctx, time.Minute)
		case <-ctx.Done():
		}
		r.exit(0)
		return 0
	}
}

func (r *run) answerName(ctx context.Context, raw, closes bool, port int) int {
	if raw {
		return r.answerRaw(ctx, port)
	}
	return r.serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.log.Printf("HTTP request from %s", q.RemoteAddr)
		if closes {
			w.Header().Add("Connection", "close")
		}
		fmt.Fprint(w, r.Hostname())
	}), port, "", "")
}

func (r *run) answerRaw(ctx context.Context, port int) int {
	l, err := r.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return r.fatal("Error from net.Listen(): ", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			return 1
		}
		r.log.Printf("TCP request from %s", conn.RemoteAddr())
		_, _ = conn.Write([]byte(r.Hostname()))
		_ = conn.Close()
	}
}

// porter answers on each port that its environment names, what the environment says.
func porter(f *flag.FlagSet) func(context.Context, *run) int {
	asJSON := f.Bool("json-response", false, "answer JSON, with the method of the request")
	return func(ctx context.Context, r *run) int {
		var serving sync.WaitGroup
		defer serving.Wait()
		for _, pair := range r.Env {
			name, value, _ := strings.Cut(pair, "=")
			kind, port := porterKind(name)
			if kind == "" {
				continue
			}
			h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				if *asJSON {
					w.Header().Set("Content-Type", "application/json")
					answerJSON(w, struct{ Method, Body string }{q.Method, value})
					return
				}
				fmt.Fprint(w, value)
			})
			serving.Go(func() { r.serveEnvironment(ctx, kind, port, h) })
		}
		<-ctx.Done()
		return 0
	}
}

// porterKind reads SERVE_PORT_80 and its like; an empty kind is another variable.
func porterKind(name string) (kind, port string) {
	for _, prefix := range []struct{ text, kind string }{
		{"SERVE_PORT_", "tcp"}, {"SERVE_TCP_PORT_", "tcp"}, {"SERVE_TLS_PORT_", "tls"}, {"SERVE_UDP_PORT_", "udp"}, {"SERVE_SCTP_PORT_", "sctp"},
	} {
		if port, ok := strings.CutPrefix(name, prefix.text); ok {
			return prefix.kind, port
		}
	}
	return "", ""
}

func (r *run) serveEnvironment(ctx context.Context, kind, port string, h http.Handler) {
	if kind == "udp" || kind == "sctp" {
		r.log.Printf("port %s: this network has no %s", port, strings.ToUpper(kind))
		return
	}
	l, err := r.Listen("tcp", "0.0.0.0:"+port)
	if err == nil && kind == "tls" {
		certificate, key := r.Getenv("CERT_FILE"), r.Getenv("KEY_FILE")
		if certificate == "" {
			certificate = "/localhost.crt"
		}
		if key == "" {
			key = "/localhost.key"
		}
		l, err = r.secure(l, certificate, key)
	}
	if err != nil {
		r.log.Printf("server on port %q failed: %v", port, err)
		return
	}
	web.ServeOn(ctx, r.Proc, h, l)
}
