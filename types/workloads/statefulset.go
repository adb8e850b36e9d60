package workloads

import (
	"slices"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// defaultStatefulSet is SetDefaults_StatefulSet. Who names the strategy, but not how it rolls, leaves that open. Its claims say what
// they are, as Convert_apps_StatefulSetSpec_To_v1_StatefulSetSpec has them.
func defaultStatefulSet(s *appsv1.StatefulSet) {
	strategy := &s.Spec.UpdateStrategy
	if strategy.Type == "" {
		strategy.Type = appsv1.RollingUpdateStatefulSetStrategyType
		orPointer(&strategy.RollingUpdate, appsv1.RollingUpdateStatefulSetStrategy{})
	}
	if strategy.Type == appsv1.RollingUpdateStatefulSetStrategyType && strategy.RollingUpdate != nil {
		orPointer(&strategy.RollingUpdate.Partition, 0)
		orPointer(&strategy.RollingUpdate.MaxUnavailable, intstr.FromInt32(1))
	}
	for i := range s.Spec.VolumeClaimTemplates {
		claim := &s.Spec.VolumeClaimTemplates[i]
		claim.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim"))
		types.DefaultClaim(claim)
	}
	types.DefaultPodTemplate(&s.Spec.Template)
}

func prepareStatefulSet(s *appsv1.StatefulSet) { types.PreparePodTemplate(&s.Spec.Template, nil) }

func prepareStatefulSetUpdate(s, old *appsv1.StatefulSet) {
	types.PreparePodTemplate(&s.Spec.Template, &old.Spec.Template)
}

// statefulSetErrors is ValidateStatefulSet.
func statefulSetErrors(s *appsv1.StatefulSet) field.ErrorList {
	r := &report{}
	r.Metadata(&s.ObjectMeta, true, apivalidation.NameIsDNSLabel)
	r.statefulSetSpec(&s.Spec, statefulSetOptions{service: true, claims: true, template: true})
	return r.Errors
}

// statefulSetUpdateErrors is ValidateStatefulSetUpdate: most of a stateful set never changes.
func statefulSetUpdateErrors(s, old *appsv1.StatefulSet) field.ErrorList {
	options := statefulSetOptions{template: true, recreate: old.Spec.UpdateStrategy.Type == recreate}
	was := &report{}
	was.statefulSetSpec(&old.Spec, options)
	options.template = len(was.Errors) == 0 // what an older server let in may stay
	r, at := &report{}, field.NewPath("spec")
	r.MetadataUpdate(&s.ObjectMeta, &old.ObjectMeta)
	r.statefulSetSpec(&s.Spec, options)
	r.Immutable(at.Child("selector"), s.Spec.Selector, old.Spec.Selector)
	r.Immutable(at.Child("volumeClaimTemplates"), untyped(s.Spec.VolumeClaimTemplates), untyped(old.Spec.VolumeClaimTemplates))
	r.Immutable(at.Child("serviceName"), s.Spec.ServiceName, old.Spec.ServiceName)
	r.Immutable(at.Child("podManagementPolicy"), s.Spec.PodManagementPolicy, old.Spec.PodManagementPolicy)
	return r.Errors
}

// untyped are claims as the server's internal version has them, which do not say what they are.
func untyped(claims []corev1.PersistentVolumeClaim) []corev1.PersistentVolumeClaim {
	claims = slices.Clone(claims)
	for i := range claims {
		claims[i].TypeMeta = metav1.TypeMeta{}
	}
	return claims
}

// recreate is the strategy of the gate StatefulSetRecreateStrategy, which is off.
const recreate = appsv1.RecreateStatefulSetStrategyType

// statefulSetOptions are the parts that are looked at, and whether the strategy may be to recreate.
type statefulSetOptions struct{ service, claims, template, recreate bool }

// statefulSetSpec is ValidateStatefulSetSpec.
func (r *report) statefulSetSpec(spec *appsv1.StatefulSetSpec, options statefulSetOptions) {
	at := field.NewPath("spec")
	switch policy := at.Child("podManagementPolicy"); spec.PodManagementPolicy {
	case "":
		r.Required(policy, "")
	case appsv1.OrderedReadyPodManagement, appsv1.ParallelPodManagement:
	default:
		r.Invalid(policy, spec.PodManagementPolicy, "must be 'OrderedReady' or 'Parallel'")
	}
	r.statefulSetStrategy(at.Child("updateStrategy"), &spec.UpdateStrategy, options.recreate)
	if p := spec.PersistentVolumeClaimRetentionPolicy; p != nil {
		r.retention(at.Child("persistentVolumeClaimRetentionPolicy", "whenDeleted"), p.WhenDeleted)
		r.retention(at.Child("persistentVolumeClaimRetentionPolicy", "whenScaled"), p.WhenScaled)
	}
	for i := range spec.VolumeClaimTemplates {
		if options.claims {
			r.Add(types.ClaimErrors(at.Child("volumeClaimTemplates").Index(i).Child("spec"), &spec.VolumeClaimTemplates[i].Spec)...)
		}
	}
	r.Count(at.Child("replicas"), spec.Replicas)
	r.NonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	if spec.Ordinals != nil {
		r.NonNegative(at.Child("ordinals.start"), int64(spec.Ordinals.Start))
	}
	if options.service && spec.ServiceName != "" {
		r.Messages(at.Child("serviceName"), spec.ServiceName, validation.IsDNS1123Label(spec.ServiceName))
	}
	r.requiredSelector(at.Child("selector"), spec.Selector, "statefulset")
	r.statefulSetTemplate(at, spec, options.template)
	r.runsForever(at.Child("template", "spec"), &spec.Template.Spec, "StatefulSet")
}

func (r *report) retention(at *field.Path, policy appsv1.PersistentVolumeClaimRetentionPolicyType) {
	check.OneOf(&r.Report, at, policy, appsv1.RetainPersistentVolumeClaimRetentionPolicyType, appsv1.DeletePersistentVolumeClaimRetentionPolicyType)
}

// statefulSetTemplate is ValidatePodTemplateSpecForStatefulSet, which looks at labels and annotations even if it leaves out the rest.
func (r *report) statefulSetTemplate(at *field.Path, spec *appsv1.StatefulSetSpec, whole bool) {
	selector, err := metav1.LabelSelectorAsSelector(spec.Selector)
	if err != nil {
		r.Invalid(at.Child("selector"), spec.Selector, "")
		return
	}
	at = at.Child("template")
	if !selector.Empty() {
		r.selects(at, selector, &spec.Template)
	}
	if whole {
		r.Add(types.PodTemplateErrors(at, withClaims(spec))...)
		return
	}
	r.Labels(at.Child("labels"), spec.Template.Labels)
	r.Annotations(at.Child("annotations"), spec.Template.Annotations)
}

// withClaims is the template as the controller will use it: with a volume for each claim, and a host name and subdomain that are
// the controller's.
func withClaims(spec *appsv1.StatefulSetSpec) *corev1.PodTemplateSpec {
	t := spec.Template.DeepCopy()
	t.Spec.Hostname, t.Spec.Subdomain = "", ""
	var volumes []corev1.Volume
	claimed := map[string]bool{}
	for _, c := range spec.VolumeClaimTemplates {
		if !claimed[c.Name] {
			volumes = append(volumes, corev1.Volume{Name: c.Name, VolumeSource: corev1.VolumeSource{
				PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: c.Name},
			}})
		}
		claimed[c.Name] = true
	}
	for _, v := range t.Spec.Volumes {
		if !claimed[v.Name] {
			volumes = append(volumes, v)
		}
	}
	t.Spec.Volumes = volumes
	return t
}

