package apiserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"reflect"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/mergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// maxPatchOperations is how many operations a JSON patch may have.
const maxPatchOperations = 10000

// maxCopied is how much a JSON patch may make an object grow by copying within it. A few operations that each double it would
// else take all memory.
const maxCopied = 3 << 20

// The JSON patches of a process have one limit, which a real server sets as it comes up, unless it finds a lower one. It must
// be done here: later would be a race with whoever patches.
func init() {
	if limit := jsonpatch.AccumulatedCopySizeLimit; limit <= 0 || limit > maxCopied {
		jsonpatch.AccumulatedCopySizeLimit = maxCopied
	}
}

// patch changes an object by a JSON, merge, strategic merge or apply patch.
func (s *Server) patch(w http.ResponseWriter, req *http.Request, t target) error {
	p, err := readPatch(req, t.resource)
	if err != nil {
		return err
	}
	if p.kind == types.ApplyYAMLPatchType {
		return s.apply(w, req, t, p)
	}
	o := writeOptions(req, t, p.options.FieldManager, p.options.DryRun)
	o.Warn = warnOnce(w)
	updated, err := s.api.Replace(t.resource, t.namespace, t.name, o, func(old store.Object) (store.Object, error) {
		patched, err := p.applyTo(w, s.editionOf(t.resource, old), t.resource.New(), t.resource.GroupVersionKind())
		if err != nil {
			return nil, err
		}
		obj, err := asObject(patched)
		if err != nil {
			return nil, err
		}
		return obj, checkTarget(t.resource, obj, t.namespace, t.name)
	})
	if err != nil {
		return err
	}
	return s.answer(w, req, http.StatusOK, t.resource, updated)
}

// apply is server-side apply, which creates what is not there.
func (s *Server) apply(w http.ResponseWriter, req *http.Request, t target, p *patchRequest) error {
	applied, err := p.applied(w, t)
	if err != nil {
		return err
	}
	o := writeOptions(req, t, p.options.FieldManager, p.options.DryRun)
	o.Warn = warnOnce(w)
	obj, created, err := s.api.Apply(t.resource, t.namespace, t.name, o, applied)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if created {
		code = http.StatusCreated
	}
	return s.answer(w, req, code, t.resource, obj)
}

// applied reads what is applied, and says what to hold the outcome against.
func (p *patchRequest) applied(w http.ResponseWriter, t target) (api.Applied, error) {
	u := &unstructured.Unstructured{Object: map[string]any{}}
	if err := yaml.Unmarshal(p.body, &u.Object); err != nil {
		return api.Applied{}, badRequest("error decoding patch: %v", err)
	}
	if u.Object == nil {
		u.Object = map[string]any{}
	}
	wholeNumbers(u.Object)
	if kind := u.GroupVersionKind(); kind != t.resource.GroupVersionKind() {
		return api.Applied{}, badRequest("invalid object type: %v", kind)
	}
	check := func(merged store.Object) error {
		if err := p.checkStrict(w); err != nil {
			return err
		}
		return checkTarget(t.resource, merged, t.namespace, t.name)
	}
	return api.Applied{Object: u, Force: p.options.Force != nil && *p.options.Force, Check: check}, nil
}

// checkStrict reads an apply patch once more, for keys that are in it twice. It does so after the merge, as a real server does.
func (p *patchRequest) checkStrict(w http.ResponseWriter) error {
	if p.options.FieldValidation == metav1.FieldValidationIgnore || p.warned {
		return nil
	}
	err := yaml.UnmarshalStrict(p.body, &map[string]any{})
	switch {
	case err == nil:
		return nil
	case p.options.FieldValidation == metav1.FieldValidationStrict:
		return badRequest("error strict decoding patch: %v", err)
	}
	warnStrict(w, []error{err})
	p.warned = true
	return nil
}

// patchRequest is a patch as it was sent.
type patchRequest struct {
	kind    types.PatchType
	body    []byte
	options *metav1.PatchOptions
	// resource is what is patched, if its kind has an idea of its own of what its fields are.
	resource *registry.Resource
	warned   bool // a second attempt would say it all again
}

