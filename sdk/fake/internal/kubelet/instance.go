package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/podfs"
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
	reason  string // "" for what the code says
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
	sandbox *podnet.Namespace
	ipc     *podipc.Namespace
	console *console
	pids    *pids
	main    *process
	over    bool // its processes are being ended; guarded by pids.mu
	// commands is what exec runs, in this environment and directory; nil if the image has no commands.
	commands Program
	env      []string
	dir      string

	files      files
	imageFiles *podfs.Image
	user       podfs.Credentials

	health    health
	postStart *hookRun                    // nil if the container has no such hook
	preStop   *hookRun                    // nil before it stops, and when it is dealt with; the worker's own
	reason    string                      // of its end, if that is not what its exit code says; written before the end
	badStart  bool                        // the first one has failed; guarded by w.mu
	resources corev1.ResourceRequirements // what it has now; written by the worker with w.mu
	removed   bool                        // it went with the whole pod, whatever its end was

	exit *exit // written once, by the worker
}

// run starts the program of the container.
func (in *instance) run(program Program, args []string) {
	in.main.start(program, in.main.container(commandOf{
		Args: args, Env: in.env, Dir: in.dir, Stdin: in.console.stdin(), Stdout: in.console.stdout(), Stderr: in.console.stderr(),
		Terminal: in.console.terminal,
	}))
}

// terminate is SIGTERM.
func (in *instance) terminate() { in.main.deliver(syscall.SIGTERM) }

// kill is SIGKILL: the container has ended.
func (in *instance) kill() { in.main.kill() }

// ended takes away what the container holds, its other processes included, and brings the worker the news.
func (in *instance) ended(code int32) {
	for _, p := range in.pids.end(in) {
		p.kill()
	}
	message := in.closeFiles()
	in.console.close()
	in.w.exited(in, &exit{code: code, reason: in.reason, message: message, at: time.Now()})
}

// isDead says whether the container's own process has ended.
func (in *instance) isDead() bool { return in.main.hasEnded() }

// terminated is the API's view of how the instance ended.
func (in *instance) terminated() *corev1.ContainerStateTerminated {
	if in.removed {
		return &corev1.ContainerStateTerminated{Reason: reasonRestartingAll, Message: textRemoved, ExitCode: codeKilled}
	}
	reason := in.exit.reason
	switch {
	case reason != "":
	case in.exit.code != 0:
		reason = reasonError
	default:
		reason = reasonCompleted
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