// statefulSetStrategy finds what is wrong with how pods are replaced; one that recreates may stay, but not come.
func (r *report) statefulSetStrategy(at *field.Path, s *appsv1.StatefulSetUpdateStrategy, mayRecreate bool) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == "":
		r.Required(at, "")
	case s.Type == appsv1.OnDeleteStatefulSetStrategyType || s.Type == recreate && mayRecreate:
		if s.RollingUpdate != nil {
			r.Invalid(rolling, check.Internal{V: s.RollingUpdate}, "only allowed for updateStrategy 'RollingUpdate'")
		}
	case s.Type != appsv1.RollingUpdateStatefulSetStrategyType && mayRecreate:
		r.Invalid(at, check.Internal{V: s}, "must be 'RollingUpdate', 'OnDelete', or 'Recreate'")
	case s.Type != appsv1.RollingUpdateStatefulSetStrategyType:
		r.Invalid(at, check.Internal{V: s}, "must be 'RollingUpdate' or 'OnDelete'")
	case s.RollingUpdate != nil:
		r.Count(rolling.Child("partition"), s.RollingUpdate.Partition)
		if down := s.RollingUpdate.MaxUnavailable; down != nil {
			r.intOrPercent(rolling.Child("maxUnavailable"), *down)
			if amountOf(*down) == 0 {
				r.Invalid(rolling.Child("maxUnavailable"), *down, "cannot be 0")
			}
			r.atMostAll(rolling.Child("maxUnavailable"), *down)
		}
	}
}

