package apiserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"

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

// patch changes an object by a JSON, merge, strategic merge or apply patch.
func (s *Server) patch(w http.ResponseWriter, req *http.Request, t target) error {
	p, err := readPatch(req)
	if err != nil {
		return err
	}
	if p.kind == types.ApplyYAMLPatchType {
		return s.apply(w, req, t, p)
	}
	o := writeOptions(req, t, p.options.FieldManager, p.options.DryRun)
	warned := false
	updated, err := s.api.Replace(t.resource, t.namespace, t.name, o, func(old store.Object) (store.Object, error) {
		sink := w
		if warned { // a second attempt would say it all again
			sink = discardHeaders{}
		}
		warned = true
		patched, err := p.applyTo(sink, old, t.resource.New(), t.resource.GroupVersionKind())
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
	return writeObject(w, req, http.StatusOK, t.resource, updated)
}

// apply is server-side apply, which creates what is not there.
func (s *Server) apply(w http.ResponseWriter, req *http.Request, t target, p *patchRequest) error {
	u := &unstructured.Unstructured{Object: map[string]any{}}
	if err := yaml.Unmarshal(p.body, &u.Object); err != nil {
		return badRequest("error decoding patch: %v", err)
	}
	if u.Object == nil {
		u.Object = map[string]any{}
	}
	if kind := u.GroupVersionKind(); kind != t.resource.GroupVersionKind() {
		return badRequest("invalid object type: %v", kind)
	}
	if u.GetName() == "" {
		u.SetName(t.name)
	}
	if err := checkTarget(t.resource, u, t.namespace, t.name); err != nil {
		return err
	}
	force := p.options.Force != nil && *p.options.Force
	o := writeOptions(req, t, p.options.FieldManager, p.options.DryRun)
	o.Warn = func(text string) { addWarning(w, text) }
	obj, created, err := s.api.Apply(t.resource, t.namespace, t.name, o, u, force)
	if err != nil {
		return err
	}
	code := http.StatusOK
	if created {
		code = http.StatusCreated
	}
	return writeObject(w, req, code, t.resource, obj)
}

// patchRequest is a patch as it was sent.
type patchRequest struct {
	kind    types.PatchType
	body    []byte
	options *metav1.PatchOptions
}

func readPatch(req *http.Request) (*patchRequest, error) {
	p := &patchRequest{options: &metav1.PatchOptions{}}
	mediaType, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
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
	p.body, err = readBody(req)
	return p, err
}

// applyTo returns what the patch makes of old, as an object of its kind.
func (p *patchRequest) applyTo(w http.ResponseWriter, old, into runtime.Object, kind schema.GroupVersionKind) (runtime.Object, error) {
	original, err := jsonFormat.encode(old, false)
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
			warnStrict(w, runtime.NewStrictDecodingError(out.strict))
		}
	}
	if out.err != nil {
		return nil, apierrors.NewInvalid(schema.GroupKind{}, "", field.ErrorList{
			field.Invalid(field.NewPath("patch"), out.shown, out.err.Error()),
		})
	}
	return out.obj, nil
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
	if err == nil && *got != kind {
		err = wrongKind(*got, kind)
	}
	out := &outcome{strict: strict, shown: string(patched)}
	if obj == nil && runtime.IsStrictDecodingError(err) {
		out.err = err
		return out, nil
	}
	out.add(obj, err)
	return out, nil
}

// merge returns the patched JSON, and what a strict reader finds wrong with the patch itself.
func (p *patchRequest) merge(original []byte) ([]byte, []error, error) {
	if p.kind == types.JSONPatchType {
		return p.mergeJSON(original)
	}
	patched, err := jsonpatch.MergePatch(original, p.body)
	if err != nil {
		return nil, nil, badRequest("%v", err)
	}
	strict, err := kjson.UnmarshalStrict(p.body, &map[string]any{})
	if err != nil {
		return nil, nil, badRequest("error decoding patch: %v", err)
	}
	return patched, strict, nil
}

// jsonPatchOperation is one operation, for a strict reader.
type jsonPatchOperation struct {
	Op    string `json:"op"`
	From  string `json:"from"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

func (p *patchRequest) mergeJSON(original []byte) ([]byte, []error, error) {
	strict, err := kjson.UnmarshalStrict(p.body, &[]jsonPatchOperation{})
	if err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field == "" { // in the words of a real server, whose type is another
			err = fmt.Errorf("json: cannot unmarshal %s into Go value of type []handlers.jsonPatchOp", wrong.Value)
		}
		return nil, nil, badRequest("error decoding patch: %v", err)
	}
	patch, err := jsonpatch.DecodePatch(p.body)
	if err != nil {
		return nil, nil, badRequest("%v", err)
	}
	if len(patch) > maxPatchOperations {
		return nil, nil, apierrors.NewRequestEntityTooLargeError(
			fmt.Sprintf("The allowed maximum operations in a JSON patch is %d, got %d", maxPatchOperations, len(patch)))
	}
	patched, err := patch.Apply(original)
	if err != nil {
		return nil, nil, apierrors.NewGenericServerResponse(http.StatusUnprocessableEntity, "", schema.GroupResource{}, "", err.Error(), 0, false)
	}
	return patched, strict, nil
}

// readStrategic merges by the types of the fields. As in a real server the result goes from map to object without being
// JSON in between, so it has other words for what does not fit, it shows the patch, and the kind named in it is of no
// consequence.
func (p *patchRequest) readStrategic(original []byte, into runtime.Object, _ schema.GroupVersionKind) (*outcome, error) {
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

// discardHeaders swallows what a repeated attempt would send twice.
type discardHeaders struct{ http.ResponseWriter }

func (discardHeaders) Header() http.Header { return http.Header{} }
