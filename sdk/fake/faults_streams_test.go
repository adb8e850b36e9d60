package fake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

// leak is an image whose program accepts connections, writes a word to each and never closes anything. A connection that says "bye" makes
// it end.
func leak(_ context.Context, p *fake.Process) error {
	l, err := p.Listen("tcp", ":80")
	if err != nil {
		return err
	}
	bye := make(chan struct{})
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(conn, "hello")
			go func() {
				word := make([]byte, 3)
				if _, err := io.ReadFull(conn, word); err == nil && string(word) == "bye" {
					close(bye)
				}
			}()
		}
	}()
	select {
	case <-bye:
	case <-p.Ended():
	}
	return nil
}

// However a container ends, what it has left open ends with it: its peers read what was sent, and then a reset or the end, and nothing that
// waits goes on waiting. The next run has the port.
func TestLeakedConnections(t *testing.T) {
	for _, test := range []struct {
		rule string
		end  func(c *town, conn net.Conn) error
	}{
		{"the program returns", func(_ *town, conn net.Conn) error {
			_, err := fmt.Fprint(conn, "bye")
			return err
		}},
		{"it is killed", func(c *town, _ net.Conn) error { return c.OOMKill("default", "leaky", "main") }},
		{"its pod is deleted", func(c *town, _ net.Conn) error {
			return c.Client().Delete(c.t.Context(), pod("leaky", "leak"), sdk.Grace(time.Second))
		}},
		{"its pod is deleted by force", func(c *town, _ net.Conn) error {
			return c.Client().Delete(c.t.Context(), pod("leaky", "leak"), sdk.Grace(0))
		}},
		{"its pod is evicted", func(c *town, _ net.Conn) error {
			return c.EvictForPressure("default", "leaky", corev1.ResourceMemory)
		}},
		{"its node loses power", func(c *town, _ net.Conn) error { return c.Node(second).PowerOff() }},
	} {
		t.Run(test.rule, func(t *testing.T) {
			inTown(t, func(t *testing.T, c *town) {
				c.HandleFunc("leak", leak)
				client := pod("client", "lent")
				client.Spec.NodeName = "minikube"
				in := c.borrow(client)
				listeners, ends := c.Open()
				leaky := pod("leaky", "leak")
				leaky.Spec.NodeName = second
				c.create(leaky)
				if err := c.Client().Get(t.Context(), "leaky", leaky); err != nil {
					t.Fatal(err)
				}
				var conns []net.Conn
				for range 4 {
					conn, err := in.DialContext(t.Context(), "tcp", leaky.Status.PodIP+":80")
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					conns = append(conns, conn)
				}
				synctest.Wait() // all have their word by now
				wrote, read := make(chan error, 1), make(chan error, 1)
				go func() {
					_, err := io.Copy(conns[1], endlessly("x")) // nobody reads that
					wrote <- err
				}()
				go func() {
					text, err := io.ReadAll(conns[2])
					if string(text) != "hello" {
						err = fmt.Errorf("read %q, %v", text, err)
					}
					read <- err
				}()
				synctest.Wait()
				if err := test.end(c, conns[0]); err != nil {
					t.Fatal(err)
				}
				if err := <-wrote; !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
					t.Errorf("a write that waits: %v", err)
				}
				if err := <-read; err != nil && !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("a read that waits: %v", err)
				}
				text, err := io.ReadAll(conns[3])
				if string(text) != "hello" || err != nil && !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("a read of what came before: %q, %v", text, err)
				}
				for _, conn := range conns {
					_ = conn.Close()
				}
				_ = c.Node(second).Start()
				<-time.After(time.Minute)
				synctest.Wait()
				l, e := c.Open()
				if again := l - listeners; e != ends || again < 0 || again > 1 {
					t.Errorf("%d listeners and %d ends of connections are open, before there were %d and %d", l, e, listeners, ends)
				}
				if err := c.Client().Get(t.Context(), "leaky", leaky); err == nil && leaky.Status.Phase == corev1.PodRunning {
					if text := logOf(t, c.Cluster, "leaky", "main"); text != "" || !leaky.Status.ContainerStatuses[0].Ready {
						t.Errorf("the next run: %q, %+v", text, leaky.Status.ContainerStatuses)
					}
				}
			}, fake.Nodes(2))
		})
	}
}

