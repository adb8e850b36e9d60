package events

import (
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/lru"
)

// remembered is for how many objects a recorder knows what it wrote. Events of an object that was forgotten in
// between start anew, as client-go's do.
const remembered = 4096

// managers are the programs that the components are part of, who own the fields of what they write.
// A component that is not named here is a controller.
var managers = map[string]string{
	"kubelet":           "kubelet",
	"default-scheduler": "kube-scheduler",
}

func managerOf(component string) string {
	if m, ok := managers[component]; ok {
		return m
	}
	return "kube-controller-manager"
}

// Recorder writes the core/v1 events of one component. Safe for concurrent use; events of one object are written in
// the order of the calls.
type Recorder struct {
	api     *api.API
	source  corev1.EventSource
	options api.WriteOptions
	names   namer

	mu      sync.Mutex
	objects *lru.Cache // of objectKey to *history
}

// New returns a recorder for a component, on a host if it is not empty: "kubelet" and "minikube", or
// "replication-controller" and "".
func New(a *api.API, component, host string) *Recorder {
	return &Recorder{
		api:     a,
		source:  corev1.EventSource{Component: component, Host: host},
		options: api.WriteOptions{Manager: managerOf(component)},
		names:   namer{api: a},
		objects: lru.New(remembered),
	}
}

// Event records that something happened to obj, or to the part of it that fieldPath names if it is not empty. typ is
// corev1.EventTypeNormal or corev1.EventTypeWarning. A nil obj is ignored.
func (r *Recorder) Event(obj store.Object, fieldPath, typ, reason, message string) {
	if obj == nil {
		return
	}
	ref := reference(obj, fieldPath)
	h := r.history(ref)
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	s, text := h.observe(now, said{fieldPath: fieldPath, typ: typ, reason: reason, message: message})
	if h.flooded(now) {
		return
	}
	if s.count == 1 || !r.repeat(ref, s, text) {
		r.create(ref, s, typ, reason, text)
	}
}

// history returns what is known of an object.
func (r *Recorder) history(ref corev1.ObjectReference) *history {
	ref.FieldPath, ref.ResourceVersion = "", ""
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, ok := r.objects.Get(ref); ok {
		return h.(*history)
	}
	h := newHistory()
	r.objects.Add(ref, h)
	return h
}

// repeat raises the count of an event and says whether it was still there.
func (r *Recorder) repeat(ref corev1.ObjectReference, s *seen, message string) bool {
	_, err := r.api.Update(registry.Events, namespaceOf(ref), s.name, r.options, func(o store.Object) error {
		e := o.(*corev1.Event)
		e.Count, e.LastTimestamp, e.Message = s.count, api.Now(), message
		return nil
	})
	return !apierrors.IsNotFound(err)
}

func (r *Recorder) create(ref corev1.ObjectReference, s *seen, typ, reason, message string) {
	s.name = r.names.create(ref, r.options, func(meta metav1.ObjectMeta) *corev1.Event {
		return &corev1.Event{
			ObjectMeta:          meta,
			InvolvedObject:      ref,
			Reason:              reason,
			Message:             message,
			Source:              r.source,
			FirstTimestamp:      s.first,
			LastTimestamp:       api.Now(),
			Count:               s.count,
			Type:                typ,
			ReportingController: r.source.Component,
			ReportingInstance:   r.source.Host,
		}
	})
}
