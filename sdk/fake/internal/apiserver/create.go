package apiserver

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	internalscheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// create stores the object in the body.
func (s *Server) create(w http.ResponseWriter, req *http.Request, t target) error {
	if t.resource.Namespaced {
		if err := s.api.CheckNamespace(t.resource, t.namespace); err != nil {
			return err
		}
	}
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateCreateOptions(opts); len(errs) > 0 {
		return invalidOptions("CreateOptions", errs)
	}
	obj, err := sentObject(w, req, t)
	if err != nil {
		return err
	}
	o := writeOptions(req, t, opts.FieldManager, opts.DryRun)
	o.Warn = warnOnce(w)
	created, err := s.api.Create(t.resource, obj, o)
	if err != nil {
		return err
	}
	return s.answer(w, req, http.StatusCreated, t.resource, created)
}

// decodeOptions reads a verb's options from the query.
func decodeOptions(req *http.Request, kind string, into runtime.Object) error {
	if err := internalscheme.ParameterCodec.DecodeParameters(req.URL.Query(), metav1.SchemeGroupVersion, into); err != nil {
		return badRequest("%v", err)
	}
	into.GetObjectKind().SetGroupVersionKind(metav1.SchemeGroupVersion.WithKind(kind))
	return nil
}

func invalidOptions(kind string, errs field.ErrorList) error {
	return apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: kind}, "", errs)
}

func writeOptions(req *http.Request, t target, manager string, dryRun []string) api.WriteOptions {
	o := api.WriteOptions{Manager: manager, DryRun: len(dryRun) > 0}
	if manager == "" {
		o.Manager = agentManager(req.UserAgent())
	}
	if t.subresource != nil {
		o.Subresource = t.subresource.Name
	}
	return o
}

// agentManager is the field manager of a client that names none: its User-Agent up to the slash, what is printable
// of it, as far as it may be long.
func agentManager(agent string) string {
	name, _, _ := strings.Cut(agent, "/")
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, name)
	for len(name) > validation.FieldManagerMaxLength {
		name = name[:len(name)-1]
	}
	return strings.ToValidUTF8(name, "")
}
