package events

import (
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/recent"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// remembered is for how many objects a recorder knows what it wrote, at least. Events of an object that was forgotten in
// between start anew, as client-go's do.
const remembered = 4096

// rememberedWords is how many different things to say a recorder knows, at least.
const rememberedWords = 64

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

	mu      sync.Mutex
	objects recent.Map[string, *history] // by subject
	words   recent.Map[said, *said]
}

// New returns a recorder for a component, on a host if it is not empty: "kubelet" and "minikube", or
// "replication-controller" and "".
func New(a *api.API, component, host string) *Recorder {
	return &Recorder{
		api:     a,
		source:  corev1.EventSource{Component: component, Host: host},
		options: api.WriteOptions{Manager: managerOf(component)},
		objects: recent.Map[string, *history]{Size: remembered},
		words:   recent.Map[said, *said]{Size: rememberedWords},
	}
}

// Event records that something happened to obj, or to the part of it that fieldPath names if it is not empty. typ is
// corev1.EventTypeNormal or corev1.EventTypeWarning. A nil obj is ignored.
func (r *Recorder) Event(obj store.Object, fieldPath, typ, reason, message string) {
	if obj == nil {
		return
	}
	ref := reference(obj, fieldPath)
	h, words := r.history(ref, said{fieldPath: fieldPath, typ: typ, reason: reason, message: message})
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	s, text := h.observe(now, words)
	if h.flooded(now) {
		return
	}
	if s.count == 1 || !r.repeat(ref, s, text) {
		r.create(h.latest(), ref, s, typ, reason, text)
	}
}

// Forget drops what is known of an object that is gone, of which there will be no more events.
func (r *Recorder) Forget(obj store.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.objects.Forget(subject(reference(obj, "")))
}

// history returns what is known of an object, and what is to be said of it as others of the recorder have it.
func (r *Recorder) history(ref corev1.ObjectReference, e said) (*history, *said) {
	key := subject(ref)
	r.mu.Lock()
	defer r.mu.Unlock()
	h, ok := r.objects.Get(key)
	if !ok {
		h = newHistory()
		r.objects.Put(key, h)
	}
	words, ok := r.words.Get(e)
	if !ok {
		words = &e
		r.words.Put(e, words)
	}
	return h, words
}

// subject tells objects apart: by their uid, or by kind and name those that were never stored.
func subject(ref corev1.ObjectReference) string {
	if ref.UID != "" {
		return string(ref.UID)
	}
	return ref.Kind + "/" + ref.Namespace + "/" + ref.Name
}

// repeat raises the count of an event and says whether it was still there.
func (r *Recorder) repeat(ref corev1.ObjectReference, s *seen, message string) bool {
	_, err := r.api.Update(registry.Events, namespaceOf(ref), nameAt(ref, s.named), r.options, func(o store.Object) error {
		e := o.(*corev1.Event)
		e.Count, e.LastTimestamp, e.Message = s.count, api.Now(), message
		return nil
	})
	return !apierrors.IsNotFound(err)
}

func (r *Recorder) create(after int64, ref corev1.ObjectReference, s *seen, typ, reason, message string) {
	first := metav1.Time{Time: time.Unix(0, s.first).UTC().Truncate(time.Second)}
	s.named = write(r.api, after, ref, r.options, func(meta metav1.ObjectMeta) *corev1.Event {
		return &corev1.Event{
			ObjectMeta:          meta,
			InvolvedObject:      ref,
			Reason:              reason,
			Message:             message,
			Source:              r.source,
			FirstTimestamp:      first,
			LastTimestamp:       api.Now(),
			Count:               s.count,
			Type:                typ,
			ReportingController: r.source.Component,
			ReportingInstance:   r.source.Host,
		}
	})
}
