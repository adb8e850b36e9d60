package crd

import (
	"context"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apimachinery/pkg/api/operation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/cel/common"
)

// Errors are what is wrong with a new object, in the order of customResourceStrategy's Validate.
func (v *Version) Errors(obj store.Object) field.ErrorList {
	return v.check(obj, nil, field.ErrorList{})
}

// UpdateErrors are what is wrong with an update. What was wrong before and is unchanged is left alone, as CRDValidationRatcheting has it.
func (v *Version) UpdateErrors(obj, old store.Object) field.ErrorList {
	return v.check(obj, old, field.ErrorList{})
}

func (v *Version) check(obj, old store.Object, errs field.ErrorList) field.ErrorList {
	correlated := v.correlate(obj, old)
	errs = append(errs, v.metaErrors(obj, old)...)
	if v.whole != nil {
		errs = append(errs, schemaErrors(nil, v.whole, content(obj), correlated)...)
	}
	errs = append(errs, v.scaleErrors(obj, true)...)
	errs = append(errs, embeddedErrors(nil, content(obj), v.structural)...)
	errs = append(errs, v.listErrors(obj, old)...)
	return append(errs, v.ruleErrors(obj, old, correlated, errs)...)
}

// StatusErrors are what is wrong with an update of the status, of which only the status is looked at.
func (v *Version) StatusErrors(obj, old store.Object) field.ErrorList {
	correlated := v.correlate(obj, old)
	errs := v.metaErrors(obj, old)
	if status, ok := content(obj)["status"]; ok && v.status != nil {
		errs = append(errs, schemaErrors(field.NewPath("status"), v.status, status, correlated.Key("status"))...)
	}
	errs = append(errs, v.scaleErrors(obj, false)...)
	errs = append(errs, v.listErrors(obj, old)...)
	return append(errs, v.ruleErrors(obj, old, correlated, errs)...)
}

// correlate walks an object beside its old state; nil for a new one.
func (v *Version) correlate(obj, old store.Object) *common.CorrelatedObject {
	if old == nil || v.structural == nil {
		return nil
	}
	return common.NewCorrelatedObject(content(obj), content(old), &model.Structural{Structural: v.structural})
}

func (v *Version) metaErrors(obj, old store.Object) field.ErrorList {
	path := field.NewPath("metadata")
	meta, err := objectMeta(obj)
	if err != nil {
		return field.ErrorList{field.Invalid(path, content(obj)["metadata"], err.Error())}
	}
	if old == nil {
		namespaced := v.kind.Namespaced()
		return apivalidation.ValidateObjectMetaDeclaratively(context.Background(), operation.Create, meta, nil, namespaced, apivalidation.NameIsDNSSubdomain, path, true)
	}
	was, err := objectMeta(old)
	if err != nil {
		return field.ErrorList{field.Invalid(path, content(old)["metadata"], err.Error())}
	}
	return apivalidation.ValidateObjectMetaDeclaratively(context.Background(), operation.Update, meta, was, v.kind.Namespaced(), nil, path, true)
}

func objectMeta(obj store.Object) (*metav1.ObjectMeta, error) {
	meta, _, err := metadataOf(content(obj), nil)
	if meta == nil {
		meta = &metav1.ObjectMeta{}
	}
	return meta, err
}

// listErrors hold lists that are sets or maps to it. A list that was wrong before may stay so.
func (v *Version) listErrors(obj, old store.Object) field.ErrorList {
	if old != nil && len(listtype.ValidateListSetsAndMaps(nil, v.structural, content(old))) > 0 {
		return nil
	}
	return sortedErrors(listtype.ValidateListSetsAndMaps(nil, v.structural, content(obj)))
}

// textBlocked says that computed rules were left out, since they may rely on what is wrong.
const textBlocked = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"

func (v *Version) ruleErrors(obj, old store.Object, correlated *common.CorrelatedObject, errs field.ErrorList) field.ErrorList {
	if v.rules == nil {
		return nil
	}
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return field.ErrorList{field.Invalid(nil, nil, textBlocked)}
		}
	}
	var was any
	if old != nil {
		was = content(old)
	}
	return v.rules.errors(content(obj), was, correlated)
}
