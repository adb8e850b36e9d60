package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ports warns of ports that two containers, or one twice, declare.
func (w *warnings) ports(at *field.Path, spec *corev1.PodSpec) {
	type declared struct {
		at   *field.Path
		port corev1.ContainerPort
	}
	all := map[string][]declared{}
	eachContainer(spec, at, func(c *corev1.Container, at *field.Path) {
		for i, p := range c.Ports {
			one := at.Child("ports").Index(i)
			if p.HostIP != "" && p.HostPort == 0 {
				w.add(one, fmt.Sprintf("hostIP set without hostPort: %+v", p))
			}
			key := fmt.Sprintf("%d/%s", p.ContainerPort, p.Protocol)
			for _, other := range all[key] {
				if how := clash(p, other.port); how != "" {
					w.add(one, how+" port definition with "+other.at.String())
				}
			}
			all[key] = append(all[key], declared{one, p})
		}
	})
	w.portNames(at, spec)
}

// portNames warns of names that a service or a probe could mean two ports by.
func (w *warnings) portNames(at *field.Path, spec *corev1.PodSpec) {
	named := map[string]*field.Path{}
	eachContainer(spec, at, func(c *corev1.Container, at *field.Path) {
		for i, p := range c.Ports {
			one := at.Child("ports").Index(i)
			switch first := named[p.Name]; {
			case p.Name == "":
			case first == nil:
				named[p.Name] = one
			default:
				w.add(one, fmt.Sprintf("duplicate port name %q with %s, services and probes that select ports by name will use %s", p.Name, first, first))
			}
		}
	})
}

func clash(a, b corev1.ContainerPort) string {
	switch {
	case a.HostIP == b.HostIP && a.HostPort == b.HostPort:
		return "duplicate"
	case a.HostPort == 0 || b.HostPort == 0:
		return "overlapping"
	case a.HostPort == b.HostPort && (a.HostIP == "") != (b.HostIP == ""):
		return "dangerously ambiguous"
	}
	return ""
}
