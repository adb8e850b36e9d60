package stream

import (
	"bytes"
	"io"
	"sync"
)

// roomy is how much of one channel may wait to be read, before the client is held up with all others.
const roomy = 1 << 20

// inbox is what has come on a channel and was not read yet.
type inbox struct {
	mu      sync.Mutex
	changed sync.Cond
	waiting bytes.Buffer
	ended   bool
}

func newInbox() *inbox {
	i := &inbox{}
	i.changed.L = &i.mu
	return i
}

// put adds data, and waits for room. After the end it is dropped.
func (i *inbox) put(data []byte) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.waiting.Len() > roomy && !i.ended {
		i.changed.Wait()
	}
	if !i.ended {
		i.waiting.Write(data)
		i.changed.Broadcast()
	}
}

// end says that nothing more comes.
func (i *inbox) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = true
	i.changed.Broadcast()
}

// Read waits for data. After the end it returns what is left, and then io.EOF.
func (i *inbox) Read(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.waiting.Len() == 0 && !i.ended {
		i.changed.Wait()
	}
	if i.waiting.Len() == 0 {
		return 0, io.EOF
	}
	n, err := i.waiting.Read(p)
	i.changed.Broadcast()
	return n, err
}
