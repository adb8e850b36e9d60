package sdk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Logged holds as soon as match returns true for a line of the target's log: of any container of a pod, and of any pod of a
// ReplicationController, a Service or a selection, of which there may be none yet. It reads as [Client.Logs] with Follow does, from the
// first line of the containers that run now or will: no line is passed over that the server can give. match is called by one
// goroutine at a time; it may tell containers apart by the fields of the line. If it is nil, any line will do.
//
// A pod that has ended, all lines read, is an [ErrEnded], one that was deleted an [ErrDeleted]. Where lines may be missing, the error
// of a wait in vain says so. It takes the rights to watch pods and to get pods/log.
func Logged(match func(LogLine) bool) Condition {
	if match == nil {
		match = func(LogLine) bool { return true }
	}
	return Condition{name: "a log line", by: func(kind) waitFunc {
		return func(ctx context.Context, c *Client, target Target, ref reference) (string, error) {
			w := logWait{}
			err := w.until(ctx, c, target, match)
			if err == errAllRead {
				err = c.howEnded(ctx, ref)
			}
			return w.seen(), err
		}
	}}
}

// LoggedText is [Logged] for lines that contain the text.
func LoggedText(text string) Condition {
	return Logged(func(l LogLine) bool { return strings.Contains(l.Text, text) }).Named(fmt.Sprintf("a log line with %q", text))
}

var errAllRead = errors.New("all logs were read to their ends")

// logWait counts what went by.
type logWait struct {
	lines int
	last  LogLine
	gap   *LogGap
	err   error // of one log
}

func (w *logWait) until(ctx context.Context, c *Client, target Target, match func(LogLine) bool) error {
	for line, err := range c.Logs(ctx, target, LogOptions{Follow: true, AllContainers: true}) {
		var gap *LogGap
		switch {
		case errors.As(err, &gap):
			w.gap = gap
		case err != nil:
			w.err = err
		case match(line):
			return nil
		default:
			w.lines++
			w.last = line
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case w.err != nil:
		return w.err
	}
	return errAllRead
}

// howEnded says what became of a pod whose logs were read to their ends.
func (c *Client) howEnded(ctx context.Context, ref reference) error {
	_, err := c.onePod(ctx, ref)
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return ErrDeleted
	}
	if err != nil {
		return err
	}
	return ErrEnded
}

func (w *logWait) seen() string {
	text := "no line"
	if w.lines > 0 {
		text = fmt.Sprintf("%s, the last of %s container %s: %s", numbered(w.lines, "line"), w.last.Pod, w.last.Container, w.last.Text)
	}
	if w.gap != nil {
		text += "; " + w.gap.Error()
	}
	return text
}
