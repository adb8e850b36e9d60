package apiserver

import (
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

// delete removes one object, or begins to.
func (s *Server) delete(w http.ResponseWriter, req *http.Request, t target) error {
	opts, err := deleteOptions(req, t)
	if err != nil {
		return err
	}
	obj, gone, err := s.api.Delete(t.resource, t.namespace, t.name, *opts, writeOptions(req, t, "", opts.DryRun))
	if err != nil {
		return err
	}
	if gone && !t.resource.ReturnDeleted {
		return writeObject(w, req, http.StatusOK, nil, &metav1.Status{
			TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
			Status:   metav1.StatusSuccess,
			Details:  &metav1.StatusDetails{Name: t.name, Group: t.resource.Group, Kind: t.resource.Name, UID: obj.GetUID()},
		})
	}
	code := http.StatusOK
	if orphan := opts.OrphanDependents; !gone && orphan != nil && !*orphan { // deprecated, but old clients send it
		code = http.StatusAccepted
	}
	return writeObject(w, req, code, t.resource, obj)
}

// deleteOptions are in the body or, if there is none, in the query.
func deleteOptions(req *http.Request, t target) (*metav1.DeleteOptions, error) {
	opts := &metav1.DeleteOptions{}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		err = decodeOptions(req, "DeleteOptions", opts)
	} else {
		err = decodeDeleteOptions(req, body, t.resource.GroupVersion(), opts)
	}
	if err != nil {
		return nil, err
	}
	if errs := validation.ValidateDeleteOptions(opts); len(errs) > 0 {
		return nil, invalidOptions("DeleteOptions", errs)
	}
	return opts, nil
}

// decodeDeleteOptions reads a body, whose kind may be given in any group that has it: each of Kubernetes' own, and that of the resource.
func decodeDeleteOptions(req *http.Request, body []byte, gv schema.GroupVersion, into *metav1.DeleteOptions) error {
	f, err := bodyFormat(req)
	if err != nil {
		return err
	}
	kind := schema.GroupVersionKind{Version: "v1", Kind: "DeleteOptions"} // the options stand in every group version
	obj, given, err := f.info.Serializer.Decode(body, &kind, into)
	if runtime.IsNotRegisteredError(err) && given != nil && *given == gv.WithKind(kind.Kind) {
		obj, _, err = f.optionsSerializer(gv).Decode(body, &kind, into)
	}
	if err != nil {
		return badRequest("%v", err)
	}
	if opts, ok := obj.(*metav1.DeleteOptions); !ok {
		return badRequest("decoded object cannot be converted to DeleteOptions")
	} else if opts != into {
		opts.DeepCopyInto(into)
	}
	return nil
}

// optionsSerializer reads the options of a group that users have defined, which clients that know its types send (the parameterScheme of
// apiextensions-apiserver's crdHandler).
func (f *format) optionsSerializer(gv schema.GroupVersion) runtime.Serializer {
	s := runtime.NewScheme()
	s.AddUnversionedTypes(gv, &metav1.DeleteOptions{})
	info, _ := runtime.SerializerInfoForMediaType(serializer.NewCodecFactory(s).SupportedMediaTypes(), f.mediaType)
	return info.Serializer
}

// deleteCollection removes what a list with the same query shows, and answers that list.
func (s *Server) deleteCollection(w http.ResponseWriter, req *http.Request, t target) error {
	want, err := negotiate(req)
	if err != nil {
		return err
	}
	sel, err := newSelection(t, req.URL.Query())
	if err != nil {
		return err
	}
	list, err := listOptions(cloneWithout(req.URL.Query(), "resourceVersion", "resourceVersionMatch"), false)
	if err != nil {
		return err
	}
	opts, err := deleteOptions(req, t)
	if err != nil {
		return err
	}
	p, err := s.page(sel, list)
	if err != nil {
		return err
	}
	if err := s.deleteAll(t, p.objects(), *opts, req); err != nil {
		return err
	}
	return writeList(w, req, want, t.resource, p)
}

// deleteAll deletes each object; one that somebody else deletes meanwhile is fine.
func (s *Server) deleteAll(t target, objs []store.Object, opts metav1.DeleteOptions, req *http.Request) error {
	for _, o := range objs {
		_, _, err := s.api.Delete(t.resource, o.GetNamespace(), o.GetName(), opts, writeOptions(req, t, "", opts.DryRun))
		if err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}
