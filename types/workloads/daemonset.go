package workloads

import (
	"strconv"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// defaultDaemonSet is SetDefaults_DaemonSet, and the count of its templates, which apps/v1 keeps in an annotation: the conversion from
// the internal version writes it, Convert_apps_DaemonSet_To_v1_DaemonSet.
func defaultDaemonSet(ds *appsv1.DaemonSet) {
	if s := &ds.Spec.UpdateStrategy; s.Type == appsv1.RollingUpdateDaemonSetStrategyType {
		orPointer(&s.RollingUpdate, appsv1.RollingUpdateDaemonSet{})
		orPointer(&s.RollingUpdate.MaxUnavailable, intstr.FromInt32(1))
		orPointer(&s.RollingUpdate.MaxSurge, intstr.FromInt32(0))
	}
	if ds.Annotations[appsv1.DeprecatedTemplateGeneration] == "" {
		setTemplateGeneration(ds, 1)
	}
	types.DefaultPodTemplate(&ds.Spec.Template)
}

// templateGeneration is the count; what is no number counts as none.
func templateGeneration(ds *appsv1.DaemonSet) int64 {
	n, _ := strconv.ParseInt(ds.Annotations[appsv1.DeprecatedTemplateGeneration], 10, 64)
	return n
}

func setTemplateGeneration(ds *appsv1.DaemonSet, n int64) {
	if ds.Annotations == nil {
		ds.Annotations = map[string]string{}
	}
	ds.Annotations[appsv1.DeprecatedTemplateGeneration] = strconv.FormatInt(n, 10)
}

func prepareDaemonSet(ds *appsv1.DaemonSet) {
	setTemplateGeneration(ds, max(1, templateGeneration(ds)))
	types.PreparePodTemplate(&ds.Spec.Template, nil)
}

// prepareDaemonSetUpdate counts the templates itself: clients cannot, and a changed template is one more.
func prepareDaemonSetUpdate(ds, old *appsv1.DaemonSet) {
	types.PreparePodTemplate(&ds.Spec.Template, &old.Spec.Template)
	n := templateGeneration(old)
	if !equality.Semantic.DeepEqual(ds.Spec.Template, old.Spec.Template) {
		n++
	}
	setTemplateGeneration(ds, n)
}

// daemonSetErrors is ValidateDaemonSet.
func daemonSetErrors(ds *appsv1.DaemonSet) field.ErrorList {
	r := &report{}
	r.Metadata(&ds.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.daemonSetSpec(ds, nil)
	return r.Errors
}

// daemonSetUpdateErrors is ValidateDaemonSetUpdate, without the count of templates, which is not the client's to keep.
func daemonSetUpdateErrors(ds, old *appsv1.DaemonSet) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&ds.ObjectMeta, &old.ObjectMeta)
	r.Immutable(field.NewPath("spec", "selector"), ds.Spec.Selector, old.Spec.Selector)
	r.daemonSetSpec(ds, old.Spec.Selector)
	return r.Errors
}

// daemonSetSpec is ValidateDaemonSetSpec. A selector with values that no label can have may stay as it was.
func (r *report) daemonSetSpec(ds *appsv1.DaemonSet, was *metav1.LabelSelector) {
	at, spec := field.NewPath("spec"), &ds.Spec
	r.LabelSelectorUpdate(at.Child("selector"), spec.Selector, was)
	template := at.Child("template")
	if selector, err := metav1.LabelSelectorAsSelector(spec.Selector); err == nil {
		r.selects(template, selector, &spec.Template)
	}
	r.selectsSome(at.Child("selector"), spec.Selector, "daemonset")
	r.Add(types.PodTemplateErrors(template, &spec.Template)...)
	r.runsForever(template.Child("spec"), &spec.Template.Spec, "DaemonSet")
	r.NonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.NonNegative(at.Child("templateGeneration"), templateGeneration(ds))
	r.daemonSetStrategy(at.Child("updateStrategy"), &spec.UpdateStrategy)
	r.Count(at.Child("revisionHistoryLimit"), spec.RevisionHistoryLimit)
}

// daemonSetStrategy is ValidateDaemonSetUpdateStrategy: pods of a node go first, or their successors come first.
func (r *report) daemonSetStrategy(at *field.Path, s *appsv1.DaemonSetUpdateStrategy) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == appsv1.OnDeleteDaemonSetStrategyType:
	case s.Type != appsv1.RollingUpdateDaemonSetStrategyType:
		r.Add(field.NotSupported(at, check.Internal{V: s}, []appsv1.DaemonSetUpdateStrategyType{appsv1.RollingUpdateDaemonSetStrategyType, appsv1.OnDeleteDaemonSetStrategyType}))
	case s.RollingUpdate == nil:
		r.Required(rolling, "")
	default:
		down, more := deref(s.RollingUpdate.MaxUnavailable), deref(s.RollingUpdate.MaxSurge)
		r.intOrPercent(rolling.Child("maxUnavailable"), down)
		r.intOrPercent(rolling.Child("maxSurge"), more)
		r.atMostAll(rolling.Child("maxUnavailable"), down)
		r.atMostAll(rolling.Child("maxSurge"), more)
		switch {
		case amountOf(down) != 0 && amountOf(more) != 0:
			r.Invalid(rolling.Child("maxSurge"), more, "may not be set when maxUnavailable is non-zero")
		case amountOf(down) == 0 && amountOf(more) == 0:
			r.Required(rolling.Child("maxUnavailable"), "cannot be 0 when maxSurge is 0")
		}
	}
}

// daemonSetStatusErrors is ValidateDaemonSetStatusUpdate.
func daemonSetStatusErrors(ds, old *appsv1.DaemonSet) field.ErrorList {
	r, at, s := &report{}, field.NewPath("status"), &ds.Status
	r.MetadataUpdate(&ds.ObjectMeta, &old.ObjectMeta)
	r.Counts(at,
		check.Count{Name: "currentNumberScheduled", N: int64(s.CurrentNumberScheduled)},
		check.Count{Name: "numberMisscheduled", N: int64(s.NumberMisscheduled)},
		check.Count{Name: "desiredNumberScheduled", N: int64(s.DesiredNumberScheduled)},
		check.Count{Name: "numberReady", N: int64(s.NumberReady)},
		check.Count{Name: "observedGeneration", N: s.ObservedGeneration},
		check.Count{Name: "updatedNumberScheduled", N: int64(s.UpdatedNumberScheduled)},
		check.Count{Name: "numberAvailable", N: int64(s.NumberAvailable)},
		check.Count{Name: "numberUnavailable", N: int64(s.NumberUnavailable)},
	)
	r.Count(at.Child("collisionCount"), s.CollisionCount)
	r.NotDecremented(at.Child("collisionCount"), s.CollisionCount, old.Status.CollisionCount)
	return r.Errors
}

func daemonSetWarnings(ds *appsv1.DaemonSet) []string {
	return types.PodTemplateWarnings(templatePath, &ds.Spec.Template)
}

// daemonSetUpdateWarnings looks at a template that is a new one.
func daemonSetUpdateWarnings(ds, old *appsv1.DaemonSet) []string {
	if templateGeneration(ds) == templateGeneration(old) {
		return nil
	}
	return types.PodTemplateWarnings(templatePath, &ds.Spec.Template)
}
