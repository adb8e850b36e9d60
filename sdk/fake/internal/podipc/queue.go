package podipc

import (
	"bytes"
	"context"
)

// capacity is how many messages a queue holds, as /proc/sys/fs/mqueue/msg_default says.
const capacity = 10

// Queue is a queue of messages: each is received once, whole, and in the order in which they were sent.
type Queue struct{ messages chan []byte }

func newQueue() *Queue { return &Queue{make(chan []byte, capacity)} }

// Send adds a copy of a message, and waits for room in a queue that is full of ten, until ctx ends: its cause is the error then.
func (q *Queue) Send(ctx context.Context, message []byte) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	select {
	case q.messages <- bytes.Clone(message):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive takes the oldest message, and waits for one until ctx ends: its cause is the error then.
func (q *Queue) Receive(ctx context.Context) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	select {
	case m := <-q.messages:
		return m, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Len is how many messages wait.
func (q *Queue) Len() int { return len(q.messages) }
