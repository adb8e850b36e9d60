package sdk

import (
	"testing"
	"testing/synctest"
)

// Data waits once the outbox is full; the end of a stream does not. All that waits is sent at once, in order.
func TestOutbox(t *testing.T) {
	o := newOutbox()
	if !o.data(1, make([]byte, outboxSize)) {
		t.Fatal("an empty outbox takes no data")
	}
	if o.data(1, []byte("x")) {
		t.Error("a full outbox takes data")
	}
	o.control(func(frames []byte) []byte { return appendFin(frames, 1) })
	want := spdyHead + outboxSize + spdyHead
	if frames := o.next(nil, nil); len(frames) != want {
		t.Errorf("%d bytes are to be sent, want %d", len(frames), want)
	}
	if !o.data(1, []byte("x")) {
		t.Error("there is no room after all was taken")
	}
	o.end()
	if !o.data(1, []byte("y")) {
		t.Error("data after the end waits for ever")
	}
	if frames := o.next(nil, nil); string(frames[spdyHead:]) != "x" {
		t.Errorf("the last frames are %q", frames)
	}
	if frames := o.next(nil, nil); frames != nil {
		t.Errorf("after the end came %q", frames)
	}
}

// Everyone who waits for room gets his turn, though a signal wakes one of them.
func TestOutboxWakesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox()
		o.data(1, make([]byte, outboxSize))
		sent := make(chan bool)
		for range 3 {
			go func() {
				for !o.data(3, []byte("x")) {
					<-o.room
				}
				sent <- true
			}()
		}
		synctest.Wait()
		o.next(nil, nil)
		for range 3 {
			<-sent
		}
	})
}

func TestOutboxStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, stop := newOutbox(), make(chan struct{})
		got := make(chan []byte)
		go func() { got <- o.next(nil, stop) }()
		synctest.Wait()
		close(stop)
		if frames := <-got; frames != nil {
			t.Errorf("sent %q after the loss of the connection", frames)
		}
	})
}
