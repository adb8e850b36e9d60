package types

import (
	"fmt"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// containers is validateContainers.
func (c *podCheck) containers(at *field.Path) {
	if len(c.spec.Containers) == 0 {
		c.Required(at, "")
		return
	}
	names, hostPorts := map[string]bool{}, map[string]bool{}
	for i := range c.spec.Containers {
		container, one := &c.spec.Containers[i], at.Index(i)
		c.container(one, container)
		c.uniqueName(one, container.Name, names)
		c.runningContainer(one, container)
		c.restartRules(one, container)
	}
	for i := range c.spec.Containers {
		c.uniqueHostPorts(at.Index(i), c.spec.Containers[i].Ports, hostPorts)
	}
}

func (c *podCheck) uniqueName(at *field.Path, name string, names map[string]bool) {
	if names[name] {
		c.Add(field.Duplicate(at.Child("name"), name))
	}
	names[name] = true
}

// uniqueHostPorts is AccumulateUniqueHostPorts.
func (c *podCheck) uniqueHostPorts(at *field.Path, ports []corev1.ContainerPort, taken map[string]bool) {
	for i, port := range ports {
		if port.HostPort == 0 {
			continue
		}
		key := fmt.Sprintf("%s/%s/%d", port.Protocol, port.HostIP, port.HostPort)
		if taken[key] {
			c.Add(field.Duplicate(at.Child("ports").Index(i).Child("hostPort"), key))
		}
		taken[key] = true
	}
}

// runningContainer checks what only containers that keep running may have.
func (c *podCheck) runningContainer(at *field.Path, container *corev1.Container) {
	c.lifecycle(at.Child("lifecycle"), container.Lifecycle)
	c.livenessProbe(at.Child("livenessProbe"), container.LivenessProbe)
	c.readinessProbe(at.Child("readinessProbe"), container.ReadinessProbe)
	c.livenessProbe(at.Child("startupProbe"), container.StartupProbe)
}

// initContainers is validateInitContainers. Those that restart always are sidecars, and treated as containers.
func (c *podCheck) initContainers(at *field.Path) {
	names := map[string]bool{}
	for _, container := range c.spec.Containers {
		names[container.Name] = true
	}
	for i := range c.spec.InitContainers {
		container, one := &c.spec.InitContainers[i], at.Index(i)
		c.container(one, container)
		c.restartRules(one, container)
		if container.Name != "" || names[""] {
			c.uniqueName(one, container.Name, names)
		}
		// Each runs by itself, so host ports only clash within one; the server gives the path of the first container.
		c.uniqueHostPorts(at.Index(0), container.Ports, map[string]bool{})
		if isSidecar(container) {
			c.runningContainer(one, container)
			continue
		}
		for _, f := range []struct {
			name string
			set  bool
		}{
			{"lifecycle", container.Lifecycle != nil}, {"livenessProbe", container.LivenessProbe != nil},
			{"readinessProbe", container.ReadinessProbe != nil}, {"startupProbe", container.StartupProbe != nil},
		} {
			if f.set {
				c.Forbidden(one.Child(f.name), "may not be set for init containers without restartPolicy=Always")
			}
		}
		for j, policy := range container.ResizePolicy {
			if policy.RestartPolicy == corev1.RestartContainer {
				c.Invalid(one.Child("resizePolicy").Index(j).Child("restartPolicy"), policy.RestartPolicy,
					"must not be set to 'RestartContainer' for non-sidecar initContainers")
			}
		}
	}
}

// ephemeralFields are those an ephemeral container may have, as allowedEphemeralContainerFields.
var ephemeralFields = map[string]bool{
	"Name": true, "Image": true, "Command": true, "Args": true, "WorkingDir": true, "EnvFrom": true, "Env": true, "VolumeMounts": true,
	"VolumeDevices": true, "TerminationMessagePath": true, "TerminationMessagePolicy": true, "ImagePullPolicy": true, "SecurityContext": true,
	"Stdin": true, "StdinOnce": true, "TTY": true,
}

const notEphemeral = "cannot be set for an Ephemeral Container"

// ephemeralContainers is validateEphemeralContainers.
func (c *podCheck) ephemeralContainers(at *field.Path) {
	targets, names := map[string]bool{}, map[string]bool{}
	for _, list := range [][]corev1.Container{c.spec.Containers, c.spec.InitContainers} {
		for _, container := range list {
			targets[container.Name], names[container.Name] = true, true
		}
	}
	for i := range c.spec.EphemeralContainers {
		ephemeral, one := &c.spec.EphemeralContainers[i], at.Index(i)
		container := (*corev1.Container)(&ephemeral.EphemeralContainerCommon)
		c.container(one, container)
		c.imagePadding(one, container.Image)
		c.uniqueName(one, container.Name, names)
		if t := ephemeral.TargetContainerName; t != "" && !targets[t] {
			c.Add(field.NotFound(one.Child("targetContainerName"), t))
		}
		c.onlyFields(one, ephemeral.EphemeralContainerCommon, ephemeralFields, notEphemeral)
		for j, mount := range ephemeral.VolumeMounts {
			if mount.SubPath != "" {
				c.Forbidden(one.Child("volumeMounts").Index(j).Child("subPath"), notEphemeral)
			}
			if mount.SubPathExpr != "" {
				c.Forbidden(one.Child("volumeMounts").Index(j).Child("subPathExpr"), notEphemeral)
			}
		}
	}
}

// onlyFields forbids every field that is set and not allowed, in the order of the struct, as validateFieldAllowList does.
func (r *report) onlyFields(at *field.Path, object any, allowed map[string]bool, detail string) {
	v := reflect.ValueOf(object)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; !allowed[name] && !v.Field(i).IsZero() {
			r.Forbidden(at.Child(strings.ToLower(name[:1])+name[1:]), detail)
		}
	}
}

