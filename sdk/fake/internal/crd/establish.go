package crd

import (
	"fmt"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
)

func isTrue(d *apiextensionsv1.CustomResourceDefinition, condition apiextensionsv1.CustomResourceDefinitionConditionType) bool {
	return apihelpers.IsCRDConditionTrue(d, condition)
}

// Establish accepts the names that a definition asks for, unless another one has them, and has it served, as the controllers of naming and
// establishing do with it a moment after it was written. others are the definitions that are there; now is when it happens.
func Establish(d *apiextensionsv1.CustomResourceDefinition, others []*apiextensionsv1.CustomResourceDefinition, now metav1.Time) {
	if equality.Semantic.DeepEqual(d.Spec.Names, d.Status.AcceptedNames) && isTrue(d, apiextensionsv1.Established) {
		return
	}
	accepted := acceptNames(d, taken(d, others))
	established := apihelpers.FindCRDCondition(d, apiextensionsv1.Established)
	setCondition(d, accepted, now)
	switch {
	case established != nil && established.Status == apiextensionsv1.ConditionTrue:
	case accepted.Status == apiextensionsv1.ConditionTrue:
		setCondition(d, condition(apiextensionsv1.Established, true, "InitialNamesAccepted", "the initial names have been accepted"), now)
	default:
		setCondition(d, condition(apiextensionsv1.Established, false, "NotAccepted", "not all names are accepted"), now)
	}
}

// Terminate marks a definition that is being deleted: its objects go first.
func Terminate(d *apiextensionsv1.CustomResourceDefinition, now metav1.Time) {
	if !apihelpers.CRDHasFinalizer(d, apiextensionsv1.CustomResourceCleanupFinalizer) {
		d.Finalizers = append(d.Finalizers, apiextensionsv1.CustomResourceCleanupFinalizer)
	}
	setCondition(d, condition(apiextensionsv1.Terminating, true, "InstanceDeletionPending",
		"CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"), now)
}

func condition(kind apiextensionsv1.CustomResourceDefinitionConditionType, yes bool, reason, message string) apiextensionsv1.CustomResourceDefinitionCondition {
	status := apiextensionsv1.ConditionFalse
	if yes {
		status = apiextensionsv1.ConditionTrue
	}
	return apiextensionsv1.CustomResourceDefinitionCondition{Type: kind, Status: status, Reason: reason, Message: message}
}

// setCondition sets a condition, whose time moves when its status does.
func setCondition(d *apiextensionsv1.CustomResourceDefinition, c apiextensionsv1.CustomResourceDefinitionCondition, now metav1.Time) {
	c.LastTransitionTime = now
	if was := apihelpers.FindCRDCondition(d, c.Type); was != nil && was.Status == c.Status {
		c.LastTransitionTime = was.LastTransitionTime
	}
	apihelpers.SetCRDCondition(d, c)
}

// names are those of resources and of kinds that a group has given away.
type names struct{ resources, kinds map[string]bool }

func taken(d *apiextensionsv1.CustomResourceDefinition, others []*apiextensionsv1.CustomResourceDefinition) names {
	n := names{map[string]bool{}, map[string]bool{}}
	for _, o := range others {
		if o.Spec.Group != d.Spec.Group || o.Name == d.Name {
			continue
		}
		a := o.Status.AcceptedNames
		for _, name := range append([]string{a.Plural, a.Singular}, a.ShortNames...) {
			n.resources[name] = true
		}
		n.kinds[a.Kind], n.kinds[a.ListKind] = true, true
	}
	return n
}

// acceptNames takes each name that is free, and says which are not, as calculateNamesAndConditions does: of several the last is told.
func acceptNames(d *apiextensionsv1.CustomResourceDefinition, n names) apiextensionsv1.CustomResourceDefinitionCondition {
	asked, accepted := d.Spec.Names, &d.Status.AcceptedNames
	outcome := condition(apiextensionsv1.NamesAccepted, true, "NoConflicts", "no conflicts found")
	accept := func(asked string, accepted *string, taken map[string]bool, reason string) {
		if asked != *accepted && taken[asked] {
			outcome = condition(apiextensionsv1.NamesAccepted, false, reason, inUse(asked).Error())
			return
		}
		*accepted = asked
	}
	accept(asked.Plural, &accepted.Plural, n.resources, "PluralConflict")
	accept(asked.Singular, &accepted.Singular, n.resources, "SingularConflict")
	if err := shortNamesInUse(asked.ShortNames, accepted.ShortNames, n.resources); err != nil {
		outcome = condition(apiextensionsv1.NamesAccepted, false, "ShortNamesConflict", err.Error())
	} else {
		accepted.ShortNames = asked.ShortNames
	}
	accept(asked.Kind, &accepted.Kind, n.kinds, "KindConflict")
	accept(asked.ListKind, &accepted.ListKind, n.kinds, "ListKindConflict")
	accepted.Categories = asked.Categories
	return outcome
}

func shortNamesInUse(asked, accepted []string, taken map[string]bool) error {
	var errs []error
	for _, name := range asked {
		if !slices.Contains(accepted, name) && taken[name] {
			errs = append(errs, inUse(name))
		}
	}
	return utilerrors.NewAggregate(errs)
}

func inUse(name string) error { return fmt.Errorf("%q is already in use", name) }

// IsEstablished says whether the kind of a definition is served.
func IsEstablished(d *apiextensionsv1.CustomResourceDefinition) bool {
	return isTrue(d, apiextensionsv1.Established)
}

// Store notes in the status of a definition in which version objects are stored from now on; those of before stay noted.
func Store(d *apiextensionsv1.CustomResourceDefinition) {
	for _, v := range d.Spec.Versions {
		if v.Storage && !slices.Contains(d.Status.StoredVersions, v.Name) {
			d.Status.StoredVersions = append(d.Status.StoredVersions, v.Name)
		}
	}
}

// IsTerminating says whether a definition is being deleted, so that its kind takes no new objects.
func IsTerminating(d *apiextensionsv1.CustomResourceDefinition) bool {
	return isTrue(d, apiextensionsv1.Terminating)
}

// Cleaning notes that the objects of a definition's kind are being deleted, but not all are gone.
func Cleaning(d *apiextensionsv1.CustomResourceDefinition, now metav1.Time) {
	setCondition(d, condition(apiextensionsv1.Terminating, true, "InstanceDeletionInProgress", "CustomResource deletion is in progress"), now)
}