func readPatch(req *http.Request, r *registry.Resource) (*patchRequest, error) {
	p := &patchRequest{options: &metav1.PatchOptions{}, resource: r}
	mediaType, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err := checkPatchType(r, types.PatchType(mediaType)); err != nil {
		return nil, err
	}
	switch p.kind = types.PatchType(mediaType); p.kind {
	case types.JSONPatchType, types.MergePatchType, types.StrategicMergePatchType, types.ApplyYAMLPatchType:
	default:
		return nil, errMediaType
	}
	if err := decodeOptions(req, "PatchOptions", p.options); err != nil {
		return nil, err
	}
	if errs := validation.ValidatePatchOptions(p.options, p.kind); len(errs) > 0 {
		return nil, invalidOptions("PatchOptions", errs)
	}
	var err error
	if p.body, err = readBody(req); err != nil {
		return nil, err
	}
	if p.kind != types.ApplyYAMLPatchType && !json.Valid(p.body) {
		return nil, badRequest("invalid JSON patch")
	}
	return p, nil
}

// applyTo returns what the patch makes of old, as an object of its kind.
func (p *patchRequest) applyTo(w http.ResponseWriter, old *store.Edition, into runtime.Object, kind schema.GroupVersionKind) (runtime.Object, error) {
	original, err := document(old)
	if err != nil {
		return nil, err
	}
	original = bytes.TrimSpace(original)
	read := p.readDocument
	if p.kind == types.StrategicMergePatchType {
		read = p.readStrategic
	}
	out, err := read(original, into, kind)
	if err != nil {
		return nil, err
	}
	if len(out.strict) > 0 && out.err == nil {
		switch p.options.FieldValidation {
		case metav1.FieldValidationIgnore:
		case metav1.FieldValidationStrict:
			out.err = runtime.NewStrictDecodingError(out.strict)
		default:
			p.warn(w, out.strict)
		}
	}
	if out.err != nil {
		return nil, apierrors.NewInvalid(schema.GroupKind{}, "", field.ErrorList{
			field.Invalid(field.NewPath("patch"), out.shown, out.err.Error()),
		})
	}
	return out.obj, nil
}

// warn tells of what a strict reader finds wrong, once.
func (p *patchRequest) warn(w http.ResponseWriter, strict []error) {
	if !p.warned {
		warnStrict(w, strict)
	}
	p.warned = true
}

// outcome is what a patch makes of an object.
type outcome struct {
	obj    runtime.Object
	strict []error // what a strict reader finds wrong with the patch and with obj
	err    error   // why there is no obj
	shown  string  // what a message about err or strict shows
}

// add takes over what a decoder said.
func (o *outcome) add(obj runtime.Object, err error) {
	if runtime.IsStrictDecodingError(err) {
		more, _ := runtime.AsStrictDecodingError(err)
		o.strict, err = append(o.strict, more.Errors()...), nil
	}
	o.obj, o.err = obj, err
}

// readDocument patches the JSON document and decodes it again.
func (p *patchRequest) readDocument(original []byte, into runtime.Object, kind schema.GroupVersionKind) (*outcome, error) {
	patched, strict, err := p.merge(original)
	if err != nil {
		return nil, err
	}
	obj, got, err := jsonFormat.info.StrictSerializer.Decode(patched, &kind, into)
	if obj != nil && *got != kind {
		obj, err = nil, wrongKind(*got, kind)
	}
	out := &outcome{strict: strict, shown: string(patched)}
	if obj == nil {
		out.err = err
		return out, nil
	}
	more, err := coerce(p.resource, obj, err)
	out.obj, out.strict, out.err = obj, append(out.strict, more...), err
	return out, nil
}

// merge returns the patched JSON, and what a strict reader finds wrong with the patch itself.
func (p *patchRequest) merge(original []byte) ([]byte, []error, error) {
	if p.kind == types.JSONPatchType {
		return p.mergeJSON(original)
	}
	strict, err := p.readStrictly(&map[string]any{})
	if err != nil {
		return nil, nil, err
	}
	patched, err := jsonpatch.MergePatch(original, p.body)
	if err == jsonpatch.ErrBadJSONPatch {
		return nil, nil, badRequest("%v", err)
	}
	return patched, strict, err
}

