package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var podTemplateColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Containers", Type: "string", Description: "The template's containers by name."},
	{Name: "Images", Type: "string", Description: "What the template's containers run."},
	{Name: "Pod Labels", Type: "string", Description: "What pods made of the template are labelled with."},
}

func podTemplateCells(obj store.Object) []any {
	t := obj.(*corev1.PodTemplate)
	names, images := templateCells(t.Template.Spec.Containers)
	return []any{t.Name, names, images, labelsCell(t.Template.Labels)}
}
