package apiserver

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// maxBody is how much a client may send.
const maxBody = 3 << 20

func readBody(req *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxBody+1))
	if err != nil {
		return nil, badRequest("%v", err)
	}
	if len(body) > maxBody {
		return nil, apierrors.NewRequestEntityTooLargeError(fmt.Sprintf("limit is %d", maxBody))
	}
	return body, nil
}

// bodyFormat is the format a body is in, by its Content-Type; none means JSON.
func bodyFormat(req *http.Request) (*format, error) {
	contentType := req.Header.Get("Content-Type")
	if contentType == "" {
		return jsonFormat, nil
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err == nil {
		for _, f := range formats {
			if f.mediaType == mediaType {
				return f, nil
			}
		}
	}
	var names []string
	for _, f := range formats {
		names = append(names, f.mediaType)
	}
	return nil, status(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
		"the body of the request was in an unknown format - accepted media types include: "+strings.Join(names, ", "))
}

// sentObject reads the object that a request is about from its body, and holds it against the URL.
func sentObject(w http.ResponseWriter, req *http.Request, t target) (store.Object, error) {
	f, err := bodyFormat(req)
	if err != nil {
		return nil, err
	}
	data, err := readBody(req)
	if err != nil {
		return nil, err
	}
	body, err := decodeAs(w, f, data, t.resource, t.resource.New(), t.resource.GroupVersionKind(), req.URL.Query().Get("fieldValidation"))
	if err != nil {
		return nil, err
	}
	obj, err := asObject(body)
	if err != nil {
		return nil, err
	}
	return obj, checkTarget(t.resource, obj, t.namespace, t.name)
}

// decodeBody reads an object of the given kind. Problems that fieldValidation leaves to warnings go into w's header.
func decodeBody(w http.ResponseWriter, req *http.Request, into runtime.Object, kind schema.GroupVersionKind) (runtime.Object, error) {
	f, err := bodyFormat(req)
	if err != nil {
		return nil, err
	}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	return decode(w, f, body, into, kind, req.URL.Query().Get("fieldValidation"))
}

// decode reads body into an object of the given kind, which is also assumed where the body does not name one.
func decode(w http.ResponseWriter, f *format, body []byte, into runtime.Object, kind schema.GroupVersionKind, validation string) (runtime.Object, error) {
	return decodeAs(w, f, body, nil, into, kind, validation)
}

// decodeAs is decode for an object of a resource, which may have its own idea of what its fields are.
func decodeAs(w http.ResponseWriter, f *format, body []byte, r *registry.Resource, into runtime.Object, kind schema.GroupVersionKind, validation string) (runtime.Object, error) {
	s := f.info.StrictSerializer
	if validation == metav1.FieldValidationIgnore {
		s = f.info.Serializer
	}
	obj, got, err := s.Decode(body, &kind, into)
	if obj != nil && *got != kind && (err == nil || runtime.IsStrictDecodingError(err)) {
		if isVersion(r, *got) {
			return nil, badRequest("the API version in the data (%s) does not match the expected API version (%s)", got.GroupVersion(), kind.GroupVersion())
		}
		err = wrongKind(*got, kind) // who converts comes before who is strict
	}
	if obj != nil {
		var strict []error
		if strict, err = coerce(r, obj, err); err == nil && len(strict) > 0 {
			switch validation {
			case metav1.FieldValidationIgnore:
			case metav1.FieldValidationStrict:
				err = runtime.NewStrictDecodingError(strict)
			default:
				warnStrict(w, strict)
			}
		}
	}
	if err == nil {
		return obj, nil
	}
	if got != nil && got.Kind != "" {
		if runtime.IsNotRegisteredError(err) {
			err = wrongKind(*got, kind)
		}
		return nil, badRequest("%s in version %q cannot be handled as a %s: %v", got.Kind, got.Version, kind.Kind, err)
	}
	return nil, badRequest("the object provided is unrecognized (must be of type %s): %v (%s)", kind.Kind, err, summary(body))
}

// isVersion says whether objects of a kind are those of r in another version, so that a server can convert them, and then finds that it was
// not asked to.
func isVersion(r *registry.Resource, kind schema.GroupVersionKind) bool {
	return r != nil && r.MergeType == nil && scheme.Scheme.Recognizes(kind) && registry.KeptAs(kind.GroupKind()) == r.KeptKind().GroupKind()
}

// wrongKind says that a body holds another kind than its URL, in the words of a real server's scheme, which calls its
// internal version of the core group "core" and itself by where it stands in the source.
func wrongKind(got, want schema.GroupVersionKind) error {
	if !scheme.Scheme.Recognizes(got) {
		return runtime.NewNotRegisteredErrForKind("pkg/runtime/scheme.go:111", got)
	}
	group := want.Group
	if group == "" {
		group = "core"
	}
	return fmt.Errorf("converting (%s.%s) to (%s.%s): unknown conversion", got.Version, got.Kind, group, want.Kind)
}

// summary shows the first bytes of a body that cannot be read, as summarizeData does: what looks like JSON as it is.
func summary(body []byte) string {
	const most = 30
	shown, more := body, ""
	if len(body) > most {
		shown, more = body[:most], " ..."
	}
	switch {
	case len(body) == 0:
		return "<empty>"
	case body[0] == '{':
		return string(shown) + more
	}
	return fmt.Sprintf("%x%s", shown, more)
}

// warnStrict tells of unknown and duplicate fields in Warning headers, one each.
func warnStrict(w http.ResponseWriter, errs []error) {
	for _, e := range errs {
		for _, text := range yamlProblems(e.Error()) {
			addWarning(w, text)
		}
	}
}

// yamlProblems takes apart what a YAML reader says in one error of several lines, as parseYAMLWarnings does.
func yamlProblems(text string) []string {
	for _, prefix := range []string{"yaml: unmarshal errors:\n", "error converting YAML to JSON: yaml: unmarshal errors:\n"} {
		if lines, ok := strings.CutPrefix(text, prefix); ok {
			var problems []string
			for line := range strings.SplitSeq(lines, "\n") {
				problems = append(problems, strings.TrimSpace(line))
			}
			return problems
		}
	}
	return []string{text}
}

// checkTarget holds the name and namespace in an object against those of the URL, filling in the namespace.
func checkTarget(r *registry.Resource, obj store.Object, namespace, name string) error {
	if err := checkNamespace(r, obj, namespace); err != nil {
		return err
	}
	switch {
	case name == "", obj.GetName() == name:
		return nil
	case obj.GetName() == "":
		return badRequest("the name of the object (%s based on URL) was undeterminable: name must be provided", name)
	}
	return badRequest("the name of the object (%s) does not match the name on the URL (%s)", obj.GetName(), name)
}

// checkNamespace is EnsureObjectNamespaceMatchesRequestNamespace: an object without a namespace gets that of the URL, and one of
// a cluster-wide kind loses its own.
func checkNamespace(r *registry.Resource, obj store.Object, namespace string) error {
	switch {
	case !r.Namespaced:
		obj.SetNamespace("")
	case obj.GetNamespace() == "":
		obj.SetNamespace(namespace)
	case obj.GetNamespace() != namespace:
		return badRequest("the namespace of the provided object does not match the namespace sent on the request")
	}
	return nil
}

func badRequest(text string, args ...any) error {
	return apierrors.NewBadRequest(fmt.Sprintf(text, args...))
}

// asObject narrows what a decoder returned.
func asObject(obj runtime.Object) (store.Object, error) {
	o, ok := obj.(store.Object)
	if !ok {
		return nil, errors.New("the object has no metadata")
	}
	return o, nil
}
