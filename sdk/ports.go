package sdk

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// portPair is one port to forward: the local number, 0 for any that is free, and the pod's.
type portPair struct{ local, remote uint16 }

// parsePort reads "8888:8080", ":8080" or "8080". What the pod's port means is portOf's to say: it may be a name too. Where the local
// one is not given, it is the number that was, or the pod's.
func parsePort(spec string, portOf func(text string) (uint16, error)) (portPair, error) {
	local, remote, two := strings.Cut(spec, ":")
	if !two {
		remote = local
	}
	pair := portPair{}
	var err error
	if pair.remote, err = portOf(remote); err != nil {
		return pair, fmt.Errorf("port %q: %w", spec, err)
	}
	switch {
	case !two:
		pair.local = pair.remote
		if n, err := strconv.ParseUint(remote, 10, 16); err == nil {
			pair.local = uint16(n) // of a Service, whose pods have another
		}
	case local != "":
		n, err := strconv.ParseUint(local, 10, 16)
		if err != nil {
			return pair, fmt.Errorf("port %q: local port %q is not a number from 0 to 65535", spec, local)
		}
		pair.local = uint16(n)
	}
	return pair, nil
}

// remotePart is the part of a port spec that means the pod's port.
func remotePart(spec string) string {
	if _, remote, two := strings.Cut(spec, ":"); two {
		return remote
	}
	return spec
}

// podPort reads a port number from 1 to 65535, or the name of a TCP port of one of the pod's containers.
func podPort(text string, pod *corev1.Pod) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err == nil && n > 0 {
		return uint16(n), nil
	}
	if err != nil && pod != nil {
		for _, c := range pod.Spec.Containers {
			for _, p := range c.Ports {
				if p.Name == text && text != "" && p.Protocol != corev1.ProtocolUDP && p.Protocol != corev1.ProtocolSCTP {
					return uint16(p.ContainerPort), nil
				}
			}
		}
	}
	return 0, fmt.Errorf("pod port %q is neither a number from 1 to 65535 nor the name of a TCP port in the pod's spec", text)
}
