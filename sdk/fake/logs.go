package fake

import (
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"k8s.io/apimachinery/pkg/types"
)

// LogRotation says when a container's log is rotated, as a kubelet's containerLogMaxSize and containerLogMaxFiles do: before it
// outgrows maxBytes, or when its first line is as old as maxAge. maxFiles are kept, the one that is written to included; kubectl logs
// shows that one only. Zeros mean the defaults: 10 MiB, a day, 5 files.
//
// Who follows a log gets all of it, rotated or not, unless he reads so slowly that 50 MiB and all that is kept have been written meanwhile: then
// his connection is broken.
func LogRotation(maxBytes int64, maxAge time.Duration, maxFiles int) Option {
	return func(o *options) { o.logs = podlog.Options{MaxBytes: maxBytes, MaxAge: maxAge, MaxFiles: maxFiles} }
}

// LogSink has f called with every line of every container, what rotation drops and what went with its pod included: the central log of
// a cluster. Lines of one container come in order; f is called by several goroutines at a time for several containers, and should not
// wait for the cluster: lines that it has not taken yet are kept in memory. [Cluster.Close] returns after the last line.
func LogSink(f func(LogLine)) Option { return func(o *options) { o.sink = f } }

// LogLine is a line that a container wrote.
type LogLine struct {
	Namespace, Pod, Container string
	UID                       types.UID // of the pod
	Restarts                  int32     // how often the container had been restarted by then
	Time                      time.Time
	Stderr                    bool   // which of the two outputs it was written to
	Text                      string // without the newline
	// Open says that the newline is missing: the container ended in the middle of the line.
	Open bool
}

// asLogLine is a line of the kubelet's.
func asLogLine(l kubelet.LogLine) LogLine {
	return LogLine{
		Namespace: l.Namespace, Pod: l.Pod, Container: l.Container, UID: l.UID, Restarts: l.Restarts,
		Time: l.Time, Stderr: l.Stderr, Text: l.Text, Open: l.Open,
	}
}

// logSink is what the kubelet calls; nil if nobody wants the lines.
func (o *options) logSink() func(kubelet.LogLine) {
	if o.sink == nil {
		return nil
	}
	return func(l kubelet.LogLine) { o.sink(asLogLine(l)) }
}
