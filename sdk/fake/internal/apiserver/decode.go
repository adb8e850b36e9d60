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
	body, err := decodeBody(w, req, t.resource.New(), t.resource.GroupVersionKind())
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
	s := f.info.StrictSerializer
	if validation == metav1.FieldValidationIgnore {
		s = f.info.Serializer
	}
	obj, got, err := s.Decode(body, &kind, into)
	if err != nil && runtime.IsStrictDecodingError(err) && validation != metav1.FieldValidationStrict && obj != nil {
		warnStrict(w, err)
		err = nil
	}
	if err == nil && *got != kind {
		err = wrongKind(*got, kind)
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

// summary shows the first bytes of a body that cannot be read.
func summary(body []byte) string {
	const most = 30
	if len(body) > most {
		return fmt.Sprintf("%x ...", body[:most])
	}
	return fmt.Sprintf("%x", body)
}

// warnStrict tells of unknown and duplicate fields in Warning headers, one each.
func warnStrict(w http.ResponseWriter, err error) {
	strict, _ := runtime.AsStrictDecodingError(err)
	for _, e := range strict.Errors() {
		addWarning(w, e.Error())
	}
}

// checkTarget holds the name and namespace in an object against those of the URL, filling in the namespace.
func checkTarget(r *registry.Resource, obj store.Object, namespace, name string) error {
	if name != "" {
		switch obj.GetName() {
		case name:
		case "":
			return badRequest("the name of the object (%s based on URL) was undeterminable: name must be provided", name)
		default:
			return badRequest("the name of the object (%s) does not match the name on the URL (%s)", obj.GetName(), name)
		}
	}
	if !r.Namespaced {
		if obj.GetNamespace() != "" {
			return badRequest("the namespace of the provided object does not match the namespace sent on the request")
		}
		return nil
	}
	if obj.GetNamespace() == "" {
		obj.SetNamespace(namespace)
	}
	if obj.GetNamespace() != namespace {
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