// container is validateContainerCommon: the rules for all three kinds of containers.
func (c *podCheck) container(at *field.Path, container *corev1.Container) {
	if c.Present(at.Child("name"), container.Name) {
		c.Messages(at.Child("name"), container.Name, validation.IsDNS1123Label(container.Name))
	}
	c.Present(at.Child("image"), container.Image)
	oneOfOrRequired(&c.report, at.Child("terminationMessagePolicy"), container.TerminationMessagePolicy,
		corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError)
	c.ports(at.Child("ports"), container.Ports)
	c.env(at.Child("env"), container.Env)
	c.envFrom(at.Child("envFrom"), container.EnvFrom)
	c.mounts(at.Child("volumeMounts"), container)
	c.devices(at.Child("volumeDevices"), container)
	c.pullPolicy(at.Child("imagePullPolicy"), container.ImagePullPolicy)
	c.resources(at.Child("resources"), &container.Resources, c.ContainerResourceName)
	c.resizePolicy(at.Child("resizePolicy"), container.ResizePolicy)
	c.security(at.Child("securityContext"), container.SecurityContext)
}

func (r *report) pullPolicy(at *field.Path, policy corev1.PullPolicy) {
	oneOfOrRequired(r, at, policy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
}

// ports is validateContainerPorts.
func (r *report) ports(at *field.Path, ports []corev1.ContainerPort) {
	names := map[string]bool{}
	for i, port := range ports {
		one := at.Index(i)
		if port.Name != "" {
			messages := validation.IsValidPortName(port.Name)
			r.Messages(one.Child("name"), port.Name, messages)
			if len(messages) == 0 {
				if names[port.Name] {
					r.Add(field.Duplicate(one.Child("name"), port.Name))
				}
				names[port.Name] = true
			}
		}
		if port.ContainerPort == 0 {
			r.Required(one.Child("containerPort"), "")
		} else {
			r.Messages(one.Child("containerPort"), port.ContainerPort, validation.IsValidPortNum(int(port.ContainerPort)))
		}
		if port.HostPort != 0 {
			r.Messages(one.Child("hostPort"), port.HostPort, validation.IsValidPortNum(int(port.HostPort)))
		}
		oneOfOrRequired(r, one.Child("protocol"), port.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
	}
}

// resizePolicy is validateResizePolicy.
func (c *podCheck) resizePolicy(at *field.Path, policies []corev1.ContainerResizePolicy) {
	seen := map[corev1.ResourceName]bool{}
	for i, p := range policies {
		if seen[p.ResourceName] {
			c.Add(field.Duplicate(at.Index(i), p.ResourceName))
		}
		seen[p.ResourceName] = true
		oneOfOrRequired(&c.report, at, p.ResourceName, corev1.ResourceCPU, corev1.ResourceMemory)
		oneOfOrRequired(&c.report, at, p.RestartPolicy, corev1.NotRequired, corev1.RestartContainer)
		if c.spec.RestartPolicy == corev1.RestartPolicyNever && p.RestartPolicy != corev1.NotRequired {
			c.Invalid(at, p.RestartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")
		}
	}
}

// The limits on restart rules.
const (
	maxRestartRules  = 20
	maxRestartValues = 255
)

// restartRules checks a container's own restart policy and its rules.
func (c *podCheck) restartRules(at *field.Path, container *corev1.Container) {
	policy, rules := at.Child("restartPolicy"), at.Child("restartPolicyRules")
	if container.RestartPolicy != nil {
		oneOf(&c.report, policy, *container.RestartPolicy,
			corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever, corev1.ContainerRestartPolicyOnFailure)
	} else if len(container.RestartPolicyRules) > 0 {
		c.Required(policy, "must specify restartPolicy when restart rules are used")
	}
	if n := len(container.RestartPolicyRules); n > maxRestartRules {
		c.Add(field.TooMany(rules, n, maxRestartRules))
	}
	for i, rule := range container.RestartPolicyRules {
		one := rules.Index(i)
		oneOf(&c.report, one.Child("action"), rule.Action, corev1.ContainerRestartRuleActionRestart, corev1.ContainerRestartRuleActionRestartAllContainers)
		codes := one.Child("exitCodes")
		if rule.ExitCodes == nil {
			c.Required(codes, "must be specified")
			continue
		}
		oneOf(&c.report, codes.Child("operator"), rule.ExitCodes.Operator, corev1.ContainerRestartRuleOnExitCodesOpIn, corev1.ContainerRestartRuleOnExitCodesOpNotIn)
		if n := len(rule.ExitCodes.Values); n > maxRestartValues {
			c.Add(field.TooMany(codes.Child("values"), n, maxRestartValues))
		}
	}
}
