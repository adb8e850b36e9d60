package sdk

import (
	"fmt"
	"time"
)

// GapReason says why lines of a log may be missing.
type GapReason string

const (
	// GapRotated: the last line that was read is not in the log any more, and the container has not restarted. The node has
	// begun a new file, and kubectl logs and its like read the newest only.
	GapRotated GapReason = "rotated"
	// GapRestarted: the container restarted more often than once since its log was last read. A node gives the log of the
	// present instance and of the one before.
	GapRestarted GapReason = "restarted"
	// GapGone: the pod is gone, and its log was not read to its end.
	GapGone GapReason = "gone"
)

// LogGap is the error that [Client.Logs] gives, and [Client.Collect] reports, where lines may be missing that the server cannot
// give any more. It does not say that there were any: only that nobody can know.
type LogGap struct {
	Namespace, Pod, Container string
	Reason                    GapReason
	// After is the time of the last line before the gap; zero if there is none.
	After time.Time
	// Restarts is how many instances of the container cannot be read at all; 0 where none or not known.
	Restarts int
}

func (g *LogGap) Error() string {
	where := fmt.Sprintf("logs %s/%s container %s: lines may be missing", g.Namespace, g.Pod, g.Container)
	if !g.After.IsZero() {
		where += " after " + g.After.UTC().Format(time.RFC3339Nano)
	}
	switch g.Reason {
	case GapRotated:
		return where + ": the log was rotated before it could be read on; a larger containerLogMaxSize on the node gives more time"
	case GapRestarted:
		if g.Restarts > 0 {
			return fmt.Sprintf("%s: of the container's restarts, the logs of %d instances are out of reach", where, g.Restarts)
		}
		return where + ": the container restarted more than once before its log could be read on"
	}
	return where + ": the pod is gone, and its log had not been read to the end"
}
