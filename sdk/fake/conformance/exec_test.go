package conformance

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

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

// TestCopy: kubectl cp speaks to the tar of the container.
func TestCopy(t *testing.T) {
	t.Parallel()
	c := serve(t)
	toolbox(c)
	c.kubectl("run", "box", "--image=test/toolbox")
	c.kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=30s")
	c.kubectl("cp", c.write("there", "carried over\n"), "box:/tmp/there")
	if got := c.kubectl("exec", "box", "--", "cat", "/tmp/there"); got != "carried over\n" {
		t.Errorf("in the container: %q", got)
	}
	c.kubectl("cp", "box:/tmp/there", c.file("back"))
	if text, err := os.ReadFile(c.file("back")); err != nil || string(text) != "carried over\n" {
		t.Errorf("back again: %q, %v", text, err)
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

// TestDebug: an ephemeral container joins the pod, and a copy of the pod is another one.
func TestDebug(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	c.HandleFunc("test/look", func(_ context.Context, p *fake.Process) error {
		for _, other := range p.Processes() {
			fmt.Fprintln(p.Stdout, other.PID, other.Container)
		}
		return nil
	})
	c.kubectl("debug", pod, "--image=test/look", "--target=crane", "-c", "look", "--profile=general")
	c.kubectl("wait", "--for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.reason}=Completed", "pod/"+pod, "--timeout=30s")
	has(t, c.kubectl("logs", pod, "-c", "look"), "1 crane\n", " look\n")
	c.kubectl("debug", pod, "--copy-to=copy", "--image=test/look", "-c", "look", "--profile=general")
	c.kubectl("wait", "--for=jsonpath={.spec.containers[1].name}=look", "pod/copy", "--timeout=30s")
}
