package agnhost

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// connect tries a connection, and says in one word why there is none.
func connect(f *flag.FlagSet) func(context.Context, *run) int {
	timeout := f.Duration("timeout", 0, "Maximum time before returning an error")
	protocol := f.String("protocol", "tcp", "tcp, udp or sctp")
	f.String("udp-data", "hostname", "")
	f.String("sctp-data", "hostname", "")
	return func(ctx context.Context, r *run) int {
		fail := func(format string, args ...any) int {
			fmt.Fprintf(r.Stderr, format+"\n", args...)
			return 1
		}
		switch {
		case len(r.rest) != 1:
			return fail("Error: accepts 1 arg(s), received %d", len(r.rest))
		case *protocol != "" && *protocol != "tcp":
			return fail("UNKNOWN: protocol %s: this network has TCP only", *protocol)
		}
		host, _, err := net.SplitHostPort(r.rest[0])
		if err != nil {
			return fail("UNKNOWN: %v", err)
		}
		if _, err := r.LookupHost(ctx, host); err != nil {
			return fail("DNS: %v", err)
		}
		if *timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, *timeout)
			defer cancel()
		}
		conn, err := r.DialContext(ctx, "tcp", r.rest[0])
		var network net.Error
		switch {
		case err == nil:
			_ = conn.Close()
			return 0
		case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
			return fail("TIMEOUT")
		case errors.Is(err, syscall.ECONNREFUSED):
			return fail("REFUSED")
		}
		return fail("OTHER: %v", err)
	}
}

// portForwardTester sends pieces of data to one client.
func portForwardTester(*flag.FlagSet) func(context.Context, *run) int {
	return func(ctx context.Context, r *run) int {
		address := r.Getenv("BIND_ADDRESS")
		if address == "" {
			address = "localhost"
		}
		l, err := r.Listen("tcp", net.JoinHostPort(address, r.Getenv("BIND_PORT")))
		if err != nil {
			r.Printf("Error listening: %v\n", err)
			return 1
		}
		stop := context.AfterFunc(ctx, func() { _ = l.Close() })
		defer stop()
		conn, err := l.Accept()
		if err != nil {
			r.Printf("Error accepting connection: %v\n", err)
			return 1
		}
		defer conn.Close()
		r.Printf("Accepted client connection\n")
		if code := r.expectData(conn); code != 0 {
			return code
		}
		return r.sendChunks(ctx, conn)
	}
}

// expectData reads what the client has to send, if anything.
func (r *run) expectData(conn net.Conn) int {
	want := r.Getenv("EXPECTED_CLIENT_DATA")
	if want == "" {
		return 0
	}
	b := make([]byte, len(want))
	n, err := conn.Read(b)
	switch {
	case n != len(want):
		r.Printf("Expected to read %d bytes from client, but got %d instead. err=%v\n", len(want), n, err)
		return 2
	case want != string(b):
		r.Printf("Expect to read %q, but got %q. err=%v\n", want, b, err)
		return 3
	}
	r.Printf("Received expected client data\n")
	return 0
}

func (r *run) sendChunks(ctx context.Context, conn net.Conn) int {
	var n [3]int
	for i, name := range []string{"CHUNKS", "CHUNK_SIZE", "CHUNK_INTERVAL"} {
		var err error
		if n[i], err = strconv.Atoi(r.Getenv(name)); err != nil {
			r.Printf("Error parsing %s %q: %v\n", name, r.Getenv(name), err)
			return 1
		}
	}
	data := []byte(strings.Repeat("x", n[1]))
	for i := range n[0] {
		written, err := conn.Write(data)
		if written != n[1] {
			r.Printf("Expected to write %d bytes from client, but wrote %d instead. err=%v\n", n[1], written, err)
			return 4
		}
		if i+1 < n[0] {
			r.Pause(ctx, time.Duration(n[2])*time.Millisecond)
		}
	}
	r.Printf("Shutting down connection\n")
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	r.Pause(ctx, 500*time.Millisecond) // for the client to see the end before the connection goes
	_ = conn.Close()
	r.Printf("Done\n")
	return 0
}

func dnsSuffix(*flag.FlagSet) func(context.Context, *run) int { return resolvConf("search") }

func dnsServerList(*flag.FlagSet) func(context.Context, *run) int { return resolvConf("nameserver") }

// resolvConf prints the words of the first line of /etc/resolv.conf that begins with key.
func resolvConf(key string) func(context.Context, *run) int {
	return func(_ context.Context, r *run) int {
		data, err := r.FS().ReadFile("/etc/resolv.conf")
		if err != nil {
			return r.fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if f := strings.Fields(line); len(f) > 0 && f[0] == key {
				r.Printf("%s\n", strings.Join(f[1:], ","))
				return 0
			}
		}
		return r.fatal("Could not find DNS search list!")
	}
}

func etcHosts(*flag.FlagSet) func(context.Context, *run) int {
	return func(_ context.Context, r *run) int {
		data, err := r.FS().ReadFile("/etc/hosts")
		if err != nil {
			return r.fatal(err)
		}
		r.Printf("%s\n", data)
		return 0
	}
}
