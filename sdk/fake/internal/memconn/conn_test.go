package memconn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/nettest"
)

var (
	addrA = &net.TCPAddr{IP: net.IPv4(10, 244, 0, 1), Port: 40000}
	addrB = &net.TCPAddr{IP: net.IPv4(10, 244, 0, 2), Port: 80}
)

// bufferings are the two kinds of connection that most rules hold for alike.
var bufferings = map[string]Buffering{"bounded": Bounded(0), "unbounded": Unbounded(0)}

// TestConnIsANetConn writes for a tenth of a second what nobody reads, which must not be too much for an unbounded connection.
func TestConnIsANetConn(t *testing.T) {
	for name, buffering := range map[string]Buffering{"bounded": Bounded(0), "unbounded": Unbounded(1 << 30)} {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
				a, b := Pair(addrA, addrB, buffering)
				return a, b, func() { _, _ = a.Close(), b.Close() }, nil
			})
		})
	}
}

// TestErrors has a row per way in which a connection ends: what is done to it, and what a and b then get.
func TestErrors(t *testing.T) {
	past := time.Unix(1, 0)
	rows := []struct {
		rule           string
		do             func(a, b *Conn)
		aRead, aWrite  error
		bRead, bWrite  error
		bReadsDataThen bool
	}{
		{"own Close ends everything here; the peer reads the rest, EOF, and gets a broken pipe",
			func(a, _ *Conn) { _ = a.Close() }, net.ErrClosed, net.ErrClosed, io.EOF, syscall.EPIPE, true},
		{"CloseWrite is EOF for the peer, which may go on writing",
			func(a, _ *Conn) { _ = a.CloseWrite() }, nil, syscall.EPIPE, io.EOF, nil, true},
		{"CloseWrite twice is harmless",
			func(a, _ *Conn) { _ = a.CloseWrite(); _ = a.CloseWrite() }, nil, syscall.EPIPE, io.EOF, nil, true},
		{"CloseRead is EOF here, and the peer's writes are dropped",
			func(a, _ *Conn) { _ = a.CloseRead() }, io.EOF, nil, nil, nil, true},
		{"Reset is ECONNRESET here at once and there after the data that had arrived",
			func(a, _ *Conn) { a.Reset() }, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, true},
		{"a reset at both ends drops the data",
			func(a, b *Conn) { a.Reset(); b.Reset() }, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, false},
		{"a reset after Close changes nothing",
			func(a, _ *Conn) { _ = a.Close(); a.Reset() }, net.ErrClosed, net.ErrClosed, io.EOF, syscall.EPIPE, true},
		{"Close after a reset is a closed connection",
			func(a, _ *Conn) { a.Reset(); _ = a.Close() }, net.ErrClosed, net.ErrClosed, syscall.ECONNRESET, syscall.ECONNRESET, true},
		{"a past deadline fails both ways at this end only",
			func(a, _ *Conn) { _ = a.SetDeadline(past) }, os.ErrDeadlineExceeded, os.ErrDeadlineExceeded, nil, nil, true},
		{"a past read deadline leaves writing",
			func(a, _ *Conn) { _ = a.SetReadDeadline(past) }, os.ErrDeadlineExceeded, nil, nil, nil, true},
		{"a deadline of zero takes it back",
			func(a, _ *Conn) { _ = a.SetDeadline(past); _ = a.SetDeadline(time.Time{}) }, nil, nil, nil, nil, true},
	}
	for _, row := range rows {
		for name, buffering := range bufferings {
			t.Run(name+"/"+row.rule, func(t *testing.T) {
				a, b := Pair(addrA, addrB, buffering)
				write(t, a, "early")
				row.do(a, b)
				if row.bReadsDataThen {
					wantRead(t, b, "early")
				}
				wantError(t, "a's write", tryWrite(a), row.aWrite)
				wantError(t, "b's write", tryWrite(b), row.bWrite)
				wantError(t, "a's read", tryRead(a, row.aRead), row.aRead)
				if row.aWrite != nil {
					wantError(t, "b's read", tryRead(b, row.bRead), row.bRead)
				}
			})
		}
	}
}

