package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// CopyOptions say how to copy. The zero value is for a pod with one container.
type CopyOptions struct {
	// Container is as in [ExecOptions].
	Container string
}

// NoTarError is the error of [Client.CopyTo] and [Client.CopyFrom] when the container has no tar, which does the other half of the
// work. What helps is an image that has it, or an ephemeral container with a shared volume; [Client.Exec] with cat
// copies single files from containers that have that.
type NoTarError struct {
	Err error // how it showed
}

func (e *NoTarError) Error() string { return "the container has no tar: " + e.Err.Error() }

// Unwrap returns Err.
func (e *NoTarError) Unwrap() error { return e.Err }

// CopyTo copies a file, or a directory with all in it, from this machine into a container of target, by tar, as kubectl cp does. The
// remote path is that of the copy: its parent must exist, and what is there already is written over, a directory's
// other files being left. Owners are whoever the container runs as; modes and times are kept, symbolic links are copied as such.
//
// When ctx ends, or an error comes, what was copied so far stays. A [NoTarError] says that the container has no tar.
func (c *Client) CopyTo(ctx context.Context, target Target, local, remote string, o CopyOptions) error {
	parent, name, err := remotePath(remote)
	if err != nil {
		return fmt.Errorf("copy %s to %s: %w", local, remote, err)
	}
	reader, writer := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := packFiles(writer, local, name)
		writer.CloseWithError(err)
		packed <- err
	}()
	err = c.tar(ctx, target, o, []string{"tar", "-xmf", "-", "-C", parent}, reader, nil)
	reader.CloseWithError(errEnough)
	if e := <-packed; e != nil && !errors.Is(e, errEnough) {
		err = e
	}
	if err != nil {
		return fmt.Errorf("copy %s to %s: %w", local, remote, err)
	}
	return nil
}

// CopyFrom copies a file, or a directory with all in it, from a container of target to this machine, by tar, as kubectl cp does. The
// local path is that of the copy: its parent must exist, and what is there already is written over. Nothing is written outside
// of it, whatever the container sends: links that lead out are left out, which is an error after all else was copied, and so are
// devices and the like.
//
// When ctx ends, or an error comes, what was copied so far stays. A [NoTarError] says that the container has no tar.
func (c *Client) CopyFrom(ctx context.Context, target Target, remote, local string, o CopyOptions) error {
	parent, name, err := remotePath(remote)
	if err != nil {
		return fmt.Errorf("copy %s to %s: %w", remote, local, err)
	}
	reader, writer := io.Pipe()
	unpacked := make(chan error, 1)
	go func() {
		err := unpackFiles(reader, local, name)
		if err == nil {
			io.Copy(io.Discard, reader) // padding behind the end
		}
		reader.CloseWithError(err)
		unpacked <- err
	}()
	err = c.tar(ctx, target, o, []string{"tar", "-cf", "-", "-C", parent, "./" + name}, nil, writer)
	writer.CloseWithError(err) // nil is the end
	if e := <-unpacked; e != nil && (err == nil || errors.Is(err, e)) {
		err = e
	}
	if err != nil {
		return fmt.Errorf("copy %s to %s: %w", remote, local, err)
	}
	return nil
}

// errEnough ends one side of a pipe whose other side has ended.
var errEnough = errors.New("nobody wants more")

// remotePath splits a path in a container into its directory and its name there.
func remotePath(remote string) (parent, name string, err error) {
	if remote == "" {
		return "", "", errors.New("no path in the container given")
	}
	parent, name = path.Split(path.Clean(remote))
	switch {
	case parent == "":
		parent = "."
	case parent != "/":
		parent = strings.TrimSuffix(parent, "/")
	}
	if name == "" || name == "." || name == ".." {
		return "", "", fmt.Errorf("path %q in the container has no name of its own: name the file or directory", remote)
	}
	return parent, name, nil
}

// tar runs tar in the container, and puts what it says into its error.
func (c *Client) tar(ctx context.Context, target Target, o CopyOptions, command []string, in io.Reader, out io.Writer) error {
	if err := c.tarWith(ctx, target, o, command, in, out); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	var said bytes.Buffer
	err := c.Exec(ctx, target, ExecOptions{Command: command, Container: o.Container, Stdin: in, Stdout: out, Stderr: &tail{buffer: &said}})
	if err == nil || ctx.Err() != nil {
		return err
	}
	if text := strings.TrimSpace(said.String()); text != "" {
		err = fmt.Errorf("%w: %s", err, text)
	}
	if hasNoTar(err) {
		return &NoTarError{Err: err}
	}
	return err
}

// tarWith has the client's own tar do it, if it has one that can.
func (c *Client) tarWith(ctx context.Context, target Target, o CopyOptions, command []string, in io.Reader, out io.Writer) error {
	if c.options.tar == nil {
		return errors.ErrUnsupported
	}
	pod, container, err := c.containerOf(ctx, "copy", target, o.Container)
	if err != nil {
		return err
	}
	return c.options.tar(ctx, pod.Namespace, pod.Name, container, command, in, out)
}

// hasNoTar reports whether an error says that there is no such command: exit codes as shells and runtimes have them, or the words of runc.
func hasNoTar(err error) bool {
	var exit *ExitError
	if errors.As(err, &exit) {
		return exit.Code == 126 || exit.Code == 127
	}
	return strings.Contains(err.Error(), "executable file not found") || strings.Contains(err.Error(), "no such file or directory")
}

// tail keeps the first words that are written to it.
type tail struct{ buffer *bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	if room := 1<<10 - t.buffer.Len(); room > 0 {
		t.buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
