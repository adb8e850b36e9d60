package sdktest

import (
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/podwright/podwright/sdk"
)

var changeRules = []rule{
	{"patches of three sorts", "a merge patch has null take away, a strategic one merges by keys, operations are all done or none", patchesOfThreeSorts},
	{"a readiness gate opens", "a pod with a readiness gate is ready when its condition is, which a patch of the status sets", gateOpens},
	{"apply owns", "what is applied is there, what is not applied any more goes, and what others set is a Conflict until it is forced", applyOwns},
	{"scale", "Scale sets the number of replicas, and Ready holds when there are so many and no more", scale},
}

func patchesOfThreeSorts(t *trial) {
	obj := t.configMap("a")
	t.ok(t.Create(t.ctx, obj))
	t.ok(t.Patch(t.ctx, obj, sdk.MergePatch(map[string]any{"data": map[string]any{"a": nil, "b": "2"}})))
	t.equal("after a merge patch", map[string]string{"b": "2"}, obj.Data)

	t.ok(t.Patch(t.ctx, obj, sdk.JSONPatch(`[{"op":"test","path":"/data/b","value":"2"},{"op":"add","path":"/data/c","value":"3"}]`)))
	t.equal("after operations", map[string]string{"b": "2", "c": "3"}, obj.Data)
	t.is("Invalid", apierrors.IsInvalid, t.Patch(t.ctx, obj, sdk.JSONPatch(`[{"op":"remove","path":"/data/c"},{"op":"test","path":"/data/b","value":"0"}]`)))
	var read corev1.ConfigMap
	t.ok(t.Get(t.ctx, obj.Name, &read))
	t.equal("after operations of which one failed", map[string]string{"b": "2", "c": "3"}, read.Data)

	rc := t.controller("rc", 0, t.pod("", t.shell("one", "true"), t.shell("two", "true")))
	t.ok(t.Create(t.ctx, rc))
	t.ok(t.Patch(t.ctx, rc, sdk.StrategicMergePatch(map[string]any{"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
		"containers": []any{map[string]any{"name": "two", "image": t.pause}}}}}})))
	t.equal("images after a strategic patch", []string{t.busybox, t.pause},
		[]string{rc.Spec.Template.Spec.Containers[0].Image, rc.Spec.Template.Spec.Containers[1].Image})
	t.is("Conflict", apierrors.IsConflict, t.Patch(t.ctx, rc, sdk.MergePatch(`{"metadata":{"resourceVersion":"1"}}`)))
}

func gateOpens(t *trial) {
	const gate = "example.com/gate"
	pod := t.pod("a", corev1.Container{Name: "main", Image: t.pause})
	pod.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: gate}}
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.PodCondition(corev1.ContainersReady)))
	t.ok(t.Patch(t.ctx, pod, sdk.StrategicMergePatch(map[string]any{"status": map[string]any{
		"conditions": []any{map[string]any{"type": gate, "status": "True"}}}}), sdk.Subresource("status")))
	t.ok(t.Wait(t.ctx, pod, sdk.Ready()))
}

func applyOwns(t *trial) {
	wanted := func(data map[string]string) *corev1.ConfigMap {
		return &corev1.ConfigMap{ObjectMeta: t.meta("a"), Data: data}
	}
	first := wanted(map[string]string{"a": "1", "b": "1"})
	t.ok(t.Apply(t.ctx, first))
	again := wanted(map[string]string{"a": "1"})
	t.ok(t.Apply(t.ctx, again))
	t.equal("data when one is not applied any more", map[string]string{"a": "1"}, again.Data)
	t.says(t.Apply(t.ctx, again), "make it anew")

	other, err := sdk.New(t.config, sdk.FieldManager("sdktest-other"))
	t.ok(err)
	other = other.Namespace(again.Namespace)
	config := corev1ac.ConfigMap(again.Name, "").WithData(map[string]string{"a": "2"})
	err = other.ApplyConfiguration(t.ctx, config, nil)
	t.is("Conflict", apierrors.IsConflict, err)
	t.says(err, `"sdktest"`, ".data.a")
	var answer corev1.ConfigMap
	t.ok(other.ApplyConfiguration(t.ctx, config, &answer, sdk.Force()))
	t.equal("data when it was forced", map[string]string{"a": "2"}, answer.Data)
}

func scale(t *trial) {
	rc := t.controller("rc", 1, t.pod("", corev1.Container{Name: "main", Image: t.pause}))
	t.run(rc)
	for _, n := range []int32{3, 0} {
		t.ok(t.Scale(t.ctx, rc, n))
		t.ok(t.Wait(t.ctx, rc, sdk.Ready()))
		t.equal("replicas", n, rc.Status.Replicas)
		t.equal("ready replicas", n, rc.Status.ReadyReplicas)
	}
}
