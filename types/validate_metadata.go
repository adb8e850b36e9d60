package types

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// standardFinalizers are the only finalizers without a domain, as IsStandardFinalizerName says.
var standardFinalizers = []string{string(corev1.FinalizerKubernetes), metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents}

// metadata checks an object's metadata on creation, as ValidateObjectMeta of the core group does. Labels and annotations are
// taken in the order of their keys.
func (r *report) metadata(meta *metav1.ObjectMeta, namespaced bool, name apivalidation.ValidateNameFunc) {
	at := field.NewPath("metadata")
	rest := *meta
	rest.Labels, rest.Annotations = nil, nil
	errors := apivalidation.ValidateObjectMeta(&rest, namespaced, name, at)
	// The server looks at labels and annotations before it comes to these.
	late := slices.IndexFunc(errors, func(e *field.Error) bool {
		return strings.HasPrefix(e.Field, "metadata.ownerReferences") || strings.HasPrefix(e.Field, "metadata.finalizers") ||
			strings.HasPrefix(e.Field, "metadata.managedFields")
	})
	if late < 0 {
		late = len(errors)
	}
	r.add(errors[:late]...)
	r.labels(at.Child("labels"), meta.Labels)
	r.annotations(at.Child("annotations"), meta.Annotations)
	r.add(errors[late:]...)
	r.finalizers(meta.Finalizers)
}

// metadataUpdate checks what of the metadata may change, as ValidateObjectMetaUpdate does.
func (r *report) metadataUpdate(meta, old *metav1.ObjectMeta) {
	r.add(apivalidation.ValidateObjectMetaUpdate(meta, old, field.NewPath("metadata"))...)
	r.finalizers(meta.Finalizers)
}

func (r *report) finalizers(names []string) {
	for i, name := range names {
		r.kubeFinalizer(field.NewPath("metadata", "finalizers").Index(i), name)
	}
}

// kubeFinalizer is validateKubeFinalizerName.
func (r *report) kubeFinalizer(at *field.Path, name string) {
	if !strings.Contains(name, "/") && !slices.Contains(standardFinalizers, name) {
		r.invalid(at, name, "name is neither a standard finalizer name nor is it fully qualified")
	}
}

func (r *report) labels(at *field.Path, labels map[string]string) {
	for _, key := range sortedKeys(labels) {
		r.add(metavalidation.ValidateLabels(map[string]string{key: labels[key]}, at)...)
	}
}

// annotations is ValidateAnnotations: keys count in lower case, and all together have a limit.
func (r *report) annotations(at *field.Path, annotations map[string]string) {
	for _, key := range sortedKeys(annotations) {
		r.messages(at, key, validation.IsQualifiedName(strings.ToLower(key)))
	}
	if apivalidation.ValidateAnnotationsSize(annotations) != nil {
		r.add(field.TooLong(at, "", apivalidation.TotalAnnotationSizeLimitB))
	}
}

// podAnnotations checks the annotations that mean something in pods, as ValidatePodSpecificAnnotations does.
func (r *report) podAnnotations(at *field.Path, annotations map[string]string, spec *corev1.PodSpec) {
	if mirror, ok := annotations[corev1.MirrorPodAnnotationKey]; ok && spec.NodeName == "" {
		r.invalid(at.Key(corev1.MirrorPodAnnotationKey), mirror, "must set spec.nodeName if mirror pod annotation is set")
	}
	if cost, ok := annotations[corev1.PodDeletionCost]; ok && !isDeletionCost(cost) {
		r.invalid(at.Key(corev1.PodDeletionCost), cost, "must be a 32bit integer")
	}
	if profile, ok := annotations[corev1.SeccompPodAnnotationKey]; ok {
		r.seccompName(at.Child(corev1.SeccompPodAnnotationKey), profile)
	}
	for _, key := range sortedKeys(annotations) {
		if strings.HasPrefix(key, corev1.SeccompContainerAnnotationKeyPrefix) {
			r.seccompName(at.Child(key), annotations[key])
		}
	}
	for _, key := range sortedKeys(annotations) {
		if name, ok := strings.CutPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix); ok {
			r.appArmorAnnotation(at.Key(key), name, annotations[key], spec)
		}
	}
}

// isDeletionCost is GetDeletionCostFromPodAnnotations: a 32-bit integer without plus sign or leading zeros.
func isDeletionCost(text string) bool {
	n, err := strconv.ParseInt(text, 10, 32)
	return err == nil && (strconv.FormatInt(n, 10) == text)
}

func (r *report) seccompName(at *field.Path, profile string) {
	switch {
	case profile == corev1.SeccompProfileRuntimeDefault, profile == corev1.DeprecatedSeccompProfileDockerDefault,
		profile == corev1.SeccompProfileNameUnconfined:
	case strings.HasPrefix(profile, corev1.SeccompLocalhostProfileNamePrefix):
		r.descendingPath(at, strings.TrimPrefix(profile, corev1.SeccompLocalhostProfileNamePrefix))
	default:
		r.invalid(at, profile, "must be a valid seccomp profile")
	}
}

func (r *report) appArmorAnnotation(at *field.Path, container, profile string, spec *corev1.PodSpec) {
	found := false
	eachContainer(spec, nil, func(c *corev1.Container, _ *field.Path) { found = found || c.Name == container })
	if !found {
		r.invalid(at, container, "container not found")
	}
	if profile != "" && profile != corev1.DeprecatedAppArmorBetaProfileRuntimeDefault && profile != corev1.DeprecatedAppArmorBetaProfileNameUnconfined &&
		!strings.HasPrefix(profile, corev1.DeprecatedAppArmorBetaProfileNamePrefix) {
		r.invalid(at, profile, `invalid AppArmor profile name: "`+profile+`"`)
	}
}

// eachContainer calls f on every container of a pod with its path, in the order of VisitContainersWithPath.
func eachContainer(spec *corev1.PodSpec, at *field.Path, f func(*corev1.Container, *field.Path)) {
	for i := range spec.InitContainers {
		f(&spec.InitContainers[i], at.Child("initContainers").Index(i))
	}
	for i := range spec.Containers {
		f(&spec.Containers[i], at.Child("containers").Index(i))
	}
	for i := range spec.EphemeralContainers {
		f((*corev1.Container)(&spec.EphemeralContainers[i].EphemeralContainerCommon), at.Child("ephemeralContainers").Index(i))
	}
}
