package crd

import (
	"errors"
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apiversion "k8s.io/apimachinery/pkg/version"
)

// Kind is a definition, compiled. It is never written to.
type Kind struct {
	Definition *apiextensionsv1.CustomResourceDefinition
	Versions   []*Version // in the order of the definition
}

// Compile makes of a definition all that can be made before there is an object. The definition must be valid, see [Errors], and have its
// names accepted, see [Establish]; it belongs to the kind from then on.
func Compile(d *apiextensionsv1.CustomResourceDefinition) (*Kind, error) {
	k := &Kind{Definition: d}
	for i := range d.Spec.Versions {
		v, err := compile(k, &d.Spec.Versions[i])
		if err != nil {
			return nil, fmt.Errorf("serve %s in version %s: %w", d.Name, d.Spec.Versions[i].Name, err)
		}
		k.Versions = append(k.Versions, v)
	}
	return k, nil
}

// Namespaced says whether objects of the kind are in namespaces.
func (k *Kind) Namespaced() bool {
	return k.Definition.Spec.Scope == apiextensionsv1.NamespaceScoped
}

// version finds a version by name, or returns nil.
func (k *Kind) version(name string) *Version {
	for _, v := range k.Versions {
		if v.Spec.Name == name {
			return v
		}
	}
	return nil
}

// stored is the version in which objects are kept.
func (k *Kind) stored() string {
	for _, v := range k.Versions {
		if v.Spec.Storage {
			return v.Spec.Name
		}
	}
	return ""
}

// Refusal is why there may be no new objects of the kind; empty if there may.
func (k *Kind) Refusal() string {
	if isTrue(k.Definition, apiextensionsv1.Terminating) {
		return "create not allowed while custom resource definition is terminating"
	}
	return ""
}

// Converts says whether a stored object can look otherwise than it was written: there are several versions, or were other schemas.
func (k *Kind) Converts() bool { return len(k.Versions) > 1 || k.Definition.Generation > 1 }

// Show is a stored object in this version: converted as the strategy None converts, which is by name only, with the fields and defaults
// of the schema as it is now.
func (v *Version) Show(stored store.Object) store.Object {
	shown := stored.DeepCopyObject().(*unstructured.Unstructured)
	shown.SetGroupVersionKind(v.GroupVersionKind())
	v.prune(shown.Object)
	v.SetDefaults(shown)
	return shown
}

// Keep names the version of the store in an object of this version.
func (v *Version) Keep(obj store.Object) {
	gvk := v.GroupVersionKind()
	gvk.Version = v.kind.stored()
	obj.GetObjectKind().SetGroupVersionKind(gvk)
}

// Unavailable is why the version cannot be asked for although it is served: its objects are stored in another one, and only a webhook
// could convert them.
func (v *Version) Unavailable() error {
	c := v.kind.Definition.Spec.Conversion
	if c == nil || c.Strategy != apiextensionsv1.WebhookConverter || v.Spec.Storage {
		return nil
	}
	stored := v.GroupVersionKind()
	stored.Version = v.kind.stored()
	return fmt.Errorf("conversion webhook for %s failed: %w", stored, errNoWebhook)
}

var errNoWebhook = errors.New("the fake calls no conversion webhooks; ask for the version that is stored, or let spec.conversion.strategy be None")

// Deprecation is what whoever asks for the version is warned of; empty for a version that is not deprecated.
func (v *Version) Deprecation() string {
	d := v.kind.Definition
	switch {
	case !v.Spec.Deprecated:
		return ""
	case v.Spec.DeprecationWarning != nil:
		return *v.Spec.DeprecationWarning
	}
	text := fmt.Sprintf("%s/%s %s is deprecated", d.Spec.Group, v.Spec.Name, d.Spec.Names.Kind)
	best := v.Spec.Name
	for _, o := range d.Spec.Versions {
		if o.Served && !o.Deprecated && apiversion.CompareKubeAwareVersionStrings(best, o.Name) < 0 {
			best = o.Name
		}
	}
	if best == v.Spec.Name {
		return text
	}
	return fmt.Sprintf("%s; use %s/%s %s", text, d.Spec.Group, best, d.Spec.Names.Kind)
}
