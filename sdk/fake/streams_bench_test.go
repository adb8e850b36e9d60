package fake_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/internal/memconn"
	corev1 "k8s.io/api/core/v1"
)

const megabyte = 1 << 20

// answerWith is a server that answers each byte it reads with so many.
func answerWith(conn net.Conn, size int) {
	defer conn.Close()
	block := make([]byte, size)
	for {
		if _, err := io.ReadFull(conn, block[:1]); err != nil {
			return
		}
		if _, err := conn.Write(block); err != nil {
			return
		}
	}
}

// accept has answerWith serve the connections of a listener until ctx ends.
func accept(ctx context.Context, l net.Listener, size int) {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
		serving.Go(func() { answerWith(conn, size) })
	}
}

// ways are how a client can reach a server that answers with so many bytes.
var ways = []struct {
	name string
	dial func(b *testing.B, size int) net.Conn
}{
	{"memory", func(b *testing.B, size int) net.Conn {
		near, far := memconn.Pair(&net.TCPAddr{}, &net.TCPAddr{}, memconn.Bounded(0))
		var serving sync.WaitGroup
		serving.Go(func() { answerWith(far, size) })
		b.Cleanup(func() { _ = near.Close(); serving.Wait() })
		return near
	}},
	{"loopback", func(b *testing.B, size int) net.Conn {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Skip(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var serving sync.WaitGroup
		serving.Go(func() { accept(ctx, l, size) })
		near, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = near.Close(); cancel(); serving.Wait() })
		return near
	}},
	{"forward", func(b *testing.B, size int) net.Conn {
		f, err := answering(b, size).PortForward(b.Context(), server())
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = f.Close() })
		near, err := f.DialContext(b.Context(), "tcp", "server:8080")
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = near.Close() })
		return near
	}},
}

func server() *corev1.Pod { return podOf("server", "", "server") }

// answering is the client of a cluster with a pod whose program answers.
func answering(tb testing.TB, size int) *sdk.Client {
	tb.Helper()
	c := fake.RunT(tb)
	c.HandleFunc("server", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080")
		if err != nil {
			return err
		}
		accept(ctx, l, size)
		return nil
	}, fake.Exec(fake.ProgramFunc(func(context.Context, *fake.Process) error { return nil })))
	client := c.Client()
	if err := client.Run(tb.Context(), server()); err != nil {
		tb.Fatal(err)
	}
	return client
}

// BenchmarkStream reads a megabyte through a port-forward in memory, beside a bare connection in memory and TCP on the loopback device.
func BenchmarkStream(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			conn := way.dial(b, megabyte)
			b.ReportAllocs()
			ask(b, conn, make([]byte, 32<<10), megabyte)
			b.ReportMetric(megabyte*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
		})
	}
}

// BenchmarkPing is one byte there and one back, on the same ways.
func BenchmarkPing(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			conn := way.dial(b, 1)
			b.ReportAllocs()
			ask(b, conn, make([]byte, 1), 1)
		})
	}
}

// ask asks again and again, and reads what comes.
func ask(b *testing.B, conn net.Conn, buffer []byte, size int) {
	b.Helper()
	for b.Loop() {
		if _, err := conn.Write([]byte{1}); err != nil {
			b.Fatal(err)
		}
		for left := size; left > 0; {
			n, err := conn.Read(buffer[:min(left, len(buffer))])
			if err != nil {
				b.Fatal(err)
			}
			left -= n
		}
	}
}

// BenchmarkExec is a command that does nothing, in a container that runs: from the call to its exit code.
func BenchmarkExec(b *testing.B) {
	client := answering(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		runNothing(b, client)
	}
}

func runNothing(tb testing.TB, client *sdk.Client) {
	tb.Helper()
	o := sdk.ExecOptions{Command: []string{"true"}, Stdout: io.Discard, Stderr: io.Discard}
	if err := client.Exec(tb.Context(), server(), o); err != nil {
		tb.Fatal(err)
	}
}
