package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// livenessProbe is validateLivenessProbe and validateStartupProbe: one success must do.
func (c *podCheck) livenessProbe(at *field.Path, p *corev1.Probe) {
	if p == nil {
		return
	}
	c.probe(at, p)
	if p.SuccessThreshold != 1 {
		c.Invalid(at.Child("successThreshold"), p.SuccessThreshold, "must be 1")
	}
}

// readinessProbe is validateReadinessProbe: a failure does not end the container, so there is no grace period.
func (c *podCheck) readinessProbe(at *field.Path, p *corev1.Probe) {
	if p == nil {
		return
	}
	c.probe(at, p)
	if p.TerminationGracePeriodSeconds != nil {
		c.Invalid(at.Child("terminationGracePeriodSeconds"), *p.TerminationGracePeriodSeconds, "must not be set for readinessProbes")
	}
}

// probe is validateProbe.
func (c *podCheck) probe(at *field.Path, p *corev1.Probe) {
	c.handler(at, handler{exec: p.Exec, httpGet: p.HTTPGet, tcpSocket: p.TCPSocket, grpc: p.GRPC})
	for _, f := range []struct {
		name  string
		value int32
	}{
		{"initialDelaySeconds", p.InitialDelaySeconds}, {"timeoutSeconds", p.TimeoutSeconds}, {"periodSeconds", p.PeriodSeconds},
		{"successThreshold", p.SuccessThreshold}, {"failureThreshold", p.FailureThreshold},
	} {
		c.NonNegative(at.Child(f.name), int64(f.value))
	}
	if g := p.TerminationGracePeriodSeconds; g != nil && *g <= 0 {
		c.Invalid(at.Child("terminationGracePeriodSeconds"), *g, "must be greater than 0")
	}
}

// lifecycle is validateLifecycle.
func (c *podCheck) lifecycle(at *field.Path, l *corev1.Lifecycle) {
	if l == nil {
		return
	}
	for _, hook := range []struct {
		name string
		h    *corev1.LifecycleHandler
	}{{"postStart", l.PostStart}, {"preStop", l.PreStop}} {
		if hook.h != nil {
			c.handler(at.Child(hook.name), handler{exec: hook.h.Exec, httpGet: hook.h.HTTPGet, tcpSocket: hook.h.TCPSocket, sleep: hook.h.Sleep})
		}
	}
}

// handler is what a probe or hook does; exactly one must be set.
type handler struct {
	exec      *corev1.ExecAction
	httpGet   *corev1.HTTPGetAction
	tcpSocket *corev1.TCPSocketAction
	grpc      *corev1.GRPCAction
	sleep     *corev1.SleepAction
}

// handler is validateHandler: the first that is set is checked, others are forbidden.
func (c *podCheck) handler(at *field.Path, h handler) {
	found := false
	for _, action := range []struct {
		name  string
		set   bool
		check func(at *field.Path)
	}{
		{"exec", h.exec != nil, func(at *field.Path) {
			if len(h.exec.Command) == 0 {
				c.Required(at.Child("command"), "")
			}
		}},
		{"httpGet", h.httpGet != nil, func(at *field.Path) { c.httpGet(at, h.httpGet) }},
		{"tcpSocket", h.tcpSocket != nil, func(at *field.Path) { c.portNumberOrName(at.Child("port"), h.tcpSocket.Port) }},
		{"grpc", h.grpc != nil, func(at *field.Path) { c.portNumberOrName(at.Child("port"), intstr.FromInt32(h.grpc.Port)) }},
		{"sleep", h.sleep != nil, func(at *field.Path) { c.sleep(at, h.sleep.Seconds) }},
	} {
		switch {
		case !action.set:
		case found:
			c.Forbidden(at.Child(action.name), "may not specify more than 1 handler type")
		default:
			found = true
			action.check(at.Child(action.name))
		}
	}
	if !found {
		c.Required(at, "must specify a handler type")
	}
}

// httpGet is validateHTTPGetAction.
func (r *report) httpGet(at *field.Path, h *corev1.HTTPGetAction) {
	r.Present(at.Child("path"), h.Path)
	r.portNumberOrName(at.Child("port"), h.Port)
	oneOf(r, at.Child("scheme"), h.Scheme, corev1.URISchemeHTTP, corev1.URISchemeHTTPS)
	for _, header := range h.HTTPHeaders {
		r.Messages(at.Child("httpHeaders"), header.Name, validation.IsHTTPHeaderName(header.Name))
	}
}

// portNumberOrName is ValidatePortNumOrName.
func (r *report) portNumberOrName(at *field.Path, port intstr.IntOrString) {
	if port.Type == intstr.Int {
		// The server prints an int here, which its messages show as JSON does.
		r.Messages(at, port.IntValue(), validation.IsValidPortNum(port.IntValue()))
		return
	}
	r.Messages(at, port.StrVal, validation.IsValidPortName(port.StrVal))
}

// sleep is validateSleepAction.
func (c *podCheck) sleep(at *field.Path, seconds int64) {
	if grace := c.spec.TerminationGracePeriodSeconds; grace != nil && (seconds < 0 || seconds > *grace) {
		c.Invalid(at, seconds, fmt.Sprintf("must be non-negative and less than terminationGracePeriodSeconds (%d)", *grace))
	}
}
