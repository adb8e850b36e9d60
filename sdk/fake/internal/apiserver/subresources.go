package apiserver

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/stream"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// binding puts a pod onto a node.
func (s *Server) binding(w http.ResponseWriter, req *http.Request, t target) error {
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	b := &corev1.Binding{}
	if _, err := decodeBody(w, req, b, corev1.SchemeGroupVersion.WithKind("Binding")); err != nil {
		return err
	}
	if b.Name != "" && b.Name != t.name {
		return badRequest("name in URL does not match name in Binding object")
	}
	if errs := bindingErrors(b); len(errs) > 0 {
		return errs.ToAggregate()
	}
	if err := s.api.Bind(t.namespace, t.name, b, len(opts.DryRun) > 0); err != nil {
		return err
	}
	return writeObject(w, req, http.StatusCreated, nil, &metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusSuccess, Code: http.StatusCreated,
	})
}

// bindingErrors is ValidatePodBinding.
func bindingErrors(b *corev1.Binding) field.ErrorList {
	var errs field.ErrorList
	if b.Target.Kind != "" && b.Target.Kind != "Node" {
		errs = append(errs, field.NotSupported(field.NewPath("target", "kind"), b.Target.Kind, []string{"Node", "<empty>"}))
	}
	if b.Target.Name == "" {
		errs = append(errs, field.Required(field.NewPath("target", "name"), ""))
	}
	return errs
}

// scale shows and sets the replicas of a controller.
func (s *Server) scale(w http.ResponseWriter, req *http.Request, t target) error {
	kind := autoscalingv1.SchemeGroupVersion.WithKind("Scale")
	var change func(*autoscalingv1.Scale) (*autoscalingv1.Scale, error)
	o := writeOptions(req, t, req.URL.Query().Get("fieldManager"), req.URL.Query()["dryRun"])
	switch t.verb {
	case "get":
		obj, err := s.api.Get(t.resource, t.namespace, t.name)
		if err != nil {
			return err
		}
		return s.writeScale(w, req, api.ScaleOf(obj.(*corev1.ReplicationController)))
	case "update":
		body := &autoscalingv1.Scale{}
		if _, err := decodeBody(w, req, body, kind); err != nil {
			return err
		}
		change = func(*autoscalingv1.Scale) (*autoscalingv1.Scale, error) { return body.DeepCopy(), nil }
	case "patch":
		p, err := readPatch(req)
		if err != nil {
			return err
		}
		change = func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
			patched := &autoscalingv1.Scale{}
			_, err := p.applyTo(w, was, patched, kind)
			return patched, err
		}
	}
	updated, err := s.api.UpdateScale(t.namespace, t.name, o, change)
	if err != nil {
		return err
	}
	return s.writeScale(w, req, updated)
}

func (s *Server) writeScale(w http.ResponseWriter, req *http.Request, scale *autoscalingv1.Scale) error {
	return writeObject(w, req, http.StatusOK, registry.Scales, scale)
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

// portForward carries connections into a pod.
func (s *Server) portForward(w http.ResponseWriter, req *http.Request, t target) error {
	pod, err := s.pod(t)
	if err != nil {
		return err
	}
	if pod.Spec.NodeName == "" {
		return badRequest("pod %s does not have a host assigned", t.name)
	}
	node, err := s.nodeOf(pod)
	if err != nil {
		return err
	}
	return stream.ServePortForward(w, req, t.name, podDialer{node, pod})
}

// podDialer dials the loopback of one pod.
type podDialer struct {
	node Node
	pod  *corev1.Pod
}

func (d podDialer) DialPort(ctx context.Context, port uint16) (net.Conn, error) {
	return d.node.DialPort(ctx, d.pod.Namespace, d.pod.Name, d.pod.UID, port)
}

func (s *Server) pod(t target) (*corev1.Pod, error) {
	obj, err := s.api.Get(t.resource, t.namespace, t.name)
	if err != nil {
		return nil, err
	}
	return obj.(*corev1.Pod), nil
}

func (s *Server) nodeOf(pod *corev1.Pod) (Node, error) {
	node, ok := s.node(pod.Spec.NodeName)
	if !ok {
		return nil, apierrors.NewNotFound(registry.Nodes.GroupResource(), pod.Spec.NodeName)
	}
	return node, nil
}
