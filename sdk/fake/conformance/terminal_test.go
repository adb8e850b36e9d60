package conformance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
)

// terminal is a kubectl that runs in a pseudo-terminal, as one does at which somebody sits.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	tty    *os.File // what is typed there, and what is seen
	output *bufio.Reader
	screen strings.Builder
}

// terminal starts a kubectl in a terminal of 80 columns and 24 rows.
func (c *cluster) terminal(args ...string) *terminal {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	k := c.command(ctx, args...)
	k.Env = append(k.Env, "TERM=xterm")
	tty, err := pty.StartWithSize(k, &pty.Winsize{Cols: 80, Rows: 24})
	if err != nil {
		cancel()
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		cancel()
		_ = k.Wait() // says that it was killed, or that it was waited for
		_ = tty.Close()
	})
	return &terminal{t: c.t, cmd: k, tty: tty, output: bufio.NewReader(tty)}
}

// types is somebody who types.
func (t *terminal) types(keys string) {
	t.t.Helper()
	if _, err := io.WriteString(t.tty, keys); err != nil {
		t.t.Fatal(err)
	}
}

// sees waits until a text appears after what has been seen, and returns what came before it.
func (t *terminal) sees(text string) string {
	t.t.Helper()
	from := t.screen.Len()
	for {
		b, err := t.output.ReadByte()
		if err != nil {
			t.t.Fatalf("%v: %v before it showed %q:\n%s", t.cmd.Args[1:], err, text, t.screen.String())
		}
		t.screen.WriteByte(b)
		if seen := t.screen.String()[from:]; strings.HasSuffix(seen, text) {
			return raceNotice.ReplaceAllString(strings.TrimSuffix(seen, text), "")
		}
	}
}

// ends waits for the end, and returns what was shown until then and the exit code.
func (t *terminal) ends() (string, int) {
	t.t.Helper()
	rest, _ := io.ReadAll(t.output) // a terminal that nobody has open any more answers with an error
	t.screen.Write(rest)
	if err := t.cmd.Wait(); err != nil {
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !exit.Exited() {
			t.t.Fatalf("%v: %v\n%s", t.cmd.Args[1:], err, t.screen.String())
		}
	}
	return string(rest), t.cmd.ProcessState.ExitCode()
}

// boxed is a cluster with the ready-made images and a pod of busybox that does nothing.
func boxed(t *testing.T) *cluster {
	t.Helper()
	c := serve(t)
	images.Register(c.Cluster, images.All()...)
	c.kubectl("run", "box", "--image=busybox", "--", "sleep", "3600")
	c.kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=30s")
	return c
}

const (
	prompt    = "/ # "
	enter     = "\r"
	interrupt = "\x03"
	// What kubectl says before it attaches. The prompt was there before, so one has to press enter to see another.
	recorded = "All commands and output from this session will be recorded in container logs, including credentials and sensitive " +
		"information passed through the command prompt.\r\n"
	pressEnter = "If you don't see a command prompt, try pressing enter.\r\n"
)

// command types a line, and returns what it prints until the next prompt.
func (t *terminal) command(line string) string {
	t.t.Helper()
	t.types(line + enter)
	t.sees(line + "\r\n") // its echo
	return t.sees(prompt)
}

func TestTerminalExec(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	at := c.terminal("exec", "-it", "box", "--", "sh")
	if got := at.sees(prompt); got != "" {
		t.Errorf("before the first prompt: %q", got)
	}
	if got := at.command("echo hello; ls /no"); got != "hello\r\nls: /no: No such file or directory\r\n" {
		t.Errorf("a command shows %q", got)
	}
	at.types("sleep 1000" + enter)
	at.sees("\r\n")
	at.types(interrupt)
	if got := at.sees(prompt); got != "^C\r\n" {
		t.Errorf("the interrupted command shows %q", got)
	}
	if got := at.command("echo $?"); got != "130\r\n" {
		t.Errorf("its exit code was %q", got)
	}
	at.types("exit 7" + enter)
	if rest, code := at.ends(); rest != "exit 7\r\ncommand terminated with exit code 7\r\n" || code != 7 {
		t.Errorf("the end: %q, exit code %d", rest, code)
	}
	if r := c.try("exec", "-it", "box", "--", "echo", "no terminal"); r.stdout != "no terminal\n" ||
		r.stderr != "Unable to use a TTY - input is not a terminal or the right kind of file\n" {
		t.Errorf("without a terminal: %+v", r)
	}
}