// statefulSetStatusErrors is ValidateStatefulSetStatusUpdate.
func statefulSetStatusErrors(set, old *appsv1.StatefulSet) field.ErrorList {
	r, at, s := &report{}, field.NewPath("status"), &set.Status
	ready, current := check.Count{Name: "readyReplicas", N: int64(s.ReadyReplicas)}, check.Count{Name: "currentReplicas", N: int64(s.CurrentReplicas)}
	updated, available := check.Count{Name: "updatedReplicas", N: int64(s.UpdatedReplicas)}, check.Count{Name: "availableReplicas", N: int64(s.AvailableReplicas)}
	r.Counts(at, check.Count{Name: "replicas", N: int64(s.Replicas)}, ready, current, updated, available, check.Count{Name: "observedGeneration", N: s.ObservedGeneration})
	r.Count(at.Child("collisionCount"), s.CollisionCount)
	r.NoMoreThan(at, int64(s.Replicas), check.MoreThanReplicas, ready, current, updated, available)
	r.NoMoreThan(at, int64(s.ReadyReplicas), "cannot be greater than status.readyReplicas", available)
	r.MetadataUpdate(&set.ObjectMeta, &old.ObjectMeta)
	r.NotDecremented(at.Child("collisionCount"), s.CollisionCount, old.Status.CollisionCount)
	return r.Errors
}

func statefulSetWarnings(s *appsv1.StatefulSet) []string {
	return append(types.PodTemplateWarnings(templatePath, &s.Spec.Template), claimWarnings(s, "")...)
}

// statefulSetUpdateWarnings looks at a template that may be new, and at the rest in any case; the paths of claims have a part more.
func statefulSetUpdateWarnings(s, old *appsv1.StatefulSet) (texts []string) {
	if s.Generation != old.Generation {
		texts = types.PodTemplateWarnings(templatePath, &s.Spec.Template)
	}
	return append(texts, claimWarnings(s, "Spec")...)
}

func claimWarnings(s *appsv1.StatefulSet, below string) (texts []string) {
	for i := range s.Spec.VolumeClaimTemplates {
		at := field.NewPath("spec", "volumeClaimTemplates").Index(i)
		if below != "" {
			at = at.Child(below)
		}
		texts = append(texts, types.ClaimWarnings(at, &s.Spec.VolumeClaimTemplates[i].Spec)...)
	}
	if n := s.Spec.RevisionHistoryLimit; n != nil && *n < 0 {
		texts = append(texts, "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended")
	}
	return texts
}
