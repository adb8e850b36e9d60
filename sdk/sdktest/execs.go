package sdktest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

var execRules = []rule{
	{"exec streams", "Exec carries all three streams to their ends, and the exit code as an ExitError", execStreams},
	{"exec with a terminal", "with TTY the command has a terminal, and there is one output", execWithTerminal},
	{"exec ends with its context", "the end of the context ends the streams", execEndsWithContext},
	{"attach", "Attach carries input to the container's own process, and its output back, to its end", attach},
	{"copy both ways", "a directory that was copied to a container and back is as it was", copyBothWays},
	{"copy without tar", "a container without tar is a NoTarError", copyWithoutTar},
}

func (t *trial) shellPod() *corev1.Pod {
	t.Helper()
	pod := t.pod("sh", t.shell("main", idle))
	t.run(pod)
	return pod
}

func execStreams(t *trial) {
	pod := t.shellPod()
	big := strings.Repeat("0123456789abcdef", 1<<15)
	for _, row := range []struct {
		what                  string
		command               []string
		stdin, stdout, stderr string
		code                  int
	}{
		{"arguments are not a shell's", []string{"echo", "$HOME", "a  b"}, "", "$HOME a  b\n", "", 0},
		{"both outputs and a code", []string{"sh", "-c", "echo out; echo err >&2; exit 3"}, "", "out\n", "err\n", 3},
		{"input to its end", []string{"wc", "-l"}, "a\nb\n", "2\n", "", 0},
		{"half a mebibyte each way", []string{"cat"}, big, big, "", 0},
		{"input that nobody reads", []string{"true"}, "x", "", "", 0},
	} {
		var stdout, stderr bytes.Buffer
		err := t.Exec(t.ctx, pod, sdk.ExecOptions{Command: row.command, Stdin: strings.NewReader(row.stdin), Stdout: &stdout, Stderr: &stderr})
		code := 0
		if exit := new(sdk.ExitError); errors.As(err, &exit) {
			code, err = exit.Code, nil
		}
		t.ok(err)
		t.equal(row.what+": code", row.code, code)
		t.equal(row.what+": stdout", row.stdout, stdout.String())
		t.equal(row.what+": stderr", row.stderr, stderr.String())
	}
}

func execWithTerminal(t *trial) {
	pod := t.shellPod()
	var out bytes.Buffer
	resize := make(chan sdk.TerminalSize, 1)
	resize <- sdk.TerminalSize{Width: 80, Height: 24}
	t.ok(t.Exec(t.ctx, pod, sdk.ExecOptions{TTY: true, Resize: resize, Stdout: &out,
		Command: []string{"sh", "-c", "test -t 1 && echo terminal; echo err >&2"}}))
	t.equal("output", "terminal\r\nerr\r\n", out.String())
	out.Reset()
	t.ok(t.Exec(t.ctx, pod, sdk.ExecOptions{Stdout: &out, Command: []string{"sh", "-c", "test -t 1 || echo none"}}))
	t.equal("output without", "none\n", out.String())
}

func execEndsWithContext(t *trial) {
	pod := t.shellPod()
	ctx, cancel := context.WithTimeout(t.ctx, time.Second)
	defer cancel()
	began := time.Now()
	err := t.Exec(ctx, pod, sdk.ExecOptions{Command: []string{"sleep", "60"}, Stdout: &bytes.Buffer{}})
	t.is("the context's", wraps(context.DeadlineExceeded), err)
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

func attach(t *trial) {
	pod := t.once("a", t.shell("main", `while read line; do echo "got $line"; done; exit 3`))
	pod.Spec.Containers[0].Stdin, pod.Spec.Containers[0].StdinOnce = true, true
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.Phase(corev1.PodRunning)))
	var out bytes.Buffer
	err := t.Attach(t.ctx, pod, sdk.AttachOptions{Stdin: strings.NewReader("one\ntwo\n"), Stdout: &out})
	if exit := new(sdk.ExitError); errors.As(err, &exit) { // where the runtime tells it
		t.equal("exit code", 3, exit.Code)
		err = nil
	}
	t.ok(err)
	t.equal("output", "got one\ngot two\n", out.String())
	t.ok(t.Wait(t.ctx, pod, sdk.Phase(corev1.PodFailed)))
	t.equal("exit code", int32(3), pod.Status.ContainerStatuses[0].State.Terminated.ExitCode)
}

func copyBothWays(t *trial) {
	pod, here := t.shellPod(), t.TempDir()
	files := map[string]string{"a.txt": "one\n", "sub/b c.txt": "two\n", "sub/deep/empty": "", "big": strings.Repeat("x", 300_000)}
	from, to := filepath.Join(here, "from"), filepath.Join(here, "to")
	for name, text := range files {
		path := filepath.Join(from, name)
		t.ok(os.MkdirAll(filepath.Dir(path), 0o755))
		t.ok(os.WriteFile(path, []byte(text), 0o640))
	}
	t.ok(os.Symlink("a.txt", filepath.Join(from, "link")))
	t.ok(t.CopyTo(t.ctx, pod, from, "/tmp/there", sdk.CopyOptions{}))
	var out bytes.Buffer
	t.ok(t.Exec(t.ctx, pod, sdk.ExecOptions{Command: []string{"cat", "/tmp/there/link", "/tmp/there/sub/b c.txt"}, Stdout: &out}))
	t.equal("in the container", "one\ntwo\n", out.String())

	t.ok(t.CopyFrom(t.ctx, pod, "/tmp/there", to, sdk.CopyOptions{}))
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(to, name))
		t.ok(err)
		t.equal(name, want, string(got))
	}
	target, err := os.Readlink(filepath.Join(to, "link"))
	t.ok(err)
	t.equal("link", "a.txt", target)
	info, err := os.Stat(filepath.Join(to, "a.txt"))
	t.ok(err)
	t.equal("mode", os.FileMode(0o640), info.Mode())
	t.says(t.CopyFrom(t.ctx, pod, "/tmp/nothing", filepath.Join(here, "x"), sdk.CopyOptions{}), "copy /tmp/nothing")
}

func copyWithoutTar(t *trial) {
	pod := t.pod("a", corev1.Container{Name: "main", Image: t.pause})
	t.run(pod)
	file := filepath.Join(t.TempDir(), "a")
	t.ok(os.WriteFile(file, []byte("x"), 0o600))
	var none *sdk.NoTarError
	if err := t.CopyTo(t.ctx, pod, file, "/a", sdk.CopyOptions{}); !errors.As(err, &none) {
		t.Errorf("error %v is no NoTarError", err)
	}
}
