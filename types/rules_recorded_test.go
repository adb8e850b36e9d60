package types_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	_ "github.com/podwright/podwright/types/workloads"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/yaml"
)

// written is what one write of an object was answered: its creation, its update or that of its status.
type written struct {
	On               int // the object in objects.yaml
	Op               string
	Patch            json.RawMessage
	Errors, Warnings []string
}

// TestRecordedRules replays writes of every kind that has rules: the errors and warnings of a server's strategies, in their order.
func TestRecordedRules(t *testing.T) {
	objects, decode := recordedObjects(t), decoder(t)
	file, err := os.Open("testdata/rules/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var w written
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		was := objects[w.On]
		is, old := decode(w.changed(t, was)), decode(was)
		errs, warned := w.write(is, old)
		if diff := cmp.Diff(w.Errors, errs); diff != "" {
			t.Errorf("%s of object %d with %s: errors (-want +got):\n%s", w.Op, w.On, w.Patch, diff)
		}
		if diff := cmp.Diff(w.Warnings, warned); diff != "" && len(errs) == 0 {
			t.Errorf("%s of object %d with %s: warnings (-want +got):\n%s", w.Op, w.On, w.Patch, diff)
		}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
}

// recordedObjects are objects.yaml as JSON.
func recordedObjects(t *testing.T) (objects [][]byte) {
	t.Helper()
	text, err := os.ReadFile("testdata/rules/objects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range strings.Split(string(text), "\n---\n") {
		object, err := yaml.YAMLToJSON([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, object)
	}
	return objects
}

func decoder(t *testing.T) func([]byte) runtime.Object {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme, coordinationv1.AddToScheme, corev1.AddToScheme,
		discoveryv1.AddToScheme, policyv1.AddToScheme, schedulingv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	codec := serializer.NewCodecFactory(scheme).UniversalDeserializer()
	return func(text []byte) runtime.Object {
		obj, _, err := codec.Decode(text, nil, nil)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		return obj
	}
}

// changed applies the patch, and then what a registry does: a new object has no status (but a node), and each half of an object that is
// updated has a door of its own.
func (w *written) changed(t *testing.T, object []byte) []byte {
	t.Helper()
	text := object
	if w.Patch != nil {
		patch, err := jsonpatch.DecodePatch(w.Patch)
		if err == nil {
			text, err = patch.Apply(object)
		}
		if err != nil {
			t.Fatalf("%v in %s", err, w.Patch)
		}
	}
	var is, was map[string]any
	if err := json.Unmarshal(text, &is); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(object, &was); err != nil {
		t.Fatal(err)
	}
	switch {
	case w.Op == "update":
		is["status"] = was["status"]
	case w.Op == "status":
		is["spec"] = was["spec"]
	case was["kind"] != "Node":
		delete(is, "status")
	}
	text, err := json.Marshal(is)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// write holds an object against the rules, in the server's order.
func (w *written) write(obj, old runtime.Object) (errs, warned []string) {
	types.Default(obj)
	types.Default(old)
	switch w.Op {
	case "create":
		types.Prepare(obj)
		return distinct(lines(types.Errors(obj))), types.Warnings(obj)
	case "status":
		return lines(types.StatusUpdateErrors(obj, old)), nil
	}
	types.PrepareUpdate(obj, old)
	newGeneration(obj, old)
	return lines(types.UpdateErrors(obj, old)), types.UpdateWarnings(obj, old)
}

// newGeneration counts as a registry does: a changed spec is a new one, of a deployment changed annotations are, too.
func newGeneration(obj, old runtime.Object) {
	is, was := fields(obj), fields(old)
	same := cmp.Equal(is["spec"], was["spec"]) && cmp.Equal(is["template"], was["template"])
	if _, ok := obj.(*appsv1.Deployment); ok {
		same = same && cmp.Equal(is["metadata"].(map[string]any)["annotations"], was["metadata"].(map[string]any)["annotations"])
	}
	if m, err := meta.Accessor(obj); err == nil && !same {
		m.SetGeneration(m.GetGeneration() + 1)
	}
}

func fields(obj runtime.Object) map[string]any {
	m, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		panic(err)
	}
	return m
}

func distinct(texts []string) (kept []string) {
	seen := map[string]bool{}
	for _, text := range texts {
		if !seen[text] {
			kept = append(kept, text)
		}
		seen[text] = true
	}
	return kept
}
