package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// What context.Cause tells a program about the end of its context. A context ends once, so after SIGTERM it stays that.
var (
	ErrTerminated = errors.New("the container is being stopped (SIGTERM)")
	ErrKilled     = errors.New("the container was killed (SIGKILL)")
	ErrExited     = errors.New("the container has ended")
)

// Reasons of terminated containers.
const (
	reasonCompleted = "Completed"
	reasonError     = "Error"
	reasonUnknown   = "ContainerStatusUnknown"
)

// codeKilled is the exit code of a process that SIGKILL ended: 128 + 9.
const codeKilled = 137

// exit is how a container ended.
type exit struct {
	code    int32
	message string
	at      time.Time
}

// instance is one run of a container. Its exit is decided once: by the return of the program or by a kill, whichever is
// first.
type instance struct {
	w       *worker
	name    string
	image   *imageName
	asked   string // the image as the pod spec had it
	id      string
	started time.Time
	log     *podlog.Log
	net     *podnet.Owner
	ctx     context.Context
	cancel  context.CancelCauseFunc

	dead bool  // guarded by w.mu: somebody is ending it
	exit *exit // written once, by the worker
}

// run is the goroutine of a program.
func (in *instance) run(program Program, c *Container) {
	defer in.w.k.programs.end(in)
	code := int32(codeCrashed)
	defer func() { in.end(code, ErrExited) }() // in a defer, since Goexit comes this way too
	code = in.call(program, c)
}

// terminate is SIGTERM.
func (in *instance) terminate() { in.cancel(ErrTerminated) }

// kill is SIGKILL, as far as Go can: everything the program holds fails, and the container has ended.
func (in *instance) kill() {
	if !in.claim() {
		return
	}
	in.w.k.programs.kill(in)
	in.release(ErrKilled)
	in.w.exited(in, &exit{code: codeKilled, at: time.Now()})
}

// end reports that the program returned.
func (in *instance) end(code int32, cause error) {
	if !in.claim() {
		return
	}
	e := &exit{code: code, at: time.Now()}
	in.release(cause)
	in.w.exited(in, e)
}

// claim says whether the caller is the first to end the instance.
func (in *instance) claim() bool {
	in.w.mu.Lock()
	defer in.w.mu.Unlock()
	if in.dead {
		return false
	}
	in.dead = true
	return true
}

// release takes away everything that the program holds.
func (in *instance) release(cause error) {
	in.cancel(cause)
	_ = in.net.Close()
	_ = in.log.Close()
}

// terminated is the API's view of how the instance ended.
func (in *instance) terminated() *corev1.ContainerStateTerminated {
	reason := reasonCompleted
	if in.exit.code != 0 {
		reason = reasonError
	}
	return &corev1.ContainerStateTerminated{
		ContainerID: in.id,
		ExitCode:    in.exit.code,
		Reason:      reason,
		Message:     in.exit.message,
		StartedAt:   apiTime(in.started),
		FinishedAt:  apiTime(in.exit.at),
	}
}

// What FallbackToLogsOnError takes of a log, as the kubelet's MaxContainerTerminationMessageLogLines and -Length.
const (
	messageLines = int64(80)
	messageBytes = 2048
)

// lastWords is the end of the log, for the status of a container that failed and asked for it.
func (in *instance) lastWords() string {
	r, err := in.log.Read(context.Background(), &corev1.PodLogOptions{TailLines: new(messageLines)})
	if err != nil {
		return fmt.Sprintf("Error reading termination message from logs: %v", err)
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(r)
	if err != nil {
		return fmt.Sprintf("Error reading termination message from logs: %v", err)
	}
	return string(text[max(0, len(text)-messageBytes):])
}
