package types

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Warnings returns the texts the API server would send as Warning headers with the answer to a create of obj, in its
// order; nil when there is nothing to warn of. They say what is allowed but probably a mistake. obj must have its defaults.
func Warnings(obj runtime.Object) []string {
	if k := rules.Of(obj); k != nil {
		if k.Warnings == nil {
			return nil
		}
		return k.Warnings(obj)
	}
	w := &warnings{texts: EarlyWarnings(obj)}
	switch obj := obj.(type) {
	case *corev1.Pod:
		w.hostname(obj.Name, "this is used in the Pod's hostname")
		w.pod(nil, obj.Annotations, &obj.Spec)
	case *corev1.ReplicationController:
		w.hostname(obj.Name, "this is used in Pod names and hostnames")
		w.template(field.NewPath("spec", "template"), obj.Spec.Template)
	case *corev1.PodTemplate:
		w.template(field.NewPath("template"), &obj.Template)
	case *corev1.ResourceQuota:
		w.quota(obj.Spec.Hard)
	default:
		w.object(obj)
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
	eachContainer(&pod.Spec, nil, func(c *corev1.Container, _ *field.Path) {
		w.appArmorAnnotation(field.NewPath("metadata", "annotations"), pod.Annotations, c, &pod.Spec)
	})
	return w.texts
}

// UpdateWarnings returns the texts the API server would send with the answer to an update of old to obj; nil when there are none.
// Those about a pod template come only if the update is a new generation, which obj must have by then. Of a ReplicationController it is
// the old template that is looked at, since rcStrategy's WarningsOnUpdate passes the two in that order. An update of the status has none.
func UpdateWarnings(obj, old runtime.Object) []string {
	if k := rules.Of(obj); k != nil {
		if k.UpdateWarnings == nil || reflect.TypeOf(obj) != reflect.TypeOf(old) {
			return nil
		}
		return k.UpdateWarnings(obj, old)
	}
	w := &warnings{}
	switch obj := obj.(type) {
	case *corev1.ReplicationController:
		if was, ok := old.(*corev1.ReplicationController); ok && obj.Generation != was.Generation {
			w.template(field.NewPath("spec", "template"), was.Spec.Template)
		}
	case *corev1.PodTemplate:
		if was, ok := old.(*corev1.PodTemplate); ok && obj.Generation != was.Generation {
			w.template(field.NewPath("template"), &obj.Template)
		}
	default:
		w.object(obj)
	}
	return w.texts
}

// template is GetWarningsForPodTemplate.
func (w *warnings) template(at *field.Path, t *corev1.PodTemplateSpec) {
	w.texts = append(w.texts, PodTemplateWarnings(at, t)...)
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
		if at != nil { // those of a pod have been reported by then, see EarlyWarnings
			w.appArmorAnnotation(at.Child("metadata", "annotations"), annotations, c, spec)
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
	w.podAddresses(at.Child("spec"), spec)
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

// appArmorAnnotation warns of an annotation of a container without the field that took its place. One that says the same as the
// pod's field is fine.
func (w *warnings) appArmorAnnotation(at *field.Path, annotations map[string]string, c *corev1.Container, spec *corev1.PodSpec) {
	key := corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix + c.Name
	text, ok := annotations[key]
	if !ok || c.SecurityContext != nil && c.SecurityContext.AppArmorProfile != nil {
		return
	}
	var ofPod *corev1.AppArmorProfile
	maybe(spec.SecurityContext, func(sc *corev1.PodSecurityContext) { ofPod = sc.AppArmorProfile })
	if profile := appArmorProfile(text); profile == nil || !reflect.DeepEqual(profile, ofPod) {
		w.add(at.Key(key), `deprecated since v1.30; use the "appArmorProfile" field instead`)
	}
}
