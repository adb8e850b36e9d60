package kubelet

import (
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"k8s.io/apimachinery/pkg/types"
)

// LogLine is a line that a container wrote, and who did.
type LogLine struct {
	podlog.Line
	Namespace, Pod string
	UID            types.UID
	Container      string
	Restarts       int32 // how often the container had been restarted by then
}

// sink passes the lines of a run of a container on, from the first one to the last.
func (w *worker) sink(in *instance, restarts int32) {
	f := w.k.config.Sink
	if f == nil {
		return
	}
	lines := in.log.Lines()
	w.k.loops.Go(func() {
		for line := range lines {
			f(LogLine{Line: line, Namespace: w.namespace, Pod: w.name, UID: w.uid, Container: in.name, Restarts: restarts})
		}
	})
}
