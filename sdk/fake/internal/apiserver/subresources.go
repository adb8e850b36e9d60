package apiserver

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
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

// eviction deletes a pod in the name of someone who wants its node. Both versions of its kind are taken.
func (s *Server) eviction(w http.ResponseWriter, req *http.Request, t target) error {
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateCreateOptions(opts); len(errs) > 0 {
		return invalidOptions("CreateOptions", errs)
	}
	e := &policyv1.Eviction{}
	if _, err := decodeBody(w, req, e, policyv1.SchemeGroupVersion.WithKind("Eviction")); err != nil {
		return err
	}
	if err := checkNamespace(t.resource, e, t.namespace); err != nil {
		return err
	}
	if e.Name != t.name {
		return badRequest("name in URL does not match name in Eviction object")
	}
	deletion, err := evictionOptions(e, opts.DryRun)
	if err != nil {
		return err
	}
	if err := s.api.Evict(t.namespace, t.name, deletion); err != nil {
		return err
	}
	return writeObject(w, req, http.StatusCreated, nil, succeeded(http.StatusCreated))
}

// evictionOptions are the options of the deletion, as propagateDryRun completes them.
func evictionOptions(e *policyv1.Eviction, dryRun []string) (metav1.DeleteOptions, error) {
	var opts metav1.DeleteOptions
	if e.DeleteOptions != nil {
		opts = *e.DeleteOptions
	}
	switch {
	case len(opts.DryRun) == 0:
		opts.DryRun = dryRun
	case len(dryRun) > 0 && !slices.Equal(opts.DryRun, dryRun):
		//lint:ignore ST1005 these are the server's words
		return opts, fmt.Errorf("Non-matching dry-run options in request and content: %v and %v", dryRun, opts.DryRun)
	}
	return opts, nil
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

// chooseContainer is the container that is named, or the only one there is.
func chooseContainer(pod *corev1.Pod, name string) (string, error) {
	names, inits := containerNames(pod)
	if name == "" {
		if len(names) == 1 {
			return names[0], nil
		}
		text := fmt.Sprintf("a container name must be specified for pod %s, choose one of: [%s]", pod.Name, strings.Join(names, " "))
		if len(inits) > 0 {
			text += fmt.Sprintf(" or one of the init containers: [%s]", strings.Join(inits, " "))
		}
		return "", badRequest("%s", text)
	}
	for _, n := range append(append(names, inits...), ephemeralNames(pod)...) {
		if n == name {
			return name, nil
		}
	}
	return "", badRequest("container %s is not valid for pod %s", name, pod.Name)
}

func containerNames(pod *corev1.Pod) (names, inits []string) {
	for i := range pod.Spec.Containers {
		names = append(names, pod.Spec.Containers[i].Name)
	}
	for i := range pod.Spec.InitContainers {
		inits = append(inits, pod.Spec.InitContainers[i].Name)
	}
	return names, inits
}

func ephemeralNames(pod *corev1.Pod) []string {
	var names []string
	for i := range pod.Spec.EphemeralContainers {
		names = append(names, pod.Spec.EphemeralContainers[i].Name)
	}
	return names
}
