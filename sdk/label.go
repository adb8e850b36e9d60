package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// OverwriteError says that a label or annotation was not changed, because it has a value already
// and [Overwrite] was not given.
type OverwriteError struct {
	Field    string // "label" or "annotation"
	Key      string
	Old, New string
}

func (e *OverwriteError) Error() string {
	return fmt.Sprintf("%s %s is %q already, not %q; give Overwrite to change it", e.Field, e.Key, e.Old, e.New)
}

// Label adds labels to the object that obj names, and fills obj with the result. A key that has
// another value already is an [OverwriteError] for each, and nothing is changed, unless [Overwrite]
// is given; [Remove] takes keys away.
//
// All is one write, made against the object that was looked at: a change by somebody else in between is seen
// and judged anew, never overwritten. Where all is as wanted already, nothing is written.
func (c *Client) Label(ctx context.Context, obj Object, labels map[string]string, opts ...LabelOption) error {
	return c.relabel(ctx, labelField, obj, labels, opts)
}

// Annotate does for annotations what [Client.Label] does for labels.
func (c *Client) Annotate(ctx context.Context, obj Object, annotations map[string]string, opts ...LabelOption) error {
	return c.relabel(ctx, annotationField, obj, annotations, opts)
}

// labelling is what differs between labels and annotations.
type labelling struct {
	verb, noun, field string
	of                func(Object) map[string]string
}

var (
	labelField      = labelling{"label", "label", "labels", Object.GetLabels}
	annotationField = labelling{"annotate", "annotation", "annotations", Object.GetAnnotations}
)

// relabelTries bounds how often a change by somebody else is met before the conflict is reported.
const relabelTries = 10

func (c *Client) relabel(ctx context.Context, l labelling, obj Object, want map[string]string, opts []LabelOption) error {
	var o labelOptions
	for _, opt := range opts {
		opt(&o)
	}
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing(l.verb, k, obj, err)
	}
	namespace, name := c.namespaceOf(k, obj.GetNamespace()), obj.GetName()
	for range relabelTries {
		var stale bool
		if stale, err = c.relabelOnce(ctx, l, k, namespace, obj, want, o); !stale {
			break
		}
	}
	if err != nil {
		return failed(l.verb, k, namespace, name, err)
	}
	return nil
}

var errReplaced = errors.New("another object has taken the name")

// relabelOnce reports besides the error whether it came of a change by somebody else in between.
func (c *Client) relabelOnce(ctx context.Context, l labelling, k kind, namespace string, obj Object, want map[string]string, o labelOptions) (stale bool, err error) {
	now := obj.DeepCopyObject().(Object)
	if err := c.fetch(ctx, k, namespace, obj.GetName(), now); err != nil {
		return false, err
	}
	if uid := obj.GetUID(); uid != "" && uid != now.GetUID() {
		return false, replaced(k, obj.GetName())
	}
	change, err := l.change(l.of(now), want, o)
	if err != nil {
		return false, err
	}
	if len(change) == 0 {
		assign(obj, now)
		return false, nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"resourceVersion": now.GetResourceVersion(),
		l.field:           change,
	}})
	if err != nil {
		return false, err
	}
	r, err := c.request(http.MethodPatch, k)
	if err != nil {
		return false, err
	}
	r = c.managed(r.NamespaceIfScoped(namespace, k.namespaced).Name(obj.GetName()))
	r = r.SetHeader("Content-Type", string(types.MergePatchType)).Body(patch)
	err = fill(r.Do(ctx), k.GroupVersionKind, obj)
	return apierrors.IsConflict(err), err
}

// change returns the merge patch that leads from have to what is wanted; nil values remove.
func (l labelling) change(have, want map[string]string, o labelOptions) (map[string]*string, error) {
	change := map[string]*string{}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(want)) {
		old, exists := have[key]
		value := want[key]
		switch {
		case slices.Contains(o.remove, key):
			errs = append(errs, fmt.Errorf("%s %s is both set and removed", l.noun, key))
		case exists && old == value:
		case exists && !o.overwrite:
			errs = append(errs, &OverwriteError{Field: l.noun, Key: key, Old: old, New: value})
		default:
			change[key] = &value
		}
	}
	for _, key := range o.remove {
		if _, exists := have[key]; exists {
			change[key] = nil
		}
	}
	return change, errors.Join(errs...)
}

// replaced is a Conflict, so that callers see it as the API's own, which trying again does not mend.
func replaced(k kind, name string) error {
	return apierrors.NewConflict(schema.GroupResource{Group: k.Group, Resource: k.resource}, name, errReplaced)
}