// The program is told how large the terminal is, and when that changes.
func TestTerminalSize(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.Handle("test/ruler", fake.Pause, fake.Exec(fake.ProgramFunc(func(ctx context.Context, p *fake.Process) error {
		for {
			columns, rows, changed := p.Terminal().Size()
			switch columns {
			case 0: // nobody has said yet
			case 80:
				fmt.Fprintf(p.Stdout, "%dx%d\n", columns, rows)
			default:
				fmt.Fprintf(p.Stdout, "%d columns\n", columns)
				return fake.Exit(5)
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})))
	c.kubectl("run", "ruler", "--image=test/ruler")
	c.kubectl("wait", "--for=condition=Ready", "pod/ruler", "--timeout=30s")
	at := c.terminal("exec", "-it", "ruler", "--", "measure")
	at.sees("80x24\n")
	stop := at.resizes(132)
	at.sees("132 columns\n")
	stop()
	if _, code := at.ends(); code != 5 {
		t.Errorf("exit code %d, want 5", code)
	}
}

// resizes makes the terminal so wide, and now and then a row higher or lower until it is stopped: kubectl loses a size while it is busy.
func (t *terminal) resizes(columns uint16) (stop func()) {
	enough, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for rows := uint16(43); ; rows ^= 1 {
			if err := pty.Setsize(t.tty, &pty.Winsize{Cols: columns, Rows: rows}); err != nil {
				return // it is closed: the test has failed
			}
			select {
			case <-tick.C:
			case <-enough:
				return
			}
		}
	}()
	return func() {
		close(enough)
		<-done
	}
}

func TestTerminalAttach(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	c.kubectl("create", "-f", c.write("shell.yaml", `
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  restartPolicy: Never
  containers:
  - {name: sh, image: busybox, stdin: true, tty: true, command: [sh]}
  - {name: beside, image: busybox, command: [sleep, "3600"]}
`))
	c.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=30s")
	at := c.terminal("attach", "-it", "shell", "-c", "sh")
	if got := at.sees(pressEnter); got != recorded {
		t.Errorf("it begins with %q", got)
	}
	at.types(enter)
	at.sees(prompt)
	at.types("sleep 1000" + enter)
	at.sees("\r\n")
	at.types(interrupt)
	at.sees(prompt)
	if got := at.command("hostname"); got != "shell\r\n" {
		t.Errorf("hostname shows %q", got)
	}
	at.types("exit 3" + enter)
	if rest, code := at.ends(); rest != "exit 3\r\nSession ended, resume using 'kubectl attach shell -c sh -n default -i -t' command\r\n" || code != 0 {
		t.Errorf("the end: %q, exit code %d", rest, code)
	}
	const exitCode = "jsonpath={.status.containerStatuses[?(@.name=='sh')].state.terminated.exitCode}"
	c.kubectl("wait", "--for="+exitCode, "pod/shell", "--timeout=30s")
	if got := c.kubectl("get", "pod", "shell", "-o", exitCode); got != "3" {
		t.Errorf("the shell ended with %s", got)
	}
	has(t, c.kubectl("logs", "shell", "-c", "sh"), "/ # hostname", "shell")

	beside := c.terminal("attach", "-it", "shell", "-c", "beside")
	if got := beside.sees(recorded); got != "error: Unable to use a TTY - container beside did not allocate one\r\n" {
		t.Errorf("without a terminal in the container: %q", got)
	}
}

// run -it is create, wait, attach, delete, and the exit code of the container.
func TestTerminalRun(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	at := c.terminal("run", "-it", "--rm", "--restart=Never", "--image=busybox", "visit", "--", "sh")
	if got := at.sees(pressEnter); got != recorded {
		t.Errorf("it begins with %q", got)
	}
	at.types(enter)
	at.sees(prompt)
	if got := at.command("hostname"); got != "visit\r\n" {
		t.Errorf("hostname shows %q", got)
	}
	at.types("exit 3" + enter)
	want := "exit 3\r\nSession ended, resume using 'kubectl attach visit -c visit -n default -i -t' command\r\n" +
		"pod \"visit\" deleted from default namespace\r\npod default/visit terminated (Error)\r\n"
	if rest, code := at.ends(); rest != want || code != 3 {
		t.Errorf("the end: %q, exit code %d; want %q and 3", rest, code, want)
	}
	has(t, c.refused("get", "pod", "visit"), `pods "visit" not found`)
}
