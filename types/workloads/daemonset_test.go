package workloads_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/podwright/podwright/types"
)

func TestDaemonSetErrors(t *testing.T) {
	refuses[appsv1.DaemonSet](t, []made{
		{"a daemon set", selected, nil},
		{"it goes down or up", selected + "  updateStrategy: {rollingUpdate: {maxSurge: 1}}", []string{
			"spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"}},
		{"but not neither", selected + "  updateStrategy: {rollingUpdate: {maxUnavailable: 0}}", []string{
			"spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"}},
	})
	refusesChange[appsv1.DaemonSet](t, []changed{
		{"the selector stays", selected, "matchLabels: {app: a}", "matchExpressions: [{key: app, operator: Exists}]", []string{
			`spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable`}},
	})
}

// TestTemplateGeneration: the server counts the templates, in an annotation.
func TestTemplateGeneration(t *testing.T) {
	const count = appsv1.DeprecatedTemplateGeneration
	old := decoded[appsv1.DaemonSet](t, selected)
	old.Annotations[count] = "4"
	for _, tt := range []struct {
		rule   string
		change func(*appsv1.DaemonSet)
		want   string
	}{
		{"nothing", func(*appsv1.DaemonSet) {}, "4"},
		{"the count itself", func(ds *appsv1.DaemonSet) { ds.Annotations[count] = "8" }, "4"},
		{"the count taken away", func(ds *appsv1.DaemonSet) { ds.Annotations = nil }, "4"},
		{"the template", func(ds *appsv1.DaemonSet) { ds.Spec.Template.Spec.Containers[0].Image = "d" }, "5"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			ds := old.DeepCopy()
			tt.change(ds)
			types.PrepareUpdate(ds, old)
			equal(t, tt.want, ds.Annotations[count])
		})
	}
	created := decoded[appsv1.DaemonSet](t, "metadata: {annotations: {deprecated.daemonset.template.generation: '-3'}}")
	types.Prepare(created)
	equal(t, "1", created.Annotations[count])
}
