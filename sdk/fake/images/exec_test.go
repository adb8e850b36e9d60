package images_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake/images"
)

// pod runs a pod with one container until it is ready, and has done what it does at once, such as to set a trap.
func (w world) pod(name, image string, args ...string) {
	w.Helper()
	p := command(name, image)
	p.Spec.Containers[0].Args = args
	if err := w.client.Run(context.Background(), p); err != nil {
		w.Fatal(err)
	}
	synctest.Wait()
}

// kill deletes a pod at once.
func (w world) kill(name string) {
	w.Helper()
	if err := w.client.Delete(context.Background(), command(name, "busybox"), sdk.Grace(0)); err != nil {
		w.Fatal(err)
	}
}

// exec runs a command in a pod and returns what it prints, and its exit code.
func (w world) exec(pod, stdin string, args ...string) (stdout, stderr string, code int) {
	w.Helper()
	var out, errs strings.Builder
	o := sdk.ExecOptions{Command: args, Stdout: &out, Stderr: &errs}
	if stdin != "" {
		o.Stdin = strings.NewReader(stdin)
	}
	err := w.client.Exec(context.Background(), sdk.PodNamed(pod), o)
	if exit, ok := errors.AsType[*sdk.ExitError](err); ok {
		code = exit.Code
	} else if err != nil {
		w.Fatal(err)
	}
	return out.String(), errs.String(), code
}

func TestExec(t *testing.T) {
	inWorld(t, func(w world) {
		w.pod("box", "busybox", "sleep", "3600")
		for _, tc := range []struct {
			rule           string
			args           []string
			stdin          string
			stdout, stderr string
			code           int
		}{
			{"a command by PATH", []string{"echo", "hello"}, "", "hello\n", "", 0},
			{"standard input to its end", []string{"sh", "-c", "cat; echo over"}, "typed\n", "typed\nover\n", "", 0},
			{"a script on standard input", []string{"sh"}, "x=1\necho $x\n", "1\n", "", 0},
			{"two streams and a code", []string{"sh", "-c", "echo a; echo b >&2; exit 4"}, "", "a\n", "b\n", 4},
			{"a command that is not there", []string{"nope"}, "", "", "exec: \"nope\": executable file not found in $PATH\n", 127},
			{"the container's own process beside it", []string{"pgrep", "-l", "sleep"}, "", "1 sleep 3600\n", "", 0},
		} {
			stdout, stderr, code := w.exec("box", tc.stdin, tc.args...)
			if diff := cmp.Diff([]any{tc.stdout, tc.stderr, tc.code}, []any{stdout, stderr, code}); diff != "" {
				w.Errorf("%s:\n%s", tc.rule, diff)
			}
		}
	})
}

// TestTerminal types at a shell: what is typed is echoed, lines can be corrected, ^C ends what runs, ^D the shell.
func TestTerminal(t *testing.T) {
	inWorld(t, func(w world) {
		w.pod("box", "busybox", "sleep", "3600")
		keys, typing := io.Pipe()
		var screen strings.Builder
		ended := make(chan error, 1)
		go func() {
			ended <- w.client.Exec(context.Background(), sdk.PodNamed("box"), sdk.ExecOptions{Command: []string{"sh"}, Stdin: keys, Stdout: &screen, TTY: true})
		}()
		for _, text := range []string{"ecko\x7f\x7fho hi\r", "sleep 100\r", "\x03", "echo $?\r", "for i in 1 2\r", "do echo $i; done\r", "\x04"} {
			wait(time.Second)
			if _, err := io.WriteString(typing, text); err != nil {
				w.Fatal(err)
			}
		}
		if err := <-ended; err != nil {
			w.Errorf("the shell ended with %v", err)
		}
		_ = typing.Close()
		want := "/ # ecko\b \b\b \bho hi\r\nhi\r\n/ # sleep 100\r\n^C\r\n/ # echo $?\r\n130\r\n/ # for i in 1 2\r\n> do echo $i; done\r\n1\r\n2\r\n/ # \r\n"
		if diff := cmp.Diff(want, screen.String()); diff != "" {
			w.Error(diff)
		}
	})
}

// TestCopy is kubectl cp, both ways.
func TestCopy(t *testing.T) {
	inWorld(t, func(w world) {
		w.pod("box", "alpine", "sleep", "3600")
		dir, ctx := w.TempDir(), context.Background()
		if err := os.MkdirAll(filepath.Join(dir, "up/sub"), 0o755); err != nil {
			w.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "up/sub/file"), []byte("content\n"), 0o640); err != nil {
			w.Fatal(err)
		}
		if err := w.client.CopyTo(ctx, sdk.PodNamed("box"), filepath.Join(dir, "up"), "/tmp/up", sdk.CopyOptions{}); err != nil {
			w.Fatal(err)
		}
		w.wantFile("box", "main", "/tmp/up/sub/file", "content\n")
		if err := w.client.CopyFrom(ctx, sdk.PodNamed("box"), "/tmp/up", filepath.Join(dir, "down"), sdk.CopyOptions{}); err != nil {
			w.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "down/sub/file")); err != nil || string(data) != "content\n" {
			w.Errorf("%q, %v", data, err)
		}
	})
}

