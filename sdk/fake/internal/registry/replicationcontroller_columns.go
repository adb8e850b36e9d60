package registry

import (
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/utils/ptr"
)

var replicationControllerColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Desired", Type: "integer", Description: corev1.ReplicationControllerSpec{}.SwaggerDoc()["replicas"]},
	{Name: "Current", Type: "integer", Description: corev1.ReplicationControllerStatus{}.SwaggerDoc()["replicas"]},
	{Name: "Ready", Type: "integer", Description: corev1.ReplicationControllerStatus{}.SwaggerDoc()["readyReplicas"]},
	ageColumn,
	{Name: "Containers", Type: "string", Priority: wide, Description: "The template's containers by name."},
	{Name: "Images", Type: "string", Priority: wide, Description: "What the template's containers run."},
	{Name: "Selector", Type: "string", Priority: wide, Description: corev1.ReplicationControllerSpec{}.SwaggerDoc()["selector"]},
}

func replicationControllerCells(obj store.Object) []any {
	rc := obj.(*corev1.ReplicationController)
	var names, images []string
	if rc.Spec.Template != nil {
		for _, c := range rc.Spec.Template.Spec.Containers {
			names, images = append(names, c.Name), append(images, c.Image)
		}
	}
	return []any{
		rc.Name,
		int64(ptr.Deref(rc.Spec.Replicas, 0)),
		int64(rc.Status.Replicas),
		int64(rc.Status.ReadyReplicas),
		age(rc),
		strings.Join(names, ","),
		strings.Join(images, ","),
		labelsCell(rc.Spec.Selector),
	}
}

func labelsCell(set map[string]string) string { return orElse(labels.Set(set).String(), cellNone) }
