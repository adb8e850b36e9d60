package memconn

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func impaired(t *testing.T, test func(t *testing.T, a, b *Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(&net.TCPAddr{Port: 1}, &net.TCPAddr{Port: 2}, Bounded(8))
		test(t, a, b)
		_, _ = a.Close(), b.Close()
	})
}

func arrives(t *testing.T, c net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Errorf("read %q, %v; want %q", got, err, want)
	}
}

func silent(t *testing.T, c net.Conn) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read %d, %v; want a deadline that is exceeded", n, err)
	}
	_ = c.SetReadDeadline(time.Time{})
}

func TestCutHoldsDataUntilItIsOver(t *testing.T) {
	impaired(t, func(t *testing.T, a, b *Conn) {
		_, _ = a.Write([]byte("x"))
		a.Impair(Impairment{Cut: true}, Impairment{Cut: true})
		_, _ = a.Write([]byte("yz"))
		arrives(t, b, "x")
		silent(t, b)
		a.Impair(Impairment{}, Impairment{})
		arrives(t, b, "yz")
	})
}

func TestCutHidesTheEnd(t *testing.T) {
	for name, end := range map[string]struct {
		by   func(*Conn)
		want error
	}{
		"close": {func(c *Conn) { _ = c.Close() }, io.EOF},
		"reset": {func(c *Conn) { c.Reset() }, syscall.ECONNRESET},
	} {
		t.Run(name, func(t *testing.T) {
			impaired(t, func(t *testing.T, a, b *Conn) {
				b.Impair(Impairment{Cut: true}, Impairment{Cut: true})
				end.by(a)
				silent(t, b)
				if _, err := b.Write([]byte("hi")); err != nil {
					t.Errorf("write into a cut: %v", err)
				}
				b.Impair(Impairment{}, Impairment{})
				if _, err := b.Read(make([]byte, 1)); !errors.Is(err, end.want) {
					t.Errorf("read after the cut: %v, want %v", err, end.want)
				}
			})
		})
	}
}

func TestCutBlocksTheWriterOnceItsWindowIsFull(t *testing.T) {
	impaired(t, func(t *testing.T, a, b *Conn) {
		a.Impair(Impairment{Cut: true}, Impairment{})
		_ = a.SetWriteDeadline(time.Now().Add(time.Minute))
		if n, err := a.Write(make([]byte, 10)); n != 8 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("wrote %d, %v; want the 8 bytes of the window", n, err)
		}
	})
}

func TestDelay(t *testing.T) {
	impaired(t, func(t *testing.T, a, b *Conn) {
		start := time.Now()
		a.Impair(Impairment{Delay: 3 * time.Second}, Impairment{})
		_, _ = a.Write([]byte("slow"))
		a.Impair(Impairment{Delay: time.Second}, Impairment{})
		_, _ = a.Write([]byte("er"))
		_ = a.CloseWrite()
		arrives(t, b, "slower")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("what was sent first took %v, what came after it must not be faster", took)
		}
		if _, err := b.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("read after the end: %v", err)
		}
		_, _ = b.Write([]byte("back"))
		arrives(t, a, "back")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("the way back took part in the delay: %v", took)
		}
	})
}
