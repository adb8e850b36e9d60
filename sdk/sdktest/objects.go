package sdktest

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
)

var objectRules = []rule{
	{"create fills", "Create fills the object with what the server made of it, and leaves it alone where it fails", createFills},
	{"get and update", "Get reads what is stored; Update of an old version is a Conflict", getAndUpdate},
	{"list selects", "List gives what all its selectors choose, by labels, by fields and by name", listSelects},
	{"label and annotate", "Label and Annotate change nothing that has another value, unless told to, and take keys away", labelAndAnnotate},
	{"views are live", "a view of a selection has what was there, and learns of what comes, changes and goes", viewsAreLive},
}

func createFills(t *trial) {
	dry := t.configMap("a")
	t.ok(t.Create(t.ctx, dry, sdk.DryRun()))
	t.is("NotFound", apierrors.IsNotFound, t.Get(t.ctx, dry.Name, &corev1.ConfigMap{}))

	made := t.configMap("a")
	t.ok(t.Create(t.ctx, made))
	if made.UID == "" || made.ResourceVersion == "" || made.Namespace == "" {
		t.Errorf("it was not filled: %+v", made.ObjectMeta)
	}
	t.equal("kind", "ConfigMap", made.Kind)

	again := t.configMap("a")
	t.is("AlreadyExists", apierrors.IsAlreadyExists, t.Create(t.ctx, again))
	t.equal("the object that was refused", t.configMap("a"), again)

	pod := t.pod("p", t.shell("main", "true"))
	t.ok(t.Create(t.ctx, pod, sdk.DryRun()))
	t.equal("a default", corev1.RestartPolicyAlways, pod.Spec.RestartPolicy)
	t.is("Invalid", apierrors.IsInvalid, t.Create(t.ctx, t.pod("P")))
}

func getAndUpdate(t *trial) {
	made := t.configMap("a")
	t.ok(t.Create(t.ctx, made))
	old := made.DeepCopy()
	made.Data["a"] = "2"
	t.ok(t.Update(t.ctx, made))
	var read corev1.ConfigMap
	t.ok(t.Get(t.ctx, made.Name, &read))
	t.equal("data", map[string]string{"a": "2"}, read.Data)
	t.equal("kind", "ConfigMap", read.Kind)

	old.Data["a"] = "3"
	t.is("Conflict", apierrors.IsConflict, t.Update(t.ctx, old))
	t.is("NotFound", apierrors.IsNotFound, t.Get(t.ctx, "none", &read))
	t.equal("what a failed Get left", map[string]string{"a": "2"}, read.Data)
}

func listSelects(t *trial) {
	for _, name := range []string{"a", "b", "c"} {
		t.ok(t.Create(t.ctx, t.configMap(name)))
	}
	mine := sdk.SelectingText(t.selector())
	for _, row := range []struct {
		what string
		opts []sdk.ListOption
		want []string
	}{
		{"by a text", []sdk.ListOption{mine}, []string{"a", "b", "c"}},
		{"by several", []sdk.ListOption{mine, sdk.SelectingText("app in (a, b)"), sdk.SelectingText("app!=a")}, []string{"b"}},
		{"by a selector", []sdk.ListOption{mine, sdk.Selecting(selector.MustParse("app=c"))}, []string{"c"}},
		{"by name", []sdk.ListOption{sdk.Fields("metadata.name=" + t.name + "-a")}, []string{"a"}},
		{"in all namespaces", []sdk.ListOption{sdk.AllNamespaces(), mine}, []string{"a", "b", "c"}},
		{"nothing", []sdk.ListOption{mine, sdk.Selecting(selector.Nothing())}, nil},
	} {
		var list corev1.ConfigMapList
		t.ok(t.List(t.ctx, &list, row.opts...))
		var got []string
		for _, item := range list.Items {
			got = append(got, item.Labels["app"])
		}
		slices.Sort(got)
		t.equal(row.what, row.want, got)
	}
}

func labelAndAnnotate(t *trial) {
	obj := t.configMap("a")
	t.ok(t.Create(t.ctx, obj))
	t.ok(t.Label(t.ctx, obj, map[string]string{"tier": "front"}))
	t.ok(t.Annotate(t.ctx, obj, map[string]string{"note": "x"}))
	err := t.Label(t.ctx, obj, map[string]string{"tier": "back"})
	t.says(err, `label tier is "front" already`)
	t.ok(t.Label(t.ctx, obj, map[string]string{"tier": "back"}, sdk.Overwrite(), sdk.Remove("app")))
	t.equal("labels", map[string]string{label: t.name, "tier": "back"}, obj.Labels)
	t.equal("annotations", map[string]string{"note": "x"}, obj.Annotations)
}

func viewsAreLive(t *trial) {
	first := t.configMap("a")
	t.ok(t.Create(t.ctx, first))
	view, err := sdk.SelectOf[*corev1.ConfigMap](t.ctx, t.Client, sdk.SelectingText(t.selector()))
	t.ok(err)
	defer view.Close()
	t.equal("what was there", 1, view.Len())

	t.ok(t.Create(t.ctx, t.configMap("b")))
	var told []string
	for what, obj := range view.Changes(t.ctx) {
		told = append(told, string(what)+" "+obj.Labels["app"])
		switch len(told) {
		case 2:
			t.ok(t.Label(t.ctx, t.configMap("b"), map[string]string{"tier": "front"}))
		case 3:
			t.equal("by another selector", 1, len(view.Selecting(selector.MustParse("tier=front"))))
			t.ok(t.Delete(t.ctx, first))
		}
		if len(told) == 4 {
			break
		}
	}
	t.equal("changes", []string{"ADDED a", "ADDED b", "MODIFIED b", "DELETED a"}, told)
	t.equal("what is left", 1, view.Len())
	t.ok(view.Close())
	t.equal("error", error(nil), view.Err())
}
