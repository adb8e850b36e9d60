package sdktest

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

var watchRules = []rule{
	{"watch tells all", "Watch gives what is there and then each change, the last state of what is deleted too", watchTellsAll},
	{"watch selects", "an object that leaves a selection is Deleted to who watches that, and Added when it returns", watchSelects},
}

func watchTellsAll(t *trial) {
	obj := t.configMap("a")
	t.ok(t.Create(t.ctx, obj))
	var told []string
	for e, err := range t.Watch(t.ctx, &corev1.ConfigMapList{}, sdk.SelectingText(t.selector())) {
		t.ok(err)
		told = append(told, string(e.Type)+" "+e.Object.(*corev1.ConfigMap).Data["a"])
		switch len(told) {
		case 1:
			t.ok(t.Patch(t.ctx, obj, sdk.MergePatch(`{"data":{"a":"2"}}`)))
		case 2:
			t.ok(t.Delete(t.ctx, obj))
		case 3:
			t.ok(t.Create(t.ctx, t.configMap("a")))
		}
		if len(told) == 4 {
			break
		}
	}
	t.equal("events", []string{"ADDED 1", "MODIFIED 2", "DELETED 2", "ADDED 1"}, told)
}

func watchSelects(t *trial) {
	obj := t.configMap("a")
	t.ok(t.Create(t.ctx, obj))
	var told []string
	for e, err := range t.Watch(t.ctx, &corev1.ConfigMapList{}, sdk.SelectingText(t.selector()), sdk.SelectingText("app=a")) {
		t.ok(err)
		told = append(told, string(e.Type))
		if len(told) == 3 {
			break
		}
		app := map[int]string{1: "b", 2: "a"}[len(told)]
		t.ok(t.Label(t.ctx, obj, map[string]string{"app": app}, sdk.Overwrite()))
	}
	t.equal("events", []string{"ADDED", "DELETED", "ADDED"}, told)
}
