package apiserver

import (
	"net/http"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// binding puts a pod onto a node.
func (s *Server) binding(w http.ResponseWriter, req *http.Request, t target) error {
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateCreateOptions(opts); len(errs) > 0 {
		return invalidOptions("CreateOptions", errs)
	}
	b := &corev1.Binding{}
	if _, err := decodeBody(w, req, b, corev1.SchemeGroupVersion.WithKind("Binding")); err != nil {
		return err
	}
	if err := checkNamespace(t.resource, b, t.namespace); err != nil {
		return err
	}
	if t.name == "" { // the resource "bindings", older than the subresource
		t.name = b.Name
	}
	if b.Name != t.name {
		return badRequest("name in URL does not match name in Binding object")
	}
	if errs := bindingErrors(b); len(errs) > 0 {
		return errs.ToAggregate()
	}
	if err := s.api.Bind(t.namespace, t.name, b, len(opts.DryRun) > 0); err != nil {
		return err
	}
	return writeObject(w, req, http.StatusCreated, nil, succeeded(http.StatusCreated))
}

// succeeded is the answer of what answers no object.
func succeeded(code int32) *metav1.Status {
	return &metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusSuccess, Code: code}
}

// bindingErrors is ValidatePodBinding.
func bindingErrors(b *corev1.Binding) field.ErrorList {
	var errs field.ErrorList
	if b.Target.Kind != "" && b.Target.Kind != "Node" {
		errs = append(errs, field.NotSupported(field.NewPath("target", "kind"), b.Target.Kind, []string{"Node", "<empty>"}))
	}
	at := field.NewPath("target", "name")
	switch {
	case b.Target.Name == "":
		errs = append(errs, field.Required(at, ""))
	case len(errs) == 0:
		for _, text := range apivalidation.NameIsDNSSubdomain(b.Target.Name, false) {
			errs = append(errs, field.Invalid(at, b.Target.Name, text))
		}
	}
	return errs
}
