package types

import (
	"fmt"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Warnings returns the texts the API server would send as Warning headers with the answer to a create of obj, in its
// order; nil when there is nothing to warn of. They say what is allowed but probably a mistake. obj must have its defaults.
func Warnings(obj runtime.Object) []string {
	w := &warnings{texts: EarlyWarnings(obj)}
	switch obj := obj.(type) {
	case *corev1.Pod:
		w.hostname(obj.Name, "this is used in the Pod's hostname")
		w.pod(nil, obj.Annotations, &obj.Spec)
	case *corev1.ReplicationController:
		w.hostname(obj.Name, "this is used in Pod names and hostnames")
		if t := obj.Spec.Template; t != nil {
			w.template(t)
		}
	case *corev1.PodTemplate:
		w.pod(field.NewPath("template"), obj.Template.Annotations, &obj.Template.Spec)
	}
	return w.texts
}

// EarlyWarnings returns those of [Warnings] that the API server sends even if obj turns out to be invalid, since it finds them
// while it prepares obj: deprecated AppArmor annotations of pods, as applyAppArmorVersionSkew reports them. obj must not be prepared
// yet ([Prepare]).
func EarlyWarnings(obj runtime.Object) []string {
	pod, ok := obj.(*corev1.Pod)
	if !ok || pod.Spec.OS != nil && pod.Spec.OS.Name == corev1.Windows {
		return nil
	}
	w := &warnings{}
	w.appArmorAnnotations(field.NewPath("metadata", "annotations"), pod.Annotations, &pod.Spec)
	return w.texts
}

// UpdateWarnings returns the texts the API server would send with the answer to an update of old to obj. They are about the template
// of a ReplicationController whose spec has changed; it is the old template that is looked at, since rcStrategy's WarningsOnUpdate
// passes the two in that order. Other kinds have none. obj must have its new generation.
func UpdateWarnings(obj, old runtime.Object) []string {
	rc, ok := obj.(*corev1.ReplicationController)
	was, ok2 := old.(*corev1.ReplicationController)
	if !ok || !ok2 || rc.Generation == was.Generation || was.Spec.Template == nil {
		return nil
	}
	w := &warnings{}
	w.template(was.Spec.Template)
	return w.texts
}

// template is GetWarningsForPodTemplate.
func (w *warnings) template(t *corev1.PodTemplateSpec) {
	at := field.NewPath("spec", "template")
	w.pod(at, t.Annotations, &t.Spec)
	w.appArmorAnnotations(at.Child("metadata", "annotations"), t.Annotations, &t.Spec)
}

// warnings collects texts.
type warnings struct{ texts []string }

func (w *warnings) add(at *field.Path, text string) { w.texts = append(w.texts, at.String()+": "+text) }

func (w *warnings) hostname(name, use string) {
	if messages := validation.IsDNS1123Label(name); name != "" && len(messages) > 0 {
		w.add(field.NewPath("metadata", "name"), fmt.Sprintf("%s, which can result in surprising behavior; a DNS label is recommended: %v", use, messages))
	}
}

// pod is warningsForPodSpecAndMeta; at is nil for a pod and the template's path for a template.
func (w *warnings) pod(at *field.Path, annotations map[string]string, spec *corev1.PodSpec) {
	w.nodeLabels(at.Child("spec"), spec)
	for _, old := range deprecatedAnnotations {
		if _, ok := annotations[old.key]; ok {
			w.add(at.Child("metadata", "annotations").Key(old.key), old.text)
		}
	}
	w.volumes(at.Child("spec", "volumes"), spec.Volumes)
	w.duplicates(at.Child("spec", "hostAliases"), "ip", len(spec.HostAliases), func(i int) string { return spec.HostAliases[i].IP })
	secrets := at.Child("spec", "imagePullSecrets")
	w.duplicates(secrets, "name", len(spec.ImagePullSecrets), func(i int) string { return spec.ImagePullSecrets[i].Name })
	for i, s := range spec.ImagePullSecrets {
		if s.Name == "" {
			w.add(secrets.Index(i).Child("name"), `invalid empty name ""`)
		}
	}
	w.fractions(at.Child("spec", "overhead"), spec.Overhead)
	if _, ok := annotations[corev1.SeccompPodAnnotationKey]; ok && (spec.SecurityContext == nil || spec.SecurityContext.SeccompProfile == nil) {
		w.add(at.Child("metadata", "annotations").Key(corev1.SeccompPodAnnotationKey), seccompGone)
	}
	eachContainer(spec, at.Child("spec"), func(c *corev1.Container, one *field.Path) {
		key := corev1.SeccompContainerAnnotationKeyPrefix + c.Name
		if _, ok := annotations[key]; ok && (c.SecurityContext == nil || c.SecurityContext.SeccompProfile == nil) {
			w.add(at.Child("metadata", "annotations").Key(key), seccompGone)
		}
		w.fractions(one.Child("resources", "limits"), c.Resources.Limits)
		w.fractions(one.Child("resources", "requests"), c.Resources.Requests)
		w.env(one.Child("env"), c.Env)
	})
	w.ports(at.Child("spec"), spec)
	// A pod's own grace period has been corrected by then.
	if g := spec.TerminationGracePeriodSeconds; at != nil && g != nil && *g < 0 {
		w.add(at.Child("spec", "terminationGracePeriodSeconds"), "must be >= 0; negative values are invalid and will be treated as 1")
	}
	w.podAffinity(at.Child("spec", "affinity"), spec.Affinity)
}

const seccompGone = `non-functional in v1.27+; use the "seccompProfile" field instead`

// deprecatedAnnotations are those that do nothing any more.
var deprecatedAnnotations = []struct{ key, text string }{
	{"scheduler.alpha.kubernetes.io/critical-pod", `non-functional in v1.16+; use the "priorityClassName" field instead`},
	{"security.alpha.kubernetes.io/sysctls", `non-functional in v1.11+; use the "sysctls" field instead`},
	{"security.alpha.kubernetes.io/unsafe-sysctls", `non-functional in v1.11+; use the "sysctls" field instead`},
}

// deprecatedNodeLabels maps node labels to what the server says of them.
var deprecatedNodeLabels = map[string]string{
	"beta.kubernetes.io/arch":           `deprecated since v1.14; use "kubernetes.io/arch" instead`,
	"beta.kubernetes.io/os":             `deprecated since v1.14; use "kubernetes.io/os" instead`,
	corev1.LabelFailureDomainBetaRegion: `deprecated since v1.17; use "topology.kubernetes.io/region" instead`,
	corev1.LabelFailureDomainBetaZone:   `deprecated since v1.17; use "topology.kubernetes.io/zone" instead`,
	corev1.LabelInstanceType:            `deprecated since v1.17; use "node.kubernetes.io/instance-type" instead`,
}

// nodeLabels warns of deprecated labels wherever nodes are chosen.
func (w *warnings) nodeLabels(at *field.Path, spec *corev1.PodSpec) {
	for _, key := range sortedKeys(spec.NodeSelector) {
		if text, ok := deprecatedNodeLabels[key]; ok {
			w.add(at.Child("nodeSelector").Key(key), text)
		}
	}
	if a := nodeAffinity(spec); a != nil {
		node := at.Child("affinity", "nodeAffinity")
		for i, term := range requiredTerms(a) {
			w.nodeTerm(node.Child("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").Index(i), &term)
		}
		for i := range a.PreferredDuringSchedulingIgnoredDuringExecution {
			w.nodeTerm(node.Child("preferredDuringSchedulingIgnoredDuringExecution").Index(i).Child("preference"),
				&a.PreferredDuringSchedulingIgnoredDuringExecution[i].Preference)
		}
	}
	for i, t := range spec.TopologySpreadConstraints {
		one := at.Child("topologySpreadConstraints").Index(i)
		if text, ok := deprecatedNodeLabels[t.TopologyKey]; ok {
			w.add(one.Child("topologyKey"), t.TopologyKey+" is "+text)
		}
		if t.LabelSelector == nil {
			w.add(one.Child("labelSelector"), matchesNothing)
		}
	}
}

const matchesNothing = "a null labelSelector results in matching no pod"

func (w *warnings) nodeTerm(at *field.Path, term *corev1.NodeSelectorTerm) {
	for i, e := range term.MatchExpressions {
		if text, ok := deprecatedNodeLabels[e.Key]; ok {
			w.add(at.Child("matchExpressions").Index(i).Child("key"), e.Key+" is "+text)
		}
		for j, value := range e.Values {
			for _, m := range validation.IsValidLabelValue(value) {
				w.add(at.Child("matchExpressions").Index(i).Child("values").Index(j), m)
			}
		}
	}
}

func (w *warnings) duplicates(at *field.Path, name string, n int, value func(int) string) {
	seen := map[string]bool{}
	for i := range n {
		if seen[value(i)] {
			w.add(at.Index(i).Child(name), fmt.Sprintf("duplicate %s %q", name, value(i)))
		}
		seen[value(i)] = true
	}
}

// fractions warns of parts of bytes.
func (w *warnings) fractions(at *field.Path, list corev1.ResourceList) {
	for _, name := range []corev1.ResourceName{corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
		if q, ok := list[name]; ok && q.MilliValue()%1000 != 0 {
			w.add(at.Key(string(name)), fmt.Sprintf("fractional byte value %q is invalid, must be an integer", q.String()))
		}
	}
}

// env warns of a variable that hides an earlier one without using it.
func (w *warnings) env(at *field.Path, vars []corev1.EnvVar) {
	seen := map[string]bool{}
	for i, v := range vars {
		self := "$(" + v.Name + ")"
		if seen[v.Name] && (v.ValueFrom != nil || v.Value == self || !strings.Contains(v.Value, self)) {
			w.add(at.Index(i), fmt.Sprintf("hides previous definition of %q, which may be dropped when using apply", v.Name))
		}
		seen[v.Name] = true
	}
}

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

func (w *warnings) podAffinity(at *field.Path, a *corev1.Affinity) {
	if a == nil {
		return
	}
	terms := func(at *field.Path, must []corev1.PodAffinityTerm, should []corev1.WeightedPodAffinityTerm) {
		for i, t := range must {
			if t.LabelSelector == nil {
				w.add(at.Child("requiredDuringSchedulingIgnoredDuringExecution").Index(i).Child("labelSelector"), matchesNothing)
			}
		}
		for i, t := range should {
			if t.PodAffinityTerm.LabelSelector == nil {
				w.add(at.Child("preferredDuringSchedulingIgnoredDuringExecution").Index(i).Child("podAffinityTerm", "labelSelector"), matchesNothing)
			}
		}
	}
	if p := a.PodAffinity; p != nil {
		terms(at.Child("podAffinity"), p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		terms(at.Child("podAntiAffinity"), p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
}

// appArmorAnnotations warns of annotations of containers without the field that took their place. One that says the same as the
// pod's field is fine.
func (w *warnings) appArmorAnnotations(at *field.Path, annotations map[string]string, spec *corev1.PodSpec) {
	var ofPod *corev1.AppArmorProfile
	if spec.SecurityContext != nil {
		ofPod = spec.SecurityContext.AppArmorProfile
	}
	eachContainer(spec, nil, func(c *corev1.Container, _ *field.Path) {
		key := corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix + c.Name
		text, ok := annotations[key]
		if !ok || c.SecurityContext != nil && c.SecurityContext.AppArmorProfile != nil {
			return
		}
		if profile := appArmorProfile(text); profile == nil || !reflect.DeepEqual(profile, ofPod) {
			w.add(at.Key(key), `deprecated since v1.30; use the "appArmorProfile" field instead`)
		}
	})
}
