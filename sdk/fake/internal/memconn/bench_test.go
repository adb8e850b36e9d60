package memconn

import (
	"io"
	"net"
	"testing"
)

// links are the connections to compare: ours beside net.Pipe and loopback TCP.
var links = []struct {
	name string
	make func(b *testing.B) (net.Conn, net.Conn)
}{
	{"bounded", func(*testing.B) (net.Conn, net.Conn) { return pair(Bounded(0)) }},
	{"unbounded", func(*testing.B) (net.Conn, net.Conn) { return pair(Unbounded(0)) }},
	{"netpipe", func(*testing.B) (net.Conn, net.Conn) { return net.Pipe() }},
	{"tcp", loopback},
}

func pair(buffering Buffering) (net.Conn, net.Conn) { return Pair(addrA, addrB, buffering) }

func loopback(b *testing.B) (net.Conn, net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Skip(err)
	}
	defer l.Close()
	x, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	y, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	return x, y
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func BenchmarkCopy1GiB(b *testing.B) {
	const size = 1 << 30
	for _, link := range links {
		b.Run(link.name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for range b.N {
				x, y := link.make(b)
				go func() {
					// Hiding ReadFrom and WriteTo keeps TCP from splicing.
					_, _ = io.Copy(struct{ io.Writer }{x}, io.LimitReader(zeros{}, size))
					_ = x.Close()
				}()
				n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{y}, make([]byte, 32<<10))
				if n != size || err != nil {
					b.Fatal(n, err)
				}
				_ = y.Close()
			}
		})
	}
}

func BenchmarkPingPong(b *testing.B) {
	for _, link := range links {
		b.Run(link.name, func(b *testing.B) {
			x, y := link.make(b)
			defer x.Close()
			go func() {
				defer y.Close()
				_, _ = io.CopyBuffer(struct{ io.Writer }{y}, struct{ io.Reader }{y}, make([]byte, 1))
			}()
			p := make([]byte, 1)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.Write(p); err != nil {
					b.Fatal(err)
				}
				if _, err := x.Read(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPair(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		x, y := pair(Bounded(0))
		_, _ = x.Close(), y.Close()
	}
}
