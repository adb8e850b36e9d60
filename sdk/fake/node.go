package fake

import (
	"context"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/stream"
	"k8s.io/apimachinery/pkg/types"
)

// apiNode is what the API server sees of a node: its kubelet, which knows nothing of HTTP.
type apiNode struct{ *kubelet.Kubelet }

// Exec runs a command with a client's streams.
func (n apiNode) Exec(ctx context.Context, namespace, pod string, uid types.UID, container string, command []string, s stream.Streams) error {
	c := kubelet.Command{Args: command, Stdin: s.Stdin, Stdout: s.Stdout, Stderr: s.Stderr}
	if s.TTY {
		c.Terminal = kubelet.NewTerminal()
		c.Stderr = c.Stdout
		s.Resized.Each(c.Terminal.Resize)
	}
	code, err := n.Kubelet.Exec(ctx, namespace, pod, uid, container, c)
	switch {
	case err != nil:
		return fmt.Errorf("error executing command in container: %w", err)
	case code != 0:
		return stream.ExitError{Code: code}
	}
	return nil
}

// Attach connects a client's streams to a container's own program.
func (n apiNode) Attach(ctx context.Context, namespace, pod string, uid types.UID, container string, s stream.Streams) error {
	terminal, err := n.TerminalOf(namespace, pod, uid, container)
	if err == nil {
		if terminal != nil {
			s.Resized.Each(terminal.Resize)
		}
		err = n.Kubelet.Attach(ctx, namespace, pod, uid, container, kubelet.Command{Stdin: s.Stdin, Stdout: s.Stdout, Stderr: s.Stderr})
	}
	if err != nil {
		return fmt.Errorf("error attaching to container: %w", err)
	}
	return nil
}
