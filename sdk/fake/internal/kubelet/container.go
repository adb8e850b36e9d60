package kubelet

import (
	"context"
	"io"
	"net"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Container is one run of a container, as its program sees it. The fields are the program's own; the methods may be
// called by any of its goroutines. Once the container has ended, everything fails.
type Container struct {
	Args   []string // the command line, the command first
	Env    []string // "name=value"
	Dir    string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	instance *instance
}

// Listen listens on the pod's network, as [net.Listen] does on a machine's. All containers of a pod share one address and
// one port space.
func (c *Container) Listen(network, address string) (net.Listener, error) {
	l, err := c.instance.net.Listen(network, address)
	if err == nil {
		c.instance.w.listens()
	}
	return l, err
}

// DialContext connects from the pod, as [net.Dialer.DialContext] does. localhost is the pod itself.
func (c *Container) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return c.instance.net.DialContext(ctx, network, address)
}

// Hostname is the pod's, which all its containers share.
func (c *Container) Hostname() string { return c.instance.net.Namespace().Hostname() }

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
func (c *Container) Pod() *corev1.Pod { return c.instance.w.latest().DeepCopy() }

// Spec returns a copy of the container's part of the pod spec, or nil if it is not there any more.
func (c *Container) Spec() *corev1.Container {
	return specOf(c.instance.w.latest(), c.instance.name).DeepCopy()
}

// Name is the container's name in its pod.
func (c *Container) Name() string { return c.instance.name }

// ID is the container's id in the words of its status: docker://<64 hexadecimal digits>.
func (c *Container) ID() string { return c.instance.id }

// specOf finds a container of a pod by name, or returns nil.
func specOf(pod *corev1.Pod, name string) *corev1.Container {
	for _, list := range [][]corev1.Container{pod.Spec.Containers, pod.Spec.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
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

// noInput is the standard input of a container that has none.
type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, io.EOF }

// openInput is the standard input of a container with stdin: true to which nobody is attached: a read waits.
type openInput struct{ ctx context.Context }

func (i openInput) Read(p []byte) (int, error) {
	if len(p) > 0 {
		<-i.ctx.Done()
	}
	return 0, io.EOF
}
