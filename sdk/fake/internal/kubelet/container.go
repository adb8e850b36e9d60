package kubelet

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// Container is a process of a container, as its program sees it. The fields are the program's own; the methods may be
// called by any of its goroutines. Once the process has ended, everything fails.
type Container struct {
	Args   []string // the command line, the command first
	Env    []string // "name=value"
	Dir    string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Terminal is nil for a process without one.
	Terminal *Terminal

	process *process
}

// Listen listens on the pod's network, as [net.Listen] does on a machine's. All containers of a pod share one address and
// one port space.
func (c *Container) Listen(network, address string) (net.Listener, error) {
	l, err := c.process.net.Listen(network, address)
	if err == nil {
		c.process.in.w.listens()
	}
	return l, err
}

// DialContext connects from the pod, as [net.Dialer.DialContext] does. localhost is the pod itself.
func (c *Container) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return c.process.net.DialContext(ctx, network, address)
}

// Hostname is the pod's, which all its containers share.
func (c *Container) Hostname() string { return c.process.net.Namespace().Hostname() }

// Getenv returns the value of an environment variable, or "" if there is none. Of several the last counts.
func (c *Container) Getenv(name string) string {
	for i := len(c.Env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(c.Env[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// Pod returns a copy of the pod as its node knows it now.
func (c *Container) Pod() *corev1.Pod { return c.process.in.w.latest().DeepCopy() }

// Spec returns a copy of the container's part of the pod spec, or nil if it is not there any more.
func (c *Container) Spec() *corev1.Container {
	return specOf(c.process.in.w.latest(), c.process.in.name).DeepCopy()
}

// Resources are what the container may use now, which follows when its pod is resized in place.
func (c *Container) Resources() corev1.ResourceRequirements {
	c.process.in.w.mu.Lock()
	defer c.process.in.w.mu.Unlock()
	return *c.process.in.resources.DeepCopy()
}

// Name is the container's name in its pod.
func (c *Container) Name() string { return c.process.in.name }

// ID is the container's id in the words of its status: docker://<64 hexadecimal digits>.
func (c *Container) ID() string { return c.process.in.id }

// specOf finds a container of a pod by name, or returns nil.
func specOf(pod *corev1.Pod, name string) *corev1.Container {
	for _, list := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	for i := range pod.Spec.EphemeralContainers {
		if c := &pod.Spec.EphemeralContainers[i]; c.Name == name {
			return (*corev1.Container)(&c.EphemeralContainerCommon)
		}
	}
	return nil
}

// hostname is what the pod's containers are called, as GeneratePodHostNameAndDomain has it: a name longer than a host
// name may be is cut.
func hostname(pod *corev1.Pod) string {
	const longest = 63
	name := pod.Spec.Hostname
	if pod.Spec.HostnameOverride != nil {
		return *pod.Spec.HostnameOverride
	}
	if name == "" {
		name = pod.Name
	}
	if len(name) > longest {
		name = strings.TrimRight(name[:longest], "-.")
	}
	if fqdn := pod.Spec.SetHostnameAsFQDN; fqdn != nil && *fqdn && pod.Spec.Subdomain != "" {
		name += "." + pod.Spec.Subdomain + "." + pod.Namespace + ".svc.cluster.local"
	}
	return name
}

// hostnameOf is what the pod's containers are called; with the node's network they are called as the node.
func (w *worker) hostnameOf(pod *corev1.Pod) string {
	if pod.Spec.HostNetwork {
		return w.node.Name
	}
	return hostname(pod)
}

// noInput is the standard input of a container that has none.
type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, io.EOF }

// PID is the number of the process in its container, or in its pod if the containers share processes.
func (c *Container) PID() int { return c.process.pid }

// Signals returns a channel of the signals that are sent to this process from now on, instead of what they do by default.
// SIGTERM ends the program's context all the same, and SIGKILL ends the process. Each call returns the same channel; what a
// program does not read is lost after a few.
func (c *Container) Signals() <-chan syscall.Signal { return c.process.listen() }

// Kill sends a signal to a process that this one can see, as kill(2) does; -1 is all of them. The error is a syscall.Errno.
func (c *Container) Kill(pid int, s syscall.Signal) error {
	return c.process.in.pids.signal(c.process, pid, s)
}

// FS returns the files of the container, as this process sees them: as the container's user, and from its directory. All fails
// with fs.ErrClosed once the container has ended.
func (c *Container) FS() *podfs.FS {
	ns, err := c.process.in.namespace()
	if err != nil { // nothing of it can be had; why was found out before the start, or the container has just ended
		ns = podfs.NewNamespace(podfs.NewTree(podfs.TreeOptions{}), podfs.NamespaceOptions{})
		ns.Close()
	}
	return ns.FS(c.process.in.user, c.Dir)
}

// IPC is the inter-process communication of the pod, or of the node for a pod with hostIPC.
func (c *Container) IPC() *podipc.Namespace { return c.process.in.ipc }

// Peer is a process that another one sees.
type Peer struct {
	PID       int
	Args      []string
	Container string
	Started   time.Time
}

// Processes lists the processes that this one can see, itself included: those of its container, or of its pod if the containers
// share them; then the first is the pod's sandbox.
func (c *Container) Processes() []Peer {
	var peers []Peer
	ns := c.process.in.pids
	if !ns.began.IsZero() {
		peers = append(peers, Peer{PID: 1, Args: []string{"/pause"}, Started: ns.began})
	}
	for _, p := range ns.list() {
		peers = append(peers, Peer{PID: p.pid, Args: p.commandLine(), Container: p.in.name, Started: p.started})
	}
	return peers
}

// Go runs f in a goroutine of the process: see the fake's Process.Go.
func (c *Container) Go(f func()) { c.process.spawn(f, c.Stderr) }

// Ended is closed when the process has ended: it returned, or was killed.
func (c *Container) Ended() <-chan struct{} { return c.process.ended }

// Become changes the command line that others see of the process, as execve(2) does.
func (c *Container) Become(args []string) {
	c.process.mu.Lock()
	defer c.process.mu.Unlock()
	c.process.args = slices.Clone(args)
}

// Listening lists the addresses of the pod that somebody listens on.
func (c *Container) Listening() []net.Addr { return c.process.net.Namespace().Listening() }
