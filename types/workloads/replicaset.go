package workloads

import (
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	appsv1 "k8s.io/api/apps/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func defaultReplicaSet(rs *appsv1.ReplicaSet) { types.DefaultPodTemplate(&rs.Spec.Template) }

func prepareReplicaSet(rs *appsv1.ReplicaSet) { types.PreparePodTemplate(&rs.Spec.Template, nil) }

func prepareReplicaSetUpdate(rs, old *appsv1.ReplicaSet) {
	types.PreparePodTemplate(&rs.Spec.Template, &old.Spec.Template)
}

// replicaSetErrors is ValidateReplicaSet.
func replicaSetErrors(rs *appsv1.ReplicaSet) field.ErrorList {
	r := &report{}
	r.Metadata(&rs.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.replicaSetSpec(field.NewPath("spec"), &rs.Spec)
	return r.Errors
}

// replicaSetUpdateErrors is ValidateReplicaSetUpdate.
func replicaSetUpdateErrors(rs, old *appsv1.ReplicaSet) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&rs.ObjectMeta, &old.ObjectMeta)
	r.replicaSetSpec(field.NewPath("spec"), &rs.Spec)
	r.Immutable(field.NewPath("spec", "selector"), rs.Spec.Selector, old.Spec.Selector)
	return r.Errors
}

// replicaSetSpec is ValidateReplicaSetSpec, whose words about an empty selector are a deployment's.
func (r *report) replicaSetSpec(at *field.Path, spec *appsv1.ReplicaSetSpec) {
	r.Count(at.Child("replicas"), spec.Replicas)
	r.NonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.requiredSelector(at.Child("selector"), spec.Selector, "deployment")
	r.selectedTemplate(at, spec.Selector, &spec.Template)
}

// replicaSetStatusErrors is ValidateReplicaSetStatusUpdate.
func replicaSetStatusErrors(rs, old *appsv1.ReplicaSet) field.ErrorList {
	r, at, s := &report{}, field.NewPath("status"), &rs.Status
	labelled, ready, available := check.Count{Name: "fullyLabeledReplicas", N: int64(s.FullyLabeledReplicas)},
		check.Count{Name: "readyReplicas", N: int64(s.ReadyReplicas)}, check.Count{Name: "availableReplicas", N: int64(s.AvailableReplicas)}
	r.MetadataUpdate(&rs.ObjectMeta, &old.ObjectMeta)
	r.Counts(at, check.Count{Name: "replicas", N: int64(s.Replicas)}, labelled, ready, available, check.Count{Name: "observedGeneration", N: s.ObservedGeneration})
	r.Count(at.Child("terminatingReplicas"), s.TerminatingReplicas)
	r.NoMoreThan(at, int64(s.Replicas), check.MoreThanReplicas, labelled, ready, available)
	r.NoMoreThan(at, int64(s.ReadyReplicas), check.MoreThanReady, available)
	return r.Errors
}

func replicaSetWarnings(rs *appsv1.ReplicaSet) []string {
	return append(namedPods(rs.Name), types.PodTemplateWarnings(templatePath, &rs.Spec.Template)...)
}

func replicaSetUpdateWarnings(rs, old *appsv1.ReplicaSet) []string {
	if rs.Generation == old.Generation {
		return nil
	}
	return types.PodTemplateWarnings(templatePath, &rs.Spec.Template)
}
