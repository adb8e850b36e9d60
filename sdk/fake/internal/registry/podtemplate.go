package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// PodTemplates hold what a pod may be made of; nothing makes it.
var PodTemplates = &Resource{
	Version: "v1", Kind: "PodTemplate", Name: "podtemplates", Singular: "podtemplate", Namespaced: true,
	New:           func() store.Object { return &corev1.PodTemplate{} },
	NewList:       func() runtime.Object { return &corev1.PodTemplateList{} },
	Spec:          func(obj store.Object) any { return &obj.(*corev1.PodTemplate).Template },
	ReturnDeleted: true,
	Columns:       podTemplateColumns,
	Cells:         podTemplateCells,
}
