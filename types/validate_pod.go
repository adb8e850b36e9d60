package types

import (
	"fmt"
	"math"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podCheck is a report on one pod spec, with what rules about one part need to know of others.
type podCheck struct {
	report
	spec    *corev1.PodSpec
	isPod   bool // and not a template
	podName string
	volumes map[string]corev1.VolumeSource // those that are valid
	claims  map[string]bool
}

// podErrors is ValidatePodCreate.
func podErrors(pod *corev1.Pod) field.ErrorList {
	c := &podCheck{spec: &pod.Spec, isPod: true, podName: pod.Name}
	c.podMetadataAndSpec(pod)
	at := field.NewPath("spec")
	if len(pod.Spec.EphemeralContainers) > 0 {
		c.Forbidden(at.Child("ephemeralContainers"), "cannot be set on create")
	}
	if pod.Spec.NodeName != "" && len(pod.Spec.SchedulingGates) > 0 {
		c.Forbidden(at.Child("nodeName"), "cannot be set until all schedulingGates have been cleared")
	}
	c.annotationsMatchFields(&pod.ObjectMeta, at)
	return c.Errors
}

// podMetadataAndSpec is what creation and update check alike, as validatePodMetadataAndSpec does.
func (c *podCheck) podMetadataAndSpec(pod *corev1.Pod) {
	c.Metadata(&pod.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	c.podAnnotations(field.NewPath("metadata", "annotations"), pod.Annotations, &pod.Spec)
	at := field.NewPath("spec")
	c.podSpec(at)
	if pod.Spec.ServiceAccountName == "" {
		c.noTokenVolumes(at.Child("volumes"))
	}
	for i := range pod.Spec.Containers {
		c.imagePadding(at.Child("containers").Index(i), pod.Spec.Containers[i].Image)
	}
	for i := range pod.Spec.InitContainers {
		c.imagePadding(at.Child("initContainers").Index(i), pod.Spec.InitContainers[i].Image)
	}
}

func (c *podCheck) noTokenVolumes(at *field.Path) {
	for i, v := range c.spec.Volumes {
		if v.Projected == nil {
			continue
		}
		for j, source := range v.Projected.Sources {
			if source.ServiceAccountToken != nil {
				c.Forbidden(at.Index(i).Child("projected", "sources").Index(j).Child("serviceAccountToken"),
					"must not be specified when serviceAccountName is not set")
			}
		}
	}
}

func (c *podCheck) imagePadding(at *field.Path, image string) {
	if strings.TrimSpace(image) != image {
		c.Invalid(at.Child("image"), image, "must not have leading or trailing whitespace")
	}
}

// podSpec is ValidatePodSpec, for pods and templates; the order of the rules is the server's.
func (c *podCheck) podSpec(at *field.Path) {
	spec := c.spec
	if spec.TerminationGracePeriodSeconds == nil {
		c.Required(at.Child("terminationGracePeriodSeconds"), "")
	}
	c.checkVolumes(at.Child("volumes"))
	c.resourceClaims(at.Child("resourceClaims"))
	c.containers(at.Child("containers"))
	c.initContainers(at.Child("initContainers"))
	c.ephemeralContainers(at.Child("ephemeralContainers"))
	c.podResources(at.Child("resources"))
	c.hostNetworkPorts(at.Child("containers"))
	oneOfOrRequired(&c.report, at.Child("restartPolicy"), spec.RestartPolicy,
		corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	oneOfOrRequired(&c.report, at.Child("dnsPolicy"), spec.DNSPolicy,
		corev1.DNSClusterFirstWithHostNet, corev1.DNSClusterFirst, corev1.DNSDefault, corev1.DNSNone)
	c.Labels(at.Child("nodeSelector"), spec.NodeSelector)
	c.podSecurity(at)
	c.affinity(at.Child("affinity"))
	c.dnsConfig(at.Child("dnsConfig"))
	for i, gate := range spec.ReadinessGates {
		c.Messages(at.Child("readinessGates").Index(i).Child("conditionType"), string(gate.ConditionType), validation.IsQualifiedName(string(gate.ConditionType)))
	}
	c.schedulingGates(at.Child("schedulingGates"))
	c.topologySpread(at.Child("topologySpreadConstraints"))
	c.hostProcess(at)
	c.hostUsers(at)
	c.names(at)
	if spec.PreemptionPolicy != nil {
		oneOfOrRequired(&c.report, at.Child("preemptionPolicy"), *spec.PreemptionPolicy, corev1.PreemptLowerPriority, corev1.PreemptNever)
	}
	if spec.Overhead != nil {
		c.resources(at.Child("overhead"), &corev1.ResourceRequirements{Limits: spec.Overhead}, c.ContainerResourceName)
	}
	c.operatingSystem(at)
}

// names checks the fields that name something, with tolerations and hostAliases between them as on the server.
func (c *podCheck) names(at *field.Path) {
	spec := c.spec
	subdomain := func(name, value string) {
		if value != "" {
			c.Messages(at.Child(name), value, apivalidation.NameIsDNSSubdomain(value, false))
		}
	}
	label := func(name, value string) {
		if value != "" {
			c.Messages(at.Child(name), value, validation.IsDNS1123Label(value))
		}
	}
	subdomain("serviceAccountName", spec.ServiceAccountName)
	subdomain("nodeName", spec.NodeName)
	if d := spec.ActiveDeadlineSeconds; d != nil && (*d < 1 || *d > math.MaxInt32) {
		c.Invalid(at.Child("activeDeadlineSeconds"), *d, validation.InclusiveRangeError(1, math.MaxInt32))
	}
	label("hostname", spec.Hostname)
	label("subdomain", spec.Subdomain)
	c.tolerations(at.Child("tolerations"), spec.Tolerations)
	for i, alias := range spec.HostAliases {
		one := at.Child("hostAliases").Index(i)
		c.IP(one.Child("ip"), alias.IP)
		for j, name := range alias.Hostnames {
			c.Messages(one.Child("hostnames").Index(j), name, validation.IsDNS1123Subdomain(name))
		}
	}
	subdomain("priorityClassName", spec.PriorityClassName)
	if spec.RuntimeClassName != nil {
		c.Messages(at.Child("runtimeClassName"), *spec.RuntimeClassName, apivalidation.NameIsDNSSubdomain(*spec.RuntimeClassName, false))
	}
	c.hostnameOverride(at)
}

// maxHostname is the longest host name that Linux takes.
const maxHostname = 64

func (c *podCheck) hostnameOverride(at *field.Path) {
	name := c.spec.HostnameOverride
	if name == nil {
		return
	}
	at = at.Child("hostnameOverride")
	if *name == "" {
		c.Required(at, "")
		return
	}
	c.Messages(at, *name, validation.IsDNS1123Subdomain(*name))
	if len(*name) > maxHostname {
		c.Add(field.TooLong(at, "", maxHostname))
	}
}

// The limits of the resolver in libc, as in validatePodDNSConfig.
const (
	maxNameservers = 3
	maxSearches    = 32
	maxSearchChars = 2048
)

func (c *podCheck) dnsConfig(at *field.Path) {
	config := c.spec.DNSConfig
	if c.spec.DNSPolicy == corev1.DNSNone {
		if config == nil {
			c.Required(at, "must provide `dnsConfig` when `dnsPolicy` is None")
			return
		}
		if len(config.Nameservers) == 0 {
			c.Required(at.Child("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
			return
		}
	}
	if config == nil {
		return
	}
	servers, searches := at.Child("nameservers"), at.Child("searches")
	if len(config.Nameservers) > maxNameservers {
		c.Invalid(servers, config.Nameservers, fmt.Sprintf("must not have more than %d nameservers", maxNameservers))
	}
	for i, server := range config.Nameservers {
		c.IP(servers.Index(i), server)
	}
	if len(config.Searches) > maxSearches {
		c.Invalid(searches, config.Searches, fmt.Sprintf("must not have more than %d search paths", maxSearches))
	}
	if len(strings.Join(config.Searches, " ")) > maxSearchChars {
		c.Invalid(searches, config.Searches, fmt.Sprintf("must not have more than %d characters (including spaces) in the search list", maxSearchChars))
	}
	for i, search := range config.Searches {
		if search != "." {
			search = strings.TrimSuffix(search, ".")
			c.Messages(searches.Index(i), search, validation.IsDNS1123SubdomainWithUnderscore(search))
		}
	}
	for i, option := range config.Options {
		if option.Name == "" {
			c.Required(at.Child("options").Index(i), "must not be empty")
		}
	}
}

// hostNetworkPorts is validatePodHostNetworkDeps: a template may leave the host port open, a pod has it by default.
func (c *podCheck) hostNetworkPorts(at *field.Path) {
	if !c.spec.HostNetwork {
		return
	}
	for i, container := range c.spec.Containers {
		for j, port := range container.Ports {
			if (c.isPod || port.HostPort != 0) && port.HostPort != port.ContainerPort {
				c.Invalid(at.Index(i).Child("ports").Index(j).Child("hostPort"), port.HostPort, "must match `containerPort` when `hostNetwork` is true")
			}
		}
	}
}

// resourceClaims is validatePodResourceClaims.
func (c *podCheck) resourceClaims(at *field.Path) {
	c.claims = map[string]bool{}
	for _, claim := range c.spec.ResourceClaims {
		if claim.Name != "" {
			c.claims[claim.Name] = true
		}
	}
	seen := map[string]bool{}
	for i := range c.spec.ResourceClaims {
		c.resourceClaim(at.Index(i), &c.spec.ResourceClaims[i], seen)
	}
}

func (c *podCheck) resourceClaim(at *field.Path, claim *corev1.PodResourceClaim, seen map[string]bool) {
	switch {
	case claim.Name == "":
		c.Required(at.Child("name"), "")
	case seen[claim.Name]:
		c.Add(field.Duplicate(at.Child("name"), claim.Name))
	default:
		c.Messages(at.Child("name"), claim.Name, validation.IsDNS1123Label(claim.Name))
		seen[claim.Name] = true
	}
	name, template := claim.ResourceClaimName, claim.ResourceClaimTemplateName
	if name != nil && template != nil {
		c.Invalid(at, internal(claim), "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
	}
	if name == nil && template == nil {
		c.Invalid(at, internal(claim), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
	}
	if name != nil {
		c.Messages(at.Child("resourceClaimName"), *name, apivalidation.NameIsDNSSubdomain(*name, false))
	}
	if template != nil {
		c.Messages(at.Child("resourceClaimTemplateName"), *template, apivalidation.NameIsDNSSubdomain(*template, false))
	}
}

// podTemplate is ValidatePodTemplateSpec.
func (r *report) podTemplate(at *field.Path, template *corev1.PodTemplateSpec) {
	c := &podCheck{spec: &template.Spec}
	c.Labels(at.Child("labels"), template.Labels)
	c.Annotations(at.Child("annotations"), template.Annotations)
	c.podAnnotations(at.Child("annotations"), template.Annotations, &template.Spec)
	c.podSpec(at.Child("spec"))
	c.annotationsMatchFields(&template.ObjectMeta, at.Child("spec"))
	if len(template.Spec.EphemeralContainers) > 0 {
		c.Forbidden(at.Child("spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template")
	}
	r.Add(c.Errors...)
}
