package agnhost

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// The answers of grpc.health.v1.Health, and the gRPC status of a service that nobody knows.
const (
	grpcServing    = 1
	grpcNotServing = 2
	grpcNotFound   = "5"
)

// grpcHealthChecking answers grpc.health.v1.Health/Check. One message each way is all there is to that, so that no gRPC is needed.
func grpcHealthChecking(f *flag.FlagSet) func(context.Context, *run) int {
	port, control := f.Int("port", 5000, "Port number."), f.Int("http-port", 8080, "Port number for the /make-serving and /make-not-serving.")
	delay := f.Int("delay-unhealthy-sec", -1, "Number of seconds to delay before start reporting NOT_SERVING, negative value indicates never.")
	service := f.String("service", "", "Service name to register the health check for.")
	certificate, key := f.String("tls-cert-file", "", "certificate for TLS"), f.String("tls-private-key-file", "", "its key")
	return func(ctx context.Context, r *run) int {
		if *certificate != "" || *key != "" {
			return r.fatal("--tls-cert-file: gRPC over TLS is not supported")
		}
		started := time.Now()
		var forced atomic.Int32 // a status, or 0 for the one by time
		force := func(status int32) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				forced.Store(status)
				fmt.Fprint(w, time.Since(started))
			}
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/make-not-serving", force(grpcNotServing))
		mux.HandleFunc("/make-serving", force(grpcServing))
		var controlling sync.WaitGroup
		controlling.Go(func() { r.exit(r.serve(ctx, mux, *control, "", "")) })
		defer controlling.Wait()
		code := r.serveGRPC(ctx, *port, func(name string) int {
			switch {
			case name != *service:
				return 0
			case forced.Load() != 0:
				return int(forced.Load())
			case *delay >= 0 && time.Since(started) >= time.Duration(*delay)*time.Second:
				return grpcNotServing
			}
			return grpcServing
		})
		r.exit(code)
		return code
	}
}

func (r *run) serveGRPC(ctx context.Context, port int, status func(service string) int) int {
	l, err := r.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return r.fatal("Error while starting the listening service ", err)
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{
		Protocols: &protocols, ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { check(w, q, status) }),
	}
	r.log.Printf("gRPC server starting to listen on :%d", port)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return r.fatal("Error while starting the gRPC server ", err)
	}
	return 0
}

// check reads a HealthCheckRequest{service = 1} and writes a HealthCheckResponse{status = 1}, each after five bytes: a flag that says it
// is not compressed, and its length.
func check(w http.ResponseWriter, r *http.Request, status func(string) int) {
	w.Header().Set("Content-Type", "application/grpc")
	w.Header().Set("Trailer", "Grpc-Status, Grpc-Message")
	if r.URL.Path != "/grpc.health.v1.Health/Check" {
		w.Header().Set("Grpc-Status", "12")
		w.Header().Set("Grpc-Message", "unimplemented")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) < 5 {
		w.Header().Set("Grpc-Status", "13")
		return
	}
	service := ""
	if _, kind, n := protowire.ConsumeTag(body[5:]); n > 0 && kind == protowire.BytesType {
		if text, m := protowire.ConsumeString(body[5+n:]); m >= 0 {
			service = text
		}
	}
	answer := status(service)
	if answer == 0 {
		w.Header().Set("Grpc-Status", grpcNotFound)
		w.Header().Set("Grpc-Message", "unknown service")
		return
	}
	message := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(answer))
	_, _ = w.Write(append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...))
	w.Header().Set("Grpc-Status", "0")
}