func TestErrorsAreThoseOfASocket(t *testing.T) {
	a, b := Pair(addrA, addrB, Bounded(0))
	_ = b.Close()
	_, err := a.Write([]byte("x"))
	want := "write tcp 10.244.0.1:40000->10.244.0.2:80: write: broken pipe"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error text (-want +got):\n%s", diff)
	}
	_ = a.SetReadDeadline(time.Unix(1, 0))
	_, err = a.Read(make([]byte, 1))
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("read past its deadline = %v, which is no timeout", err)
	}
}

func TestAfterClose(t *testing.T) {
	a, _ := Pair(addrA, addrB, Bounded(0))
	_ = a.Close()
	for name, err := range map[string]error{
		"Close": a.Close(), "CloseWrite": a.CloseWrite(), "CloseRead": a.CloseRead(),
		"SetDeadline": a.SetDeadline(time.Now().Add(time.Hour)), "SetWriteDeadline": a.SetWriteDeadline(time.Time{}),
	} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s after Close = %v, want net.ErrClosed", name, err)
		}
	}
}

func TestWaitersWakeUp(t *testing.T) {
	rows := []struct {
		rule string
		wait func(a *Conn) error
		end  func(a, b *Conn)
		want error
	}{
		{"a read by the peer's Close", readOne, func(_, b *Conn) { _ = b.Close() }, io.EOF},
		{"a read by the own Close", readOne, func(a, _ *Conn) { _ = a.Close() }, net.ErrClosed},
		{"a read by the own CloseRead", readOne, func(a, _ *Conn) { _ = a.CloseRead() }, io.EOF},
		{"a read by the peer's reset", readOne, func(_, b *Conn) { b.Reset() }, syscall.ECONNRESET},
		{"a read by a deadline set meanwhile", readOne, func(a, _ *Conn) { _ = a.SetReadDeadline(time.Now()) }, os.ErrDeadlineExceeded},
		{"a full write by the peer's Close", writeMuch, func(_, b *Conn) { _ = b.Close() }, syscall.EPIPE},
		{"a full write by the own Close", writeMuch, func(a, _ *Conn) { _ = a.Close() }, net.ErrClosed},
		{"a full write by the own reset", writeMuch, func(a, _ *Conn) { a.Reset() }, syscall.ECONNRESET},
		{"a full write by a deadline set meanwhile", writeMuch, func(a, _ *Conn) { _ = a.SetWriteDeadline(time.Now()) }, os.ErrDeadlineExceeded},
		{"a full write by the peer's CloseRead, which drops the rest", writeMuch, func(_, b *Conn) { _ = b.CloseRead() }, nil},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := Pair(addrA, addrB, Bounded(0))
				got := make(chan error, 1)
				go func() { got <- row.wait(a) }()
				synctest.Wait()
				if len(got) != 0 {
					t.Fatalf("did not wait: %v", <-got)
				}
				row.end(a, b)
				wantError(t, "the waiter", <-got, row.want)
			})
		})
	}
}

func TestBoundedWritersDoNotMix(t *testing.T) {
	a, b := Pair(addrA, addrB, Bounded(1000))
	const each = 100_000
	var writers sync.WaitGroup
	for _, letter := range []byte("abc") {
		writers.Go(func() {
			if n, err := a.Write(bytes.Repeat([]byte{letter}, each)); n != each || err != nil {
				t.Errorf("Write = %d, %v", n, err)
			}
		})
	}
	go func() { writers.Wait(); _ = a.Close() }()
	got, err := io.ReadAll(b)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 3*each; i += each {
		if run := got[i : i+each]; bytes.Count(run, run[:1]) != each {
			t.Errorf("bytes %d to %d come from several writers", i, i+each)
		}
	}
}

func TestReadersShareOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(addrA, addrB, Bounded(0))
		var readers sync.WaitGroup
		for range 5 {
			readers.Go(func() {
				if err := readOne(b); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		write(t, a, "12345")
		readers.Wait()
	})
}

