package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestPatchRequests(t *testing.T) {
	merge := map[string]any{"metadata": map[string]any{"labels": map[string]any{"a": nil}}}
	tests := []struct {
		name  string
		patch sdk.Patch
		opts  []sdk.PatchOption
		want  ask
	}{
		{"a merge patch of what marshals", sdk.MergePatch(merge), nil,
			ask{Line: "PATCH " + appPath, ContentType: "application/merge-patch+json", Body: `{"metadata":{"labels":{"a":null}}}`}},
		{"a strategic patch of text", sdk.StrategicMergePatch(`{"spec": {}}`), []sdk.PatchOption{sdk.DryRun(), sdk.Strict()},
			ask{Line: "PATCH " + appPath + "?dryRun=All&fieldValidation=Strict", ContentType: "application/strategic-merge-patch+json", Body: `{"spec": {}}`}},
		{"a JSON patch of bytes, of the status", sdk.JSONPatch([]byte(` []`)), []sdk.PatchOption{sdk.Subresource("status")},
			ask{Line: "PATCH " + appPath + "/status", ContentType: "application/json-patch+json", Body: ` []`}},
		{"a JSON patch of what marshals", sdk.JSONPatch([]any{map[string]any{"op": "remove", "path": "/a"}}), nil,
			ask{Line: "PATCH " + appPath, ContentType: "application/json-patch+json", Body: `[{"op":"remove","path":"/a"}]`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on("PATCH "+appPath, object(pod("app", "8")))
				s.on("PATCH "+appPath+"/status", object(pod("app", "8")))
				obj := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app"}}
				ok(t, c.Patch(t.Context(), obj, tt.patch, tt.opts...))
				equal(t, "object", pod("app", "8"), obj)
				got := s.asks()[0]
				got.Header = nil
				equal(t, "request", tt.want, got)
			})
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	tests := []struct {
		name  string
		patch sdk.Patch
		opts  []sdk.PatchOption
		says  string
	}{
		{"the zero patch", sdk.Patch{}, nil, "the patch is empty; make one by JSONPatch"},
		{"text that is no JSON", sdk.MergePatch(`{"a": `), nil, "unexpected end of JSON input"},
		{"empty text", sdk.MergePatch(""), nil, "unexpected end of JSON input"},
		{"a list of operations as a merge", sdk.MergePatch(`[{"op": "remove"}]`), nil, `the patch is no JSON object: [{"op": "remove"}]`},
		{"one operation that is no list", sdk.JSONPatch(`{"op": "remove"}`), nil, `the patch is no list of operations: {"op": "remove"}`},
		{"what does not marshal", sdk.StrategicMergePatch(make(chan int)), nil, "unsupported type: chan int"},
		{"force", sdk.MergePatch("{}"), []sdk.PatchOption{sdk.Force()}, "Force is for Apply"},
		{"scale", sdk.MergePatch("{}"), []sdk.PatchOption{sdk.Subresource("scale")}, "use Scale"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				says(t, c.Patch(t.Context(), pod("app", ""), tt.patch, tt.opts...), "patch Pod default/app: ", tt.says)
				equal(t, "requests", []string(nil), s.lines())
			})
		})
	}
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		says(t, c.Patch(t.Context(), &corev1.Pod{}, sdk.MergePatch("{}")), "patch Pod default/: ", "no name")
	})
}

// The rules of the patches themselves, against an API server.
func TestPatchRules(t *testing.T) {
	image := func(name, image string) map[string]any { return map[string]any{"name": name, "image": image} }
	tests := []struct {
		name  string
		patch sdk.Patch
		want  string // images, labels, or the error
	}{
		{"strategic merges containers by name", sdk.StrategicMergePatch(map[string]any{"spec": map[string]any{"containers": []any{image("b", "b:2")}}}),
			"a:1 b:2 map[x:1]"},
		{"merge has one list for another", sdk.MergePatch(map[string]any{"spec": map[string]any{"containers": []any{image("a", "a:2")}}}),
			"Invalid"},
		{"merge takes away by null", sdk.MergePatch(`{"metadata":{"labels":{"x":null,"y":"2"}}}`), "a:1 b:1 map[y:2]"},
		{"operations in turn", sdk.JSONPatch(`[{"op":"test","path":"/metadata/labels/x","value":"1"},{"op":"replace","path":"/spec/containers/0/image","value":"a:3"}]`),
			"a:3 b:1 map[x:1]"},
		{"a test that fails", sdk.JSONPatch(`[{"op":"test","path":"/metadata/labels/x","value":"2"}]`), "Invalid"},
		{"a resourceVersion that is old", sdk.MergePatch(`{"metadata":{"resourceVersion":"1"}}`), "Conflict"},
		{"a uid that is another's", sdk.MergePatch(`{"metadata":{"uid":"other"}}`), "Invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := fake.RunT(t, fake.Without(fake.Scheduler)).Client()
			obj := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app", Labels: map[string]string{"x": "1"}},
				Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Image: "a:1"}, {Name: "b", Image: "b:1"}}}}
			ok(t, c.Create(t.Context(), obj))
			err := c.Patch(t.Context(), obj, tt.patch)
			got := string(apierrors.ReasonForError(err))
			if err == nil {
				got = fmt.Sprintf("%s %s %v", obj.Spec.Containers[0].Image, obj.Spec.Containers[1].Image, obj.Labels)
			}
			equal(t, "result", tt.want, got)
		})
	}
}

// The status has a place of its own.
func TestPatchStatus(t *testing.T) {
	c := fake.RunT(t, fake.Without(fake.Scheduler)).Client()
	obj := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Image: "a"}}}}
	ok(t, c.Create(t.Context(), obj))
	p := sdk.MergePatch(`{"status":{"message":"hello"}}`)
	ok(t, c.Patch(t.Context(), obj, p))
	equal(t, "message", "", obj.Status.Message)
	ok(t, c.Patch(t.Context(), obj, p, sdk.Subresource("status")))
	equal(t, "message", "hello", obj.Status.Message)
}

// A patch changes what is stored, whatever became of it meanwhile.
func ExampleClient_Patch() {
	c := exampleCluster()
	defer c.Close()
	ctx, pod := context.Background(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "shell"}}

	patch := sdk.StrategicMergePatch(map[string]any{"spec": map[string]any{
		"containers": []any{map[string]any{"name": "main", "image": "busybox:1.37"}},
	}})
	if err := c.Client().Patch(ctx, pod, patch); err != nil {
		log.Fatal(err)
	}
	fmt.Println(pod.Spec.Containers[0].Image)

	err := c.Client().Patch(ctx, pod, sdk.JSONPatch(`[{"op": "test", "path": "/metadata/name", "value": "other"}]`))
	fmt.Println(strings.SplitN(err.Error(), ": ", 2)[0], apierrors.IsInvalid(err))
	// Output:
	// busybox:1.37
	// patch Pod default/shell true
}

// said is JSON as a test writes it.
func said(t *testing.T, text string) (v map[string]any) {
	t.Helper()
	ok(t, json.Unmarshal([]byte(text), &v))
	return v
}
