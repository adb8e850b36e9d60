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
	containersColumn,
	imagesColumn,
	{Name: "Selector", Type: "string", Priority: wide, Description: corev1.ReplicationControllerSpec{}.SwaggerDoc()["selector"]},
}

func replicationControllerCells(obj store.Object) []any {
	rc := obj.(*corev1.ReplicationController)
	var names, images string
	if rc.Spec.Template != nil {
		names, images = templateCells(rc.Spec.Template.Spec.Containers)
	}
	return []any{
		rc.Name,
		int64(ptr.Deref(rc.Spec.Replicas, 0)),
		int64(rc.Status.Replicas),
		int64(rc.Status.ReadyReplicas),
		age(rc),
		names,
		images,
		labelsCell(rc.Spec.Selector),
	}
}

func labelsCell(set map[string]string) string { return orElse(labels.Set(set).String(), cellNone) }

// templateCells name the containers of a pod template, and what they run.
func templateCells(containers []corev1.Container) (names, images string) {
	var n, i []string
	for _, c := range containers {
		n, i = append(n, c.Name), append(i, c.Image)
	}
	return strings.Join(n, ","), strings.Join(i, ",")
}