// readStrictly reads a patch only to see what is wrong with it, unless nobody wants to know.
func (p *patchRequest) readStrictly(into any) ([]error, error) {
	if p.options.FieldValidation == metav1.FieldValidationIgnore {
		return nil, nil
	}
	strict, err := kjson.UnmarshalStrict(p.body, into)
	if err == nil {
		return strict, nil
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Type == reflect.TypeFor[[]jsonPatchOperation]() { // a real server's type is another
		err = fmt.Errorf("json: cannot unmarshal %s into Go value of type []handlers.jsonPatchOp", wrong.Value)
	}
	return nil, badRequest("error decoding patch: %v", err)
}

// jsonPatchOperation is one operation, for a strict reader.
type jsonPatchOperation struct {
	Op    string `json:"op"`
	From  string `json:"from"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

func (p *patchRequest) mergeJSON(original []byte) ([]byte, []error, error) {
	strict, err := p.readStrictly(&[]jsonPatchOperation{})
	if err != nil {
		return nil, nil, err
	}
	for i, e := range strict {
		strict[i] = fmt.Errorf("json patch %w", e)
	}
	patch, err := jsonpatch.DecodePatch(p.body)
	if err != nil {
		return nil, nil, badRequest("%v", err)
	}
	if len(patch) > maxPatchOperations {
		return nil, nil, apierrors.NewRequestEntityTooLargeError(
			fmt.Sprintf("The allowed maximum operations in a JSON patch is %d, got %d", maxPatchOperations, len(patch)))
	}
	patched, err := applyOperations(patch, original)
	if err == errPanicked {
		return nil, nil, err
	}
	if err != nil {
		return nil, nil, apierrors.NewGenericServerResponse(http.StatusUnprocessableEntity, "", schema.GroupResource{}, "", err.Error(), 0, false)
	}
	return patched, strict, nil
}

// applyOperations carries out a JSON patch. It panics, and a real server with it, at a test of the whole document that names no
// value.
func applyOperations(patch jsonpatch.Patch, original []byte) (patched []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	return patch.Apply(original)
}

// readStrategic merges by the types of the fields. As in a real server the result goes from map to object without being
// JSON in between, so it has other words for what does not fit, it shows the patch, and the kind named in it is of no
// consequence.
func (p *patchRequest) readStrategic(original []byte, into runtime.Object, kind schema.GroupVersionKind) (*outcome, error) {
	was, patch := map[string]any{}, map[string]any{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(original, &was); err != nil {
		return nil, err
	}
	strict, err := kjson.UnmarshalStrict(p.body, &patch)
	if err != nil {
		return nil, badRequest("%v", err)
	}
	out := &outcome{strict: strict, shown: fmt.Sprintf("%+v", patch)}
	meta, err := strategicpatch.NewPatchMetaFromStruct(into)
	if err != nil {
		return nil, err
	}
	merged, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(was, patch, meta)
	if err != nil {
		return nil, strategicError(err)
	}
	out.add(into, runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(merged, into, true))
	into.GetObjectKind().SetGroupVersionKind(kind)
	return out, nil
}

// strategicError says whose fault it is: a patch that is malformed is a bad request; a patch that cannot be merged
// into this object is, to a real server, an error of its own.
func strategicError(err error) error {
	switch err {
	case mergepatch.ErrBadJSONDoc, mergepatch.ErrBadPatchFormatForPrimitiveList, mergepatch.ErrBadPatchFormatForRetainKeys,
		mergepatch.ErrBadPatchFormatForSetElementOrderList, mergepatch.ErrUnsupportedStrategicMergePatchFormat:
		return badRequest("%v", err)
	case mergepatch.ErrNoListOfLists, mergepatch.ErrPatchContentNotMatchRetainKeys:
		return apierrors.NewGenericServerResponse(http.StatusUnprocessableEntity, "", schema.GroupResource{}, "", err.Error(), 0, false)
	}
	return err
}
