package types

import (
	"reflect"
	"strings"

	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Prepare changes in obj what the API server changes between admission and validation of a create, as the pod strategy's
// PrepareForCreate does, in place: fields of features that are off are dropped, match label
// keys become selector expressions, AppArmor annotations become fields, and pod-level resources are completed. Of a pod template
// only the fields are dropped. The two fields of a claim for its data and those of a service for its addresses are completed. A status is not touched: the server drops that of
// a new object, but nodes have theirs.
// It comes after [Admit] and before [Errors], and for updates there is [PrepareUpdate]. Other kinds are left alone.
func Prepare(obj runtime.Object) {
	if k := rules.Of(obj); k != nil {
		if k.Prepare != nil {
			k.Prepare(obj)
		}
		return
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		dropDisabled(&obj.Spec, nil)
		mergeMatchLabelKeys(obj)
		appArmorFields(obj)
		defaultPodResources(&obj.Spec)
	case *corev1.ReplicationController:
		PreparePodTemplate(obj.Spec.Template, nil)
	case *corev1.PodTemplate:
		PreparePodTemplate(&obj.Template, nil)
	case *corev1.PersistentVolumeClaim:
		prepareClaim(&obj.Spec, nil)
	case *corev1.Service:
		prepareService(&obj.Spec)
	case *corev1.Node:
		prepareNode(obj, nil)
	}
}

// mergeMatchLabelKeys selects by the pod's own values of the labels that its rules name, as applyMatchLabelKeysAndMismatchLabelKeys does.
func mergeMatchLabelKeys(pod *corev1.Pod) {
	merge := func(selector *metav1.LabelSelector, keys []string, operator metav1.LabelSelectorOperator) {
		if selector == nil {
			return
		}
		for _, key := range keys {
			if value, ok := pod.Labels[key]; ok {
				selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{Key: key, Operator: operator, Values: []string{value}})
			}
		}
	}
	term := func(t *corev1.PodAffinityTerm) {
		merge(t.LabelSelector, t.MatchLabelKeys, metav1.LabelSelectorOpIn)
		merge(t.LabelSelector, t.MismatchLabelKeys, metav1.LabelSelectorOpNotIn)
	}
	weighted := func(t *corev1.WeightedPodAffinityTerm) { term(&t.PodAffinityTerm) }
	maybe(pod.Spec.Affinity, func(a *corev1.Affinity) {
		maybe(a.PodAffinity, func(p *corev1.PodAffinity) {
			each(p.PreferredDuringSchedulingIgnoredDuringExecution, weighted)
			each(p.RequiredDuringSchedulingIgnoredDuringExecution, term)
		})
		maybe(a.PodAntiAffinity, func(p *corev1.PodAntiAffinity) {
			each(p.PreferredDuringSchedulingIgnoredDuringExecution, weighted)
			each(p.RequiredDuringSchedulingIgnoredDuringExecution, term)
		})
	})
	each(pod.Spec.TopologySpreadConstraints, func(t *corev1.TopologySpreadConstraint) {
		merge(t.LabelSelector, t.MatchLabelKeys, metav1.LabelSelectorOpIn)
	})
}

// appArmorFields gives containers the profile that only an annotation names, as applyAppArmorVersionSkew does.
func appArmorFields(pod *corev1.Pod) {
	if pod.Spec.OS != nil && pod.Spec.OS.Name == corev1.Windows {
		return
	}
	var ofPod *corev1.AppArmorProfile
	maybe(pod.Spec.SecurityContext, func(sc *corev1.PodSecurityContext) { ofPod = sc.AppArmorProfile })
	eachContainer(&pod.Spec, nil, func(c *corev1.Container, _ *field.Path) {
		text, ok := pod.Annotations[corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+c.Name]
		if !ok || c.SecurityContext != nil && c.SecurityContext.AppArmorProfile != nil {
			return
		}
		if profile := appArmorProfile(text); profile != nil && !reflect.DeepEqual(profile, ofPod) {
			orPointer(&c.SecurityContext, corev1.SecurityContext{})
			c.SecurityContext.AppArmorProfile = profile
		}
	})
}

// appArmorProfile reads an annotation, nil if it makes no valid field.
func appArmorProfile(text string) *corev1.AppArmorProfile {
	p := &corev1.AppArmorProfile{}
	file, local := strings.CutPrefix(text, corev1.DeprecatedAppArmorBetaProfileNamePrefix)
	switch {
	case text == corev1.DeprecatedAppArmorBetaProfileNameUnconfined:
		p.Type = corev1.AppArmorProfileTypeUnconfined
	case text == corev1.DeprecatedAppArmorBetaProfileRuntimeDefault:
		p.Type = corev1.AppArmorProfileTypeRuntimeDefault
	case local && file != "":
		p.Type, p.LocalhostProfile = corev1.AppArmorProfileTypeLocalhost, &file
	}
	r := &report{}
	if r.appArmor(nil, p); len(r.Errors) > 0 {
		return nil
	}
	return p
}