// endlessly reads as a text again and again.
func endlessly(text string) io.Reader { return endlessText(strings.Repeat(text, 1<<10)) }

type endlessText string

func (e endlessText) Read(p []byte) (int, error) { return copy(p, e), nil }

// A program floods its output while somebody follows and does not read, and somebody is attached and does not read either: neither holds it
// up, memory stays within bounds, and both get an error instead of what is missing.
func TestFloodOfOutput(t *testing.T) {
	const megabytes = 80 // more than a log keeps for slow readers
	inTown(t, func(t *testing.T, c *town) {
		flooded, more := make(chan struct{}), make(chan struct{})
		c.HandleFunc("flood", func(ctx context.Context, p *fake.Process) error {
			fmt.Fprintln(p.Stdout, "first")
			<-more
			line := strings.Repeat("x", 1023) + "\n"
			for n := 0; n < megabytes<<10; n++ {
				if _, err := io.WriteString(p.Stdout, line); err != nil {
					return err
				}
			}
			close(flooded)
			<-ctx.Done()
			return nil
		})
		c.create(pod("p", "flood"))
		slow, err := c.Client().LogStream(t.Context(), sdk.PodNamed("p"), sdk.LogOptions{Follow: true})
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		out, in := io.Pipe() // nobody reads
		attached := make(chan error, 1)
		go func() { attached <- c.Client().Attach(t.Context(), sdk.PodNamed("p"), sdk.AttachOptions{Stdout: in}) }()
		synctest.Wait()
		before := liveHeap()
		close(more)
		<-flooded
		synctest.Wait()
		if grown := liveHeap() - before; grown > 70<<20 {
			t.Errorf("%d MB were written, and the heap has grown by %d", megabytes, grown>>20)
		}
		_ = out.Close()
		if err := <-attached; err == nil {
			t.Error("who is attached has got all")
		}
		text, err := io.ReadAll(slow)
		if err == nil || len(text) >= megabytes<<20 || !strings.HasPrefix(string(text), "first\n") {
			t.Errorf("the follower got %d MB and %v, want less than all, and an error", len(text)>>20, err)
		}
	}, fake.LogRotation(1<<20, 0, 2))
}

// A client of the SDK that is too slow for what a program prints is told where lines are missing.
func TestFloodLeavesAGap(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		more := make(chan struct{})
		c.HandleFunc("flood", func(ctx context.Context, p *fake.Process) error {
			fmt.Fprintln(p.Stdout, "line 0")
			<-more
			for n := 1; n <= 80<<10; n++ {
				fmt.Fprintf(p.Stdout, "line %d %01000d\n", n, 0)
			}
			fmt.Fprintln(p.Stdout, "line -1")
			<-ctx.Done()
			return nil
		})
		c.create(pod("p", "flood"))
		next, gaps := 0, 0
		for line, err := range c.Client().Logs(t.Context(), sdk.PodNamed("p"), sdk.LogOptions{Follow: true}) {
			var gap *sdk.LogGap
			switch {
			case errors.As(err, &gap):
				gaps++
				next = -1
				continue
			case err != nil:
				t.Fatal(err)
			}
			if next == 0 {
				close(more)
				synctest.Wait() // it is all written, and we have not read
			}
			var n int
			if _, err := fmt.Sscanf(line.Text, "line %d", &n); err != nil {
				t.Fatalf("%v: %.80q", err, line.Text)
			}
			if n == -1 {
				break
			}
			if next >= 0 && n != next {
				t.Fatalf("line %d where %d was due, and no gap", n, next)
			}
			next = n + 1
		}
		if gaps == 0 {
			t.Error("nothing was missing; the program has to write more")
		}
	}, fake.LogRotation(1<<20, 0, 2))
}
