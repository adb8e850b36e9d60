package fake_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

// TestMutations sends every recorded descriptor that a real server accepts, with one thing in it changed: a field dropped or
// given twice, a value of another type or out of range, a list item dropped or duplicated. Whatever the change, the answer is
// the object or a Status whose causes name fields that exist.
func TestMutations(t *testing.T) {
	all := append(acceptedCreates(t), acceptedObjects(t)...)
	if testing.Short() {
		all = all[:10]
	}
	r := newReplayer(t, fake.RunT(t, fake.APIOnly()))
	var sent, accepted atomic.Int64
	t.Run("descriptors", func(t *testing.T) {
		for _, d := range all {
			t.Run(d.name, func(t *testing.T) {
				t.Parallel()
				for place, body := range mutations("", d.body) {
					sent.Add(1)
					if d.check(t, r, place, body) {
						accepted.Add(1)
					}
				}
			})
		}
	})
	t.Logf("%d mutations of %d descriptors, %d of them accepted", sent.Load(), len(all), accepted.Load())
}

// descriptor is a descriptor that a real server took.
type descriptor struct {
	name, path string
	kind       schema.GroupVersionKind
	body       any
}

// acceptedCreates are the recorded creates that were not refused.
func acceptedCreates(t *testing.T) (all []descriptor) {
	t.Helper()
	files, err := filepath.Glob("../../types/testdata/create/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		var exchange struct {
			Request  recordedRequest
			Response struct {
				Status int
				Body   metav1.TypeMeta
			}
		}
		name := strings.TrimSuffix(file, ".yaml")
		readJSON(t, name+".json", &exchange)
		if exchange.Response.Status != http.StatusCreated {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := exchange.Response.Body.GroupVersionKind()
		all = append(all, descriptor{filepath.Base(name), exchange.Request.Path, kind, descriptorTree(t, text)})
	}
	return all
}

// acceptedObjects are those objects of upstream's own validation tests that a real server took.
func acceptedObjects(t *testing.T) (all []descriptor) {
	t.Helper()
	text, err := os.ReadFile("../../types/testdata/validation.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var recorded struct {
			ID, Kind string
			Obj      json.RawMessage
			Response struct{ Status int }
		}
		if err := json.Unmarshal(line, &recorded); err != nil {
			t.Fatal(err)
		}
		if recorded.Response.Status != http.StatusCreated {
			continue
		}
		path := "/api/v1/namespaces/default/" + strings.ToLower(recorded.Kind) + "s?dryRun=All&fieldValidation=Strict"
		kind := schema.GroupVersionKind{Version: "v1", Kind: recorded.Kind}
		all = append(all, descriptor{recorded.ID, path, kind, descriptorTree(t, recorded.Obj)})
	}
	return all
}

func descriptorTree(t *testing.T, text []byte) any {
	t.Helper()
	text, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := parseTree(text)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// oddValues are of every JSON type, and out of the range of most fields.
var oddValues = []any{
	nil, true, object{}, object{{"x", nil}}, []any{}, []any{nil}, []any{"x", json.Number("1")},
	json.Number("-1"), json.Number("0"), json.Number("1.5"), json.Number("65536"), json.Number("2147483648"),
	json.Number("9223372036854775808"), json.Number("1e999"),
	"", "x", "-1", "999999999999999999999", "Not A Name!", "a/b/c", "\x00\u2028", strings.Repeat("a", 300),
}

// mutations yields tree with one thing in it changed, and where that is.
func mutations(place string, tree any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, v := range oddValues {
			if !reflect.DeepEqual(v, tree) && !yield(fmt.Sprintf("%s odd value %d", place, i), v) {
				return
			}
		}
		var more iter.Seq2[string, any]
		switch v := tree.(type) {
		case object:
			more = fieldMutations(place, v)
		case []any:
			more = itemMutations(place, v)
		default:
			return
		}
		more(yield)
	}
}

func fieldMutations(place string, o object) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, f := range o {
			place := place + "." + f.key
			if !yield(place+" dropped", slices.Delete(slices.Clone(o), i, i+1)) || !yield(place+" given twice", append(slices.Clone(o), f)) {
				return
			}
			for place, changed := range mutations(place, f.value) {
				if !yield(place, o.with(f.key, changed)) {
					return
				}
			}
		}
	}
}

func itemMutations(place string, list []any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, item := range list {
			place := fmt.Sprintf("%s[%d]", place, i)
			if !yield(place+" dropped", slices.Delete(slices.Clone(list), i, i+1)) || !yield(place+" duplicated", append(slices.Clone(list), item)) {
				return
			}
			for place, changed := range mutations(place, item) {
				mutated := slices.Clone(list)
				mutated[i] = changed
				if !yield(place, mutated) {
					return
				}
			}
		}
	}
}

// check sends a mutated descriptor, holds the answer against the shapes that an answer may have, and says whether it was taken.
func (d *descriptor) check(t *testing.T, r *replayer, place string, body any) bool {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.send(t.Context(), http.MethodPost, d.path, map[string]string{"Content-Type": "application/json"}, text)
	if err != nil {
		t.Errorf("%s: %v", place, err) // a handler that panics cuts its client off
		return false
	}
	if got.status < 300 {
		err = checkObject(got, d.kind)
	} else {
		err = checkFailure(got, d.kind)
	}
	if err != nil {
		t.Errorf("%s: %v in %s", place, err, got.body)
	}
	return got.status < 300
}