// TestSignals: what the first process of a container does not catch passes it by.
func TestSignals(t *testing.T) {
	inWorld(t, func(w world) {
		for _, tc := range []struct {
			rule, script string
			least, most  time.Duration
		}{
			{"a shell that waits for a command", "sleep 3600", 30 * time.Second, 32 * time.Second},
			{"a trap, once the command that runs has ended", "trap 'exit 0' TERM; while true; do sleep 4; done", 0, 6 * time.Second},
			{"a trap with wait, at once", "trap 'exit 0' TERM; sleep 3600 & wait", 0, 2 * time.Second},
		} {
			w.pod("p", "busybox", "sh", "-c", tc.script)
			if d := w.remove("p"); d < tc.least || d > tc.most {
				w.Errorf("%s: ended after %v, want %v to %v", tc.rule, d, tc.least, tc.most)
			}
		}
	})
}

func TestPauseHasNoCommands(t *testing.T) {
	inWorld(t, func(w world) {
		w.pod("p", images.Pause.Names()[0]+":3.10.2")
		if _, stderr, code := w.exec("p", "", "sh"); code != 127 || !strings.Contains(stderr, "executable file not found") {
			w.Errorf("exit code %d, %q", code, stderr)
		}
		if d := w.remove("p"); d > 2*time.Second {
			w.Errorf("pause took %v to end", d)
		}
	})
}

func TestAgnhost(t *testing.T) {
	inWorld(t, func(w world) {
		agnhost := images.Agnhost.Names()[0] + ":2.66.1"
		w.pod("server", agnhost, "netexec", "--http-port=8083", "--udp-port=-1")
		w.wantBody("server", "8083", "/hostname", 200, "server")
		w.wantBody("server", "8083", "/echo?msg=hi&code=418", 418, "hi")
		w.wantBody("server", "8083", "/shell?cmd=echo+out%3Bexit+3", 200, `{"error":"exit status 3","output":"out\n"}`)
		w.wantBody("server", "8083", "/dial?host=localhost&port=8083&request=hostname&tries=2", 200, `{"responses":["server","server"]}`)
		if stdout, _, code := w.exec("server", "", "curl", "-s", "-w", "%{http_code}", "localhost:8083/echo?msg=hi"); stdout != "hi200" || code != 0 {
			w.Errorf("curl: %q, exit code %d", stdout, code)
		}
		if _, stderr, code := w.exec("server", "", "curl", "localhost:1"); code != 7 || !strings.HasPrefix(stderr, "curl: (7) Failed to connect to localhost port 1 ") {
			w.Errorf("curl: %q, exit code %d", stderr, code)
		}
		w.wantLog("server", "main", `(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d GET /hostname$`)
		for _, tc := range []struct{ args, want string }{
			{"entrypoint-tester a --b", "[/agnhost entrypoint-tester a --b]\n"},
			{"mounttest --new_file_0660=/tmp/f --file_mode=/tmp/f --file_owner=/tmp/f", "content of file \"/tmp/f\": mount-tester new file\n\n" +
				"mode of file \"/tmp/f\": -rw-rw----\nowner UID of \"/tmp/f\": 0\nowner GID of \"/tmp/f\": 0\n"},
			{"connect localhost:1", "REFUSED\n"},
			{"nonewprivs", "Error: unknown command \"nonewprivs\""},
		} {
			p := command("once", agnhost)
			p.Spec.Containers[0].Args = strings.Fields(tc.args)
			if got, _ := w.outcome(p); !strings.HasPrefix(got, tc.want) {
				w.Errorf("%s: %q, want %q", tc.args, got, tc.want)
			}
		}
	})
}

func TestNginxNamesWhatItDoesNotKnow(t *testing.T) {
	inWorld(t, func(w world) {
		p := command("web", "nginx", "sh", "-c", "echo 'server { location / { proxy_pass http://x; } }' >/etc/nginx/conf.d/default.conf; nginx -t")
		got, code := w.outcome(p)
		want := "[emerg] 2#2: directive \"proxy_pass\" is not supported by this nginx in /etc/nginx/conf.d/default.conf:1"
		if code != 1 || !strings.Contains(strings.ReplaceAll(got, "1#1", "2#2"), want) {
			w.Errorf("exit code %d, %q", code, got)
		}
	})
}

func TestNames(t *testing.T) {
	var all []string
	for _, i := range images.All() {
		all = append(all, i.Names()...)
	}
	seen := map[string]bool{}
	for _, name := range all {
		if seen[name] {
			t.Errorf("%s is registered twice", name)
		}
		seen[name] = true
	}
	if got := images.Busybox.As("mirror.example/box").Names(); cmp.Diff([]string{"mirror.example/box"}, got) != "" {
		t.Errorf("names %q", got)
	}
}
