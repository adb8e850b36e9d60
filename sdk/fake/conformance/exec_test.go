package conformance

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
)

// toolbox is an image whose commands are a few that kubectl needs: echo, cat, fail, test and tar.
func toolbox(c *cluster) {
	c.Handle("test/toolbox", fake.Pause, fake.Exec(fake.ProgramFunc(func(_ context.Context, p *fake.Process) error {
		switch p.Args[0] {
		case "echo":
			fmt.Fprintln(p.Stdout, strings.Join(p.Args[1:], " "))
			return nil
		case "cat":
			if len(p.Args) > 1 {
				text, err := p.FS().ReadFile(p.Args[1])
				_, _ = p.Stdout.Write(text)
				return err
			}
			_, err := io.Copy(p.Stdout, p.Stdin)
			return err
		case "fail":
			fmt.Fprintln(p.Stderr, "as asked")
			return fake.Exit(42)
		case "test": // -d
			if info, err := p.FS().Stat(p.Args[2]); err != nil || !info.IsDir() {
				return fake.Exit(1)
			}
			return nil
		case "tar":
			if strings.Contains(p.Args[1], "x") {
				return unpack(p)
			}
			return pack(p, p.Args[len(p.Args)-1])
		}
		return fake.Exit(127)
	})))
}

// pack is tar cf - NAME.
func pack(p *fake.Process, name string) error {
	w := tar.NewWriter(p.Stdout)
	text, err := p.FS().ReadFile(name)
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: strings.TrimPrefix(name, "/"), Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Close()
}

// unpack is tar xmf - -C DIRECTORY.
func unpack(p *fake.Process) error {
	dir := p.Args[len(p.Args)-1]
	for r := tar.NewReader(p.Stdin); ; {
		header, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := p.FS().WriteFile(path.Join(dir, header.Name), text, fs.FileMode(header.Mode).Perm()); err != nil {
			return err
		}
	}
}

func TestExec(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.kubectl("run", "box", "--image=test/toolbox")
	c.kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=30s")
	if got := c.kubectl("exec", "box", "--", "echo", "hello", "world"); got != "hello world\n" {
		t.Errorf("echo: %q", got)
	}
	if r := c.try("exec", "box", "--", "fail"); r.code != 42 || r.stderr != "as asked\ncommand terminated with exit code 42\n" {
		t.Errorf("fail: %d, %q", r.code, r.stderr)
	}
	has(t, c.refused("exec", "box", "-c", "nope", "--", "echo"), "container nope is not valid for pod box")
	has(t, c.refused("exec", "nobody", "--", "echo"), `pods "nobody" not found`)
	pod := c.craneRuns()
	has(t, c.refused("exec", pod, "--", "ls"), `exec: "ls": executable file not found in $PATH`, "command terminated with exit code 127")
}

func TestExecInput(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.kubectl("run", "box", "--image=test/toolbox")
	c.kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=30s")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	k := c.command(ctx, "exec", "-i", "box", "--", "cat")
	k.Stdin = strings.NewReader("through the container\n")
	out, err := k.Output()
	if err != nil || string(out) != "through the container\n" {
		t.Errorf("%v, %q", err, out)
	}
}

// TestAttach: run -i is a create, an attach and, at the end, a look at the exit code.
func TestAttach(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/upper", func(_ context.Context, p *fake.Process) error {
		text, err := io.ReadAll(p.Stdin)
		fmt.Fprint(p.Stdout, strings.ToUpper(string(text)))
		return err
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	k := c.command(ctx, "run", "-i", "--rm", "--restart=Never", "--image=test/upper", "shout")
	k.Stdin = strings.NewReader("quiet\n")
	out, err := k.Output()
	if err != nil {
		t.Fatal(err)
	}
	has(t, string(out), "QUIET\n", `pod "shout" deleted`)
}

// Of several containers the first is meant, or the one that an annotation names; kubectl says so.
func TestExecChoosesContainer(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.HandleFunc("test/say", say)
	c.kubectl("create", "-f", c.write("two.yaml", `
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  initContainers: [{name: first, image: test/say, args: [before]}]
  containers: [{name: left, image: test/toolbox}, {name: right, image: test/toolbox}]
`))
	c.kubectl("wait", "--for=condition=Ready", "pod/two", "--timeout=30s")
	if r := c.try("exec", "two", "--", "echo", "hi"); r != (result{"hi\n", "Defaulted container \"left\" out of: left, right, first (init)\n", 0}) {
		t.Errorf("exec: %+v", r)
	}
	c.kubectl("annotate", "pod", "two", "kubectl.kubernetes.io/default-container=right")
	if r := c.try("exec", "pod/two", "--", "echo", "hi"); r != (result{"hi\n", "", 0}) {
		t.Errorf("exec with an annotation: %+v", r)
	}
	has(t, c.refused("exec", "two", "-c", "first", "--", "echo"), `container not found ("first")`)
}

// A controller or a service stands for one of its pods.
func TestExecByController(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.kubectl("create", "-f", c.write("many.yaml", `
apiVersion: v1
kind: ReplicationController
metadata: {name: many}
spec:
  replicas: 1
  selector: {app: many}
  template:
    metadata: {labels: {app: many}}
    spec: {containers: [{name: box, image: test/toolbox}]}
`))
	c.kubectl("expose", "rc", "many", "--port=80")
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=1", "rc/many", "--timeout=30s")
	for _, target := range []string{"rc/many", "svc/many"} {
		if got := c.kubectl("exec", target, "--", "echo", "hi"); got != "hi\n" {
			t.Errorf("%s: %q", target, got)
		}
	}
	if r := c.try("exec", "rc/many", "-c", "box", "--", "fail"); r.code != 42 {
		t.Errorf("exit code %d, want 42", r.code)
	}
	c.kubectl("scale", "rc", "many", "--replicas=0")
	c.kubectl("wait", "--for=delete", "pod", "-l", "app=many", "--timeout=60s")
	has(t, c.refused("exec", "rc/many", "--pod-running-timeout=200ms", "--", "echo"), "error: timed out waiting for the condition")
}

// Who attaches without standard input sees what is printed from then on, until the container ends.
func TestAttachToWatch(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/clock", func(ctx context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "before")
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintln(p.Stderr, "tick")
			case <-ctx.Done():
				fmt.Fprintln(p.Stdout, "after")
				return nil
			}
		}
	})
	c.kubectl("run", "one", "--image=test/clock", "--restart=Never")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	a := c.spawn(nil, "attach", "one")
	a.until("tick")
	c.kubectl("delete", "pod", "one", "--wait=false")
	has(t, a.rest(), "after\n")
	if strings.Contains(a.seen.String(), "before") {
		t.Errorf("it saw what came before:\n%s", a.seen.String())
	}
	c.kubectl("run", "two", "--image=test/clock", "--restart=Never", "--overrides", `{"spec":{"containers":[{"name":"two","image":"test/unknown"}]}}`)
	c.kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff", "pod/two", "--timeout=30s")
	has(t, c.refused("attach", "two"), "error: Internal error occurred: unable to upgrade connection: container two not found in pod two_default\n")
}