// checkObject wants an answer to be an object of a kind.
func checkObject(got *answer, kind schema.GroupVersionKind) error {
	var created metav1.PartialObjectMetadata
	if err := json.Unmarshal(got.body, &created); err != nil {
		return err
	}
	if created.GroupVersionKind() != kind || created.Name == "" || created.UID == "" {
		return fmt.Errorf("%v %q, uid %q; want a %v with both", created.GroupVersionKind(), created.Name, created.UID, kind)
	}
	return nil
}

// checkFailure wants an answer to be a Status that says what is wrong, where its causes name fields of a kind.
func checkFailure(got *answer, kind schema.GroupVersionKind) error {
	var s metav1.Status
	if err := json.Unmarshal(got.body, &s); err != nil {
		return err
	}
	switch {
	case s.Kind != "Status" || s.APIVersion != "v1" || s.Status != metav1.StatusFailure || s.Message == "":
		return fmt.Errorf("want a Status of a failure, with a message")
	case int(s.Code) != got.status:
		return fmt.Errorf("HTTP status %d of a Status with %d", got.status, s.Code)
	case s.Code >= http.StatusInternalServerError && !strings.HasPrefix(s.Message, "resourceVersion should not be set"):
		return fmt.Errorf("a client's mistake is no failure of the server")
	case s.Details == nil:
		return nil
	}
	for _, cause := range s.Details.Causes {
		if err := checkPath(kind, cause.Field); err != nil {
			return fmt.Errorf("field %q: %w", cause.Field, err)
		}
	}
	return nil
}

// checkPath wants the path of a cause to lead to a field of a kind.
func checkPath(kind schema.GroupVersionKind, path string) error {
	for _, p := range oddPaths {
		if p.MatchString(path) {
			return nil
		}
	}
	obj, err := scheme.Scheme.New(kind)
	if err != nil {
		return err
	}
	return walk(reflect.TypeOf(obj), path)
}

// oddPaths are those that a real server's validation gives too, although they lead nowhere, each with the function that does so.
var oddPaths = []*regexp.Regexp{
	// ValidateVolumeMounts leaves the index out.
	regexp.MustCompile(`\.volumeMounts\.(mountPropagation|recursiveReadOnly)$`),
	// ValidatePodTemplateSpec leaves metadata out.
	regexp.MustCompile(`^spec\.template\.labels$`),
	// validateDownwardAPIVolumeSource leaves items[i] out, and validateProjectionSources sources[i].
	regexp.MustCompile(`^spec(\.template\.spec)?\.volumes\[\d+]\.(downwardAPI|projected)\.(path$|fieldRef\.)`),
	// validateVolumeSource has a short name for gcePersistentDisk.
	regexp.MustCompile(`^spec(\.template\.spec)?\.volumes\[\d+]\.persistentDisk\.`),
	// ValidatePersistentVolumeClaimSpec leaves requests out.
	regexp.MustCompile(`\.volumeClaimTemplate\.spec\.resources\[storage]$`),
	// ValidateMatchLabelKeysAndMismatchLabelKeys leaves matchLabelKeys out.
	regexp.MustCompile(`\.(podAffinity|podAntiAffinity)\..*\.podAffinityTerm\[\d+]$`),
	// ValidateSeccompPodAnnotations takes a key for a field.
	regexp.MustCompile(`^metadata\.annotations\.seccomp\.security\.alpha\.kubernetes\.io/pod$`),
}

// opaque types are what a path does not lead into.
var opaque = []reflect.Type{reflect.TypeFor[resource.Quantity](), reflect.TypeFor[intstr.IntOrString](), reflect.TypeFor[metav1.Time]()}

// walk follows a path like spec.volumes[0].name or metadata.annotations[a.b/c] through the fields of a type by their JSON names.
func walk(t reflect.Type, path string) error {
	if t.Kind() == reflect.Pointer {
		return walk(t.Elem(), path)
	}
	if path == "" {
		return nil
	}
	if key, rest, ok := cutIndex(path); ok {
		switch t.Kind() {
		case reflect.Map:
			return walk(t.Elem(), rest)
		case reflect.Slice:
			if _, err := strconv.Atoi(key); err != nil {
				return fmt.Errorf("%s[%s] is no item", t, key)
			}
			return walk(t.Elem(), rest)
		}
		return fmt.Errorf("%s has no items", t)
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path+".", ".[")
	if t.Kind() != reflect.Struct || slices.Contains(opaque, t) {
		return fmt.Errorf("%s has no fields", t)
	}
	f, ok := jsonField(t, path[:end])
	if !ok {
		return fmt.Errorf("%s has no field %s", t, path[:end])
	}
	return walk(f, path[end:])
}

// cutIndex takes [key] off the head of a path.
func cutIndex(path string) (key, rest string, ok bool) {
	if !strings.HasPrefix(path, "[") {
		return "", path, false
	}
	return strings.Cut(path[1:], "]")
}

// jsonField finds a field of a struct, or of one that it embeds, by its JSON name.
func jsonField(t reflect.Type, name string) (reflect.Type, bool) {
	for f := range t.Fields() {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == name && name != "" {
			return f.Type, true
		}
		if f.Anonymous && tag == "" {
			if found, ok := jsonField(f.Type, name); ok {
				return found, true
			}
		}
	}
	return nil, false
}
