package kubelet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// ExitError is what a program returns to end with an exit code of its choice. As on Linux only the low eight bits count.
type ExitError struct{ Code int }

func (e ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Exit codes that programs do not choose.
const (
	codeFailed  = 1 // the program returned an error
	codeCrashed = 2 // it panicked, as the Go runtime has it
)

// call runs the program and returns its exit code. What goes wrong stands in its standard error. A call of
// runtime.Goexit, such as testing.T.FailNow, ends the goroutine: call does not return then.
func (p *process) call(program Program, c *Container) (code int32) {
	stderr := c.Stderr
	returned := false
	defer func() {
		if returned {
			return
		}
		code = codeCrashed
		if reason := recover(); reason != nil {
			printPanic(stderr, reason)
			return
		}
		_, _ = fmt.Fprintf(stderr, "the program called runtime.Goexit, as FailNow and Fatal of a test do; a program returns an error instead\n")
	}()
	err := program(p.ctx, c)
	returned = true
	return exitCode(err, func() { _, _ = fmt.Fprintln(stderr, err) })
}

// guard calls f and says whether it panicked, which stands in stderr then. A call of runtime.Goexit ends the goroutine, and nothing else.
func guard(f func(), stderr io.Writer) (crashed bool) {
	defer func() {
		if reason := recover(); reason != nil {
			crashed = true
			printPanic(stderr, reason)
		}
	}()
	f()
	return false
}

// printPanic writes what the Go runtime does, for the goroutine that panics, while its stack is there.
func printPanic(stderr io.Writer, reason any) {
	_, _ = fmt.Fprintf(stderr, "panic: %s\n\n%s", panicText(reason), panicTrace(debug.Stack()))
}

// exitCode maps what a program returned; say is called for an error that is not just a code.
func exitCode(err error, say func()) int32 {
	var exit ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int32(exit.Code & 0xff)
	}
	say()
	return codeFailed
}

// panicText is how the Go runtime prints what was given to panic.
func panicText(reason any) string {
	switch v := reason.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(reason)
}

// panicTrace drops the frames above the call of panic, which are ours and the runtime's.
func panicTrace(stack []byte) []byte {
	head, rest, _ := bytes.Cut(stack, []byte("\n"))
	_, after, found := bytes.Cut(rest, []byte("\npanic("))
	if !found {
		return stack
	}
	for range 2 { // the rest of panic's own line, and where it is
		_, after, _ = bytes.Cut(after, []byte("\n"))
	}
	return append(append(head, '\n'), after...)
}
