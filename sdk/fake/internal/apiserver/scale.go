package apiserver

import (
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/types"
)

var scaleKind = autoscalingv1.SchemeGroupVersion.WithKind("Scale")

// scale shows and sets the replicas of a controller.
func (s *Server) scale(w http.ResponseWriter, req *http.Request, t target) error {
	var scale *autoscalingv1.Scale
	var err error
	switch t.verb {
	case "update":
		scale, err = s.updateScale(w, req, t)
	case "patch":
		scale, err = s.patchScale(w, req, t)
	default:
		scale, err = s.api.GetScale(t.resource, t.namespace, t.name)
	}
	if err != nil {
		return err
	}
	return writeObject(w, req, http.StatusOK, registry.Scales, scale)
}

func (s *Server) updateScale(w http.ResponseWriter, req *http.Request, t target) (*autoscalingv1.Scale, error) {
	opts := &metav1.UpdateOptions{}
	if err := decodeOptions(req, "UpdateOptions", opts); err != nil {
		return nil, err
	}
	if errs := validation.ValidateUpdateOptions(opts); len(errs) > 0 {
		return nil, invalidOptions("UpdateOptions", errs)
	}
	body := &autoscalingv1.Scale{}
	if _, err := decodeBody(w, req, body, scaleKind); err != nil {
		return nil, err
	}
	if err := checkTarget(registry.Scales, body, t.namespace, t.name); err != nil {
		return nil, err
	}
	return s.api.UpdateScale(t.resource, t.namespace, t.name, writeOptions(req, t, opts.FieldManager, opts.DryRun),
		func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
			if body.UID != "" && body.UID != was.UID {
				return nil, api.StorageConflict(t.resource, was, "UID", string(body.UID), string(was.UID))
			}
			return body.DeepCopy(), nil
		})
}

func (s *Server) patchScale(w http.ResponseWriter, req *http.Request, t target) (*autoscalingv1.Scale, error) {
	p, err := readPatch(req, t.resource)
	if p != nil {
		p.resource = nil // it is a Scale that is patched
	}
	if err != nil {
		return nil, err
	}
	o := writeOptions(req, t, p.options.FieldManager, p.options.DryRun)
	if p.kind == types.ApplyYAMLPatchType {
		scaled := t.resource
		t.resource = registry.Scales
		applied, err := p.applied(w, t)
		if err != nil {
			return nil, err
		}
		return s.api.ApplyScale(scaled, t.namespace, t.name, o, applied)
	}
	return s.api.UpdateScale(t.resource, t.namespace, t.name, o, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
		patched := &autoscalingv1.Scale{}
		if _, err := p.applyTo(w, store.NewEdition(was), patched, scaleKind); err != nil {
			return nil, err
		}
		return patched, checkTarget(registry.Scales, patched, t.namespace, t.name)
	})
}
