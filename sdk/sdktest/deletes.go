package sdktest

import (
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
)

var deleteRules = []rule{
	{"delete and wait", "Delete of an object with a UID means that very object, and with AndWait it is gone afterwards", deleteAndWait},
	{"delete all chosen", "DeleteAll takes what its options choose, all of it, and nothing else", deleteAllChosen},
	{"what is owned", "what a controller owns goes with it, or stays where it is orphaned", whatIsOwned},
}

func deleteAndWait(t *trial) {
	pod := t.pod("a", corev1.Container{Name: "main", Image: t.pause})
	t.run(pod)
	other := pod.DeepCopy()
	other.UID = types.UID("00000000-0000-0000-0000-000000000000")
	t.is("Conflict", apierrors.IsConflict, t.Delete(t.ctx, other))
	t.ok(t.Delete(t.ctx, pod, sdk.AndWait()))
	t.is("NotFound", apierrors.IsNotFound, t.Get(t.ctx, pod.Name, &corev1.Pod{}))
	t.is("NotFound", apierrors.IsNotFound, t.Delete(t.ctx, pod))
	t.ok(t.Delete(t.ctx, pod, sdk.IgnoreNotFound(), sdk.AndWait()))
}

func deleteAllChosen(t *trial) {
	for _, name := range []string{"a", "b", "c"} {
		t.run(t.pod(name, corev1.Container{Name: "main", Image: t.pause}))
	}
	if err := t.DeleteAll(t.ctx, &corev1.PodList{}); err == nil {
		t.Fatal("all pods of the namespace were deleted by a choice of none")
	}
	t.ok(t.DeleteAll(t.ctx, &corev1.PodList{}, sdk.Selecting(selector.Nothing())))
	t.ok(t.DeleteAll(t.ctx, &corev1.PodList{}, sdk.SelectingText(t.selector()), sdk.SelectingText("app!=c"), sdk.AndWait()))
	var list corev1.PodList
	t.ok(t.List(t.ctx, &list, sdk.SelectingText(t.selector())))
	t.equal("pods that are left", 1, len(list.Items))
}

func whatIsOwned(t *trial) {
	for _, row := range []struct {
		name   string
		policy metav1.DeletionPropagation
		left   int
	}{{"gone", metav1.DeletePropagationForeground, 0}, {"orphan", metav1.DeletePropagationOrphan, 1}} {
		rc := t.controller(row.name, 1, t.pod("", corev1.Container{Name: "main", Image: t.pause}))
		t.run(rc)
		t.ok(t.Delete(t.ctx, rc, sdk.Propagation(row.policy), sdk.AndWait()))
		var list corev1.PodList
		t.ok(t.List(t.ctx, &list, sdk.SelectingText(t.selector()), sdk.SelectingText("app="+row.name)))
		t.equal("pods of "+row.name, row.left, len(list.Items))
	}
}
