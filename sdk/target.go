package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// Target is what Wait, Diagnose, Logs, PortForward and Scale act on: [PodNamed], [ControllerNamed], [ServiceNamed],
// [Selected], [SelectedText], or any [Object]. Of an Object only its kind, namespace, name and UID count. A target
// without a namespace is in the client's.
type Target interface {
	GetNamespace() string
	GetName() string
	GetObjectKind() schema.ObjectKind
}

// PodNamed is the pod of that name.
func PodNamed(name string) Target { return byName(podKind, name) }

// ControllerNamed is the ReplicationController of that name. Logs are those of all its pods, a
// port-forward goes to one of them.
func ControllerNamed(name string) Target { return byName(controllerKind, name) }

// ServiceNamed is the Service of that name. Logs are those of all pods that its selector chooses, a port-forward goes to one of
// them. One without a selector is an error when it is used: what it leads to is no pod.
func ServiceNamed(name string) Target { return byName(serviceKind, name) }

// Selected is the pods that a label selector chooses. When it is used, a selector that is empty is an error, unless it is
// selector.All(): it would mean every pod. So are selector.Nothing and what has no text that means the same.
func Selected(s selector.Selector) Target {
	return selection{byName(podKind, ""), func() (selector.Selector, error) { return s, nil }}
}

// SelectedText is [Selected] for the syntax of kubectl's -l. When it is used, what is not in it is an error that says where
// and what was probably meant: see selector.SyntaxError.
func SelectedText(text string) Target {
	return selection{byName(podKind, ""), func() (selector.Selector, error) { return selector.ParseStrict(text) }}
}

type selection struct {
	Target
	selector func() (selector.Selector, error)
}

func byName(k kind, name string) Target {
	m := &metav1.PartialObjectMetadata{}
	m.SetGroupVersionKind(k.GroupVersionKind)
	m.Name = name
	return m
}

// reference is a target made definite: one object, or the pods of a selector.
type reference struct {
	kind
	namespace, name string
	uid             types.UID // empty for any
	selected        bool      // it is pods, by labels
	labels          string
	object          Object // the target itself, if it can be filled
}

func (r reference) String() string {
	if r.selected {
		return fmt.Sprintf("pods of %s in %s", cmp.Or(r.labels, "any labels"), r.namespace)
	}
	return describeRef(r.Kind, r.namespace, r.name)
}

func (r reference) single() error {
	if r.selected {
		return errors.New("a selection of pods cannot be scaled; name a controller")
	}
	return nil
}

// nameField begins the field selector of one object.
const nameField = "metadata.name="

// scope is where a list or watch finds the reference.
func (r reference) scope() scope {
	s := scope{kind: r.kind, namespace: r.namespace, labels: r.labels}
	if !r.selected {
		s.fields = nameField + r.name
	}
	return s
}

func (c *Client) refOf(ctx context.Context, target Target) (reference, error) {
	if target == nil {
		return reference{}, errors.New("no target given")
	}
	if s, ok := target.(selection); ok {
		return c.selected(s)
	}
	ref, gvk, err := c.pointOut(target)
	if err != nil {
		return ref, fmt.Errorf("%T: %w", target, err)
	}
	k, err := c.lookup(ctx, gvk)
	if err != nil {
		return ref, fmt.Errorf("%s: %w", gvk.Kind, err)
	}
	ref.kind, ref.name, ref.namespace = k, target.GetName(), c.namespaceOf(k, target.GetNamespace())
	if err := named(ref.name); err != nil {
		return ref, fmt.Errorf("%s: %w", k.Kind, err)
	}
	return ref, nil
}

// pointOut finds out which kind a target is of, and what it says besides its name.
func (c *Client) pointOut(target Target) (reference, schema.GroupVersionKind, error) {
	obj, ok := target.(Object)
	if !ok {
		return reference{}, target.GetObjectKind().GroupVersionKind(), nil
	}
	if m, ok := target.(*metav1.PartialObjectMetadata); ok && m != nil {
		return reference{uid: m.UID}, m.GroupVersionKind(), nil
	}
	gvk, err := c.gvkOf(obj)
	if err != nil {
		return reference{}, gvk, err
	}
	return reference{uid: obj.GetUID(), object: obj}, gvk, nil
}

func (c *Client) selected(s selection) (reference, error) {
	ref := reference{kind: podKind, namespace: c.namespace, selected: true}
	chosen, err := s.selector()
	if err != nil {
		return ref, fmt.Errorf("pods: %w", err)
	}
	if chosen.IsEmpty() && !chosen.IsAll() {
		return ref, errors.New("pods: the selector is empty and chooses every pod: if that is meant, give Selected(selector.All())")
	}
	if ref.labels, err = chosen.Query(); err != nil {
		return ref, fmt.Errorf("pods of %q: %w", chosen, err)
	}
	return ref, nil
}

// podsOf returns the pods that a reference stands for, at least one, those most worth talking to
// first: ready, then running, then by age and name.
func (c *Client) podsOf(ctx context.Context, ref reference) ([]corev1.Pod, error) {
	if ref.kind == podKind && !ref.selected {
		return c.onePod(ctx, ref)
	}
	s := scope{kind: podKind, namespace: ref.namespace, labels: ref.labels}
	if ref.kind != podKind {
		labels, err := c.podSelector(ctx, ref)
		if err != nil {
			return nil, err
		}
		s.labels = labels
	}
	var list corev1.PodList
	if err := c.list(ctx, s, &list); err != nil {
		return nil, s.failed("list", err)
	}
	if len(list.Items) == 0 && s.labels == "" {
		return nil, fmt.Errorf("no pod is in %s", s.namespace)
	}
	if len(list.Items) == 0 {
		return nil, fmt.Errorf("no pod has the labels %s in %s", s.labels, s.namespace)
	}
	slices.SortStableFunc(list.Items, preferred)
	return list.Items, nil
}

func (c *Client) onePod(ctx context.Context, ref reference) ([]corev1.Pod, error) {
	var pod corev1.Pod
	if err := c.fetch(ctx, podKind, ref.namespace, ref.name, &pod); err != nil {
		return nil, err
	}
	if ref.uid != "" && ref.uid != pod.UID {
		return nil, replaced(podKind, ref.name)
	}
	return []corev1.Pod{pod}, nil
}

// podSelector returns the selector by which a controller or a Service finds its pods.
func (c *Client) podSelector(ctx context.Context, ref reference) (string, error) {
	switch ref.kind {
	case controllerKind:
	case serviceKind:
		return c.serviceSelector(ctx, ref)
	default:
		return "", fmt.Errorf("the pods of a %s are not known; name a pod, a ReplicationController, a Service or a selector", ref.Kind)
	}
	var rc corev1.ReplicationController
	if err := c.fetch(ctx, ref.kind, ref.namespace, ref.name, &rc); err != nil {
		return "", err
	}
	return selector.FromSet(rc.Spec.Selector).Query()
}

func preferred(a, b corev1.Pod) int {
	if d := rank(&b) - rank(&a); d != 0 {
		return d
	}
	if d := a.CreationTimestamp.Compare(b.CreationTimestamp.Time); d != 0 {
		return d
	}
	if a.Name < b.Name {
		return -1
	}
	return 1
}

func rank(pod *corev1.Pod) int {
	switch {
	case pod.DeletionTimestamp != nil:
		return 0
	case pod.Status.Phase != corev1.PodRunning:
		return 1
	case !podConditionTrue(pod, corev1.PodReady):
		return 2
	}
	return readyRank
}

const readyRank = 3