func TestUnboundedNeverWaits(t *testing.T) {
	a, b := Pair(addrA, addrB, Unbounded(10<<20))
	big := bytes.Repeat([]byte("x"), 10<<20)
	write(t, a, string(big))
	_, err := a.Write([]byte("y"))
	wantError(t, "a write beyond the cap", err, syscall.ECONNRESET)
	wantError(t, "the slow reader", tryRead(b, syscall.ECONNRESET), syscall.ECONNRESET)
	if b.in.data.head != nil {
		t.Error("the buffer of a connection that was reset for its size is kept")
	}

	a, b = Pair(addrA, addrB, Unbounded(100))
	write(t, a, string(big)) // one write is never too long by itself
	got := make([]byte, len(big))
	if _, err := io.ReadFull(b, got); err != nil {
		t.Error(err)
	}
}

func TestIdleConnectionsHoldNoBuffer(t *testing.T) {
	for name, buffering := range bufferings {
		t.Run(name, func(t *testing.T) {
			a, b := Pair(addrA, addrB, buffering)
			write(t, a, "ping")
			wantRead(t, b, "ping")
			write(t, b, "unread")
			_ = a.Close()
			if a.in.data.head != nil || a.out.data.head != nil {
				t.Error("a buffer is kept")
			}
		})
	}
}

func TestDeadlinesInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pair(addrA, addrB, Bounded(0))
		start := time.Now()
		_ = a.SetReadDeadline(start.Add(time.Minute))
		_ = a.SetReadDeadline(start.Add(time.Hour)) // the later one counts
		wantError(t, "read", readOne(a), os.ErrDeadlineExceeded)
		if took := time.Since(start); took != time.Hour {
			t.Errorf("the read waited %v, want an hour", took)
		}
		_ = a.SetReadDeadline(time.Now().Add(time.Hour))
		write(t, b, "x")
		wantError(t, "read with a new deadline", readOne(a), nil)
	})
}

func TestNoTimerOutlivesClose(t *testing.T) {
	ends := map[string]func(a, b *Conn){
		"Close":             func(a, _ *Conn) { _ = a.Close() },
		"Reset":             func(a, _ *Conn) { a.Reset() },
		"Reset by the peer": func(_, b *Conn) { b.Reset() },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			a, b := Pair(addrA, addrB, Bounded(0))
			_ = a.SetDeadline(time.Now().Add(time.Hour))
			end(a, b)
			_ = a.SetDeadline(time.Now().Add(time.Hour))
			if a.in.readDeadline.timer != nil || a.out.writeDeadline.timer != nil {
				t.Error("a deadline's timer is kept")
			}
		})
	}
}

func TestOnCloseRunsOnce(t *testing.T) {
	a, b := Pair(addrA, addrB, Bounded(0))
	calls := 0
	a.OnClose(func() { calls++ })
	b.Reset()
	a.Reset()
	if calls != 0 {
		t.Fatal("a reset ran OnClose")
	}
	_, _ = a.Close(), a.Close()
	if calls != 1 {
		t.Errorf("OnClose ran %d times, want 1", calls)
	}
	a.OnClose(func() { calls++ })
	if calls != 2 {
		t.Error("OnClose on a closed end does not run at once")
	}
}

func readOne(c *Conn) error {
	_, err := c.Read(make([]byte, 1))
	return err
}

func writeMuch(c *Conn) error {
	_, err := c.Write(make([]byte, 2*DefaultWindow))
	return err
}

func tryWrite(c *Conn) error {
	_, err := c.Write([]byte("late"))
	return err
}

// tryRead reads once if an error is expected; without one a read might wait.
func tryRead(c *Conn, want error) error {
	if want == nil {
		return nil
	}
	n, err := c.Read(make([]byte, 100))
	if n > 0 {
		return fmt.Errorf("read %d bytes", n)
	}
	return err
}

func write(t *testing.T, c *Conn, s string) {
	t.Helper()
	if n, err := io.WriteString(c, s); n != len(s) || err != nil {
		t.Fatalf("Write = %d, %v; want %d, nil", n, err, len(s))
	}
}

func wantRead(t *testing.T, c *Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Fatalf("read %q, %v; want %q", got, err, want)
	}
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) || (want == nil) != (got == nil) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
	var op *net.OpError
	if want != nil && want != io.EOF && !errors.As(got, &op) {
		t.Errorf("%s: %T, want *net.OpError", what, got)
	}
}
