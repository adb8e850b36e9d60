package sdk

import "sync"

// outbox holds the frames that a session is to send, in order. Who has data to send waits for room; what is short and must get
// through, such as the end of a stream, does not. All that waits at a time is sent at once.
type outbox struct {
	mu     sync.Mutex
	frames []byte
	over   bool          // nothing more is taken
	ready  chan struct{} // capacity 1: there may be something to send
	room   chan struct{} // capacity 1: there may be room for data
}

// outboxSize is how much may wait before data has to.
const outboxSize = 64 << 10

func newOutbox() outbox {
	return outbox{ready: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// data adds a frame of data, if there is room. After the end it is lost, as with a connection that is being closed.
func (o *outbox) data(id uint32, p []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) >= outboxSize {
		return false
	}
	if o.over {
		return true
	}
	o.frames = append(appendDataHead(o.frames, id, 0, len(p)), p...)
	if len(o.frames) < outboxSize {
		signal(o.room) // for others who wait
	}
	signal(o.ready)
	return true
}

// control adds what add appends.
func (o *outbox) control(add func(frames []byte) []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.over {
		o.frames = add(o.frames)
		signal(o.ready)
	}
}

// end takes nothing more.
func (o *outbox) end() {
	o.mu.Lock()
	o.over = true
	o.mu.Unlock()
	signal(o.ready)
}

// next returns all that is to be sent, waiting for some, and takes a buffer for what comes meanwhile. It returns nil at the end, or when
// stop is closed.
func (o *outbox) next(spare []byte, stop <-chan struct{}) []byte {
	for {
		o.mu.Lock()
		frames, over := o.frames, o.over
		if len(frames) > 0 {
			o.frames = spare[:0]
			signal(o.room)
		}
		o.mu.Unlock()
		switch {
		case len(frames) > 0:
			return frames
		case over:
			return nil
		}
		select {
		case <-o.ready:
		case <-stop:
			return nil
		}
	}
}
