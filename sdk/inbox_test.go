package sdk

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

func never() <-chan struct{} { return nil }

// arrive puts p into an inbox as frames of a stream do.
func arrive(t *testing.T, b *inbox, p []byte, closed <-chan struct{}) {
	if err := b.fill(bytes.NewReader(p), len(p), closed, func(bool) {}); err != nil {
		t.Error(err)
	}
}

// More than an inbox holds waits with the sender, and none of it is lost.
func TestInboxHoldsTheSenderBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := new(newInbox())
		put := 0
		go func() {
			for i := range 300 {
				arrive(t, b, bytes.Repeat([]byte{byte(i)}, 10_000), nil)
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
		b, end := new(newInbox()), errors.New("the end")
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
		arrive(t, b, []byte("abc"), nil)
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

// What comes for one who has closed is read, since others wait for what is behind it, and thrown away.
func TestInboxClosed(t *testing.T) {
	b, closed := new(newInbox()), make(chan struct{})
	arrive(t, b, make([]byte, inboxSize), closed)
	close(closed)
	rest := bytes.NewReader([]byte("for him, for others"))
	if err := b.fill(rest, len("for him"), closed, func(bool) {}); err != nil {
		t.Error(err)
	}
	left, _ := io.ReadAll(rest)
	if string(left) != ", for others" {
		t.Errorf("left %q", left)
	}
}

// FuzzInbox holds an inbox against a bytes.Buffer: each step lets something arrive, is read, or is taken over in chunks.
func FuzzInbox(f *testing.F) {
	f.Add([]byte{1, 2, 0x81, 3, 0xc1, 0x7f, 0x7f, 0xff, 0xc9})
	f.Fuzz(func(t *testing.T, steps []byte) {
		b := new(newInbox())
		var model bytes.Buffer
		for i, step := range steps {
			size := int(step&0x3f) * int(step&0x3f) * 17
			if step&0x80 == 0 && model.Len() < inboxSize {
				data := bytes.Repeat([]byte{byte(i)}, size)
				arrive(t, b, data, nil)
				model.Write(data)
				continue
			}
			if model.Len() == 0 {
				continue
			}
			var got []byte
			if step&0x40 == 0 {
				got = make([]byte, size)
				n, _ := b.get(got, nil, never)
				got = got[:n]
			} else {
				chunks := make([]*chunk, 1+size%5)
				n, _ := b.gather(chunks, nil, never)
				for _, c := range chunks[:n] {
					got = append(got, c.unread()...)
					c.free()
				}
			}
			if want := model.Next(len(got)); !bytes.Equal(want, got) {
				t.Fatalf("step %d: got %d bytes that are others", i, len(got))
			}
		}
		b.end(io.EOF)
		left, _ := io.ReadAll(readerOf{b})
		if !bytes.Equal(model.Bytes(), left) {
			t.Fatalf("%d bytes are left, want %d", len(left), model.Len())
		}
	})
}

type readerOf struct{ *inbox }

func (r readerOf) Read(p []byte) (int, error) { return r.get(p, nil, never) }
