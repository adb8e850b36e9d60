package sdk

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

func newInbox() *inbox {
	return &inbox{ready: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

func never() <-chan struct{} { return nil }

// More than an inbox holds waits with the sender, and none of it is lost.
func TestInboxHoldsTheSenderBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newInbox()
		put := 0
		go func() {
			for i := range 300 {
				b.put(bytes.Repeat([]byte{byte(i)}, 10_000), nil)
				put += 10_000
			}
			b.end(io.EOF)
		}()
		synctest.Wait()
		if put < inboxSize || put > inboxSize+10_000 {
			t.Errorf("took %d bytes with nobody reading, want about %d", put, inboxSize)
		}
		got, p := 0, make([]byte, 777)
		for {
			n, err := b.get(p, nil, never)
			for _, c := range p[:n] {
				if c != byte(got/10_000) {
					t.Fatalf("byte %d is %d", got, c)
				}
				got++
			}
			if err != nil {
				break
			}
		}
		if got != 3_000_000 {
			t.Errorf("got %d bytes, want 3000000", got)
		}
	})
}

// The end is told to every reader, and only after all data.
func TestInboxEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newInbox(), errors.New("the end")
		errs := make(chan error)
		for range 3 {
			go func() {
				for {
					if _, err := b.get(make([]byte, 1), nil, never); err != nil {
						errs <- err
						return
					}
				}
			}()
		}
		synctest.Wait()
		b.put([]byte("abc"), nil)
		if b.told() {
			t.Error("readers were told of an end that had not come")
		}
		b.end(end)
		for range 3 {
			if err := <-errs; err != end {
				t.Errorf("reader got %v, want %v", err, end)
			}
		}
		if !b.told() {
			t.Error("no reader was told of the end")
		}
	})
}

func TestInboxClosed(t *testing.T) {
	b, closed := newInbox(), make(chan struct{})
	close(closed)
	b.put(make([]byte, inboxSize), closed)
	if b.put([]byte("x"), closed) {
		t.Error("a full inbox took more after it was closed")
	}
}
