package podipc_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
)

func TestNames(t *testing.T) {
	ns := podipc.New()
	if _, err := ns.Memory("/here", 8); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		rule, name string
		size       int
		want       error
	}{
		{"a name begins with a slash", "here", 8, syscall.EINVAL},
		{"and has no other", "/a/b", 8, syscall.EINVAL},
		{"and is not empty", "/", 8, syscall.EINVAL},
		{"nor longer than 255 bytes", "/" + strings.Repeat("x", 256), 8, syscall.EINVAL},
		{"size 0 opens what is there", "/here", 0, nil},
		{"and fails if nothing is", "/there", 0, syscall.ENOENT},
		{"the same size opens what is there", "/here", 8, nil},
		{"another size is refused", "/here", 9, syscall.EINVAL},
		{"and so is a negative one", "/new", -1, syscall.EINVAL},
	} {
		if _, err := ns.Memory(tc.name, tc.size); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.rule, err, tc.want)
		}
	}
	if _, err := ns.Queue("here"); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a queue's name begins with a slash too: %v", err)
	}
}

func TestMemoryIsSharedWithinANamespace(t *testing.T) {
	ns := podipc.New()
	one, _ := ns.Memory("/m", 4)
	other, _ := ns.Memory("/m", 0)
	elsewhere, _ := podipc.New().Memory("/m", 4)
	if n, err := one.WriteAt([]byte("abcdef"), 1); n != 3 || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a write past the end: %d, %v", n, err)
	}
	got := make([]byte, 4)
	if _, err := other.ReadAt(got, 0); err != nil || string(got) != "\x00abc" {
		t.Errorf("%q, %v", got, err)
	}
	if n, err := other.ReadAt(got, 2); n != 2 || err != io.EOF {
		t.Errorf("a read past the end: %d, %v", n, err)
	}
	elsewhere.Update(func(b []byte) {
		if string(b) != "\x00\x00\x00\x00" {
			t.Errorf("another namespace has %q", b)
		}
	})
	if err := ns.Remove("/m"); err != nil {
		t.Fatal(err)
	}
	if err := ns.Remove("/m"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := ns.Memory("/m", 0); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("opened after it was removed: %v", err)
	}
}

func TestUpdatesAreWhole(t *testing.T) {
	m, _ := podipc.New().Memory("/m", 2)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				m.Update(func(b []byte) { b[0]++ })
			}
		})
	}
	all.Wait()
	m.Update(func(b []byte) {
		if b[0] != 200 {
			t.Errorf("%d updates, want 200", b[0])
		}
	})
}

func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ns := podipc.New()
		sender, _ := ns.Queue("/q")
		receiver, _ := ns.Queue("/q")
		text := []byte("a0")
		var sent sync.WaitGroup
		sent.Go(func() {
			for i := range byte(12) {
				text[1] = '0' + i
				if err := sender.Send(t.Context(), text); err != nil {
					t.Error(err)
				}
			}
		})
		synctest.Wait()
		if receiver.Len() != 10 {
			t.Errorf("%d messages wait, want ten: the sender has to", receiver.Len())
		}
		for i := range byte(12) {
			m, err := receiver.Receive(t.Context())
			if err != nil || string(m) != "a"+string('0'+i) {
				t.Errorf("message %d: %q, %v", i, m, err)
			}
		}
		sent.Wait()
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if _, err := receiver.Receive(ctx); err != cause {
			t.Errorf("an empty queue, and the context ended: %v", err)
		}
	})
}
