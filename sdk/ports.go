package sdk

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// portPair is one port to forward: the local number, 0 for any that is free, and the pod's.
type portPair struct{ local, remote uint16 }

// parsePort reads "8888:8080", ":8080" or "8080". The pod's port may also be a name that a
// container of the pod gives it.
func parsePort(spec string, pod *corev1.Pod) (portPair, error) {
	local, remote, two := strings.Cut(spec, ":")
	if !two {
		remote = local
	}
	pair := portPair{}
	var err error
	if pair.remote, err = podPort(remote, pod); err != nil {
		return pair, fmt.Errorf("port %q: %w", spec, err)
	}
	switch {
	case !two:
		pair.local = pair.remote
	case local != "":
		n, err := strconv.ParseUint(local, 10, 16)
		if err != nil {
			return pair, fmt.Errorf("port %q: local port %q is not a number from 0 to 65535", spec, local)
		}
		pair.local = uint16(n)
	}
	return pair, nil
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
