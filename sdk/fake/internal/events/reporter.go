package events

import (
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/lru"
)

// seriesEnd is how long after its last repeat an event counts as a new one, as finishTime of client-go's broadcaster.
const seriesEnd = 6 * time.Minute

// Reporter writes events in the form that events.k8s.io/v1 gives them: with an action and one time instead of counts
// and two, and with a series where they repeat. Safe for concurrent use.
//
// A real broadcaster writes the first repeat at once and later ones every half hour; a Reporter writes them all.
type Reporter struct {
	api                  *api.API
	controller, instance string
	options              api.WriteOptions

	mu     sync.Mutex // held over writes: an event and its repeat must not overtake each other
	series *lru.Cache // of reportKey to *reported
	latest int64      // moment that an event is named by
}

// reportKey is what makes two events isomorphic in client-go's broadcaster. The note is no part of it, but the version
// of the object is.
type reportKey struct {
	typ, reason, action string
	regarding           corev1.ObjectReference
}

type reported struct {
	named int64
	count int32
	last  time.Time
}

// NewReporter returns a reporter for a controller, "default-scheduler" for example, and the instance of it that runs.
func NewReporter(a *api.API, controller, instance string) *Reporter {
	return &Reporter{
		api: a, controller: controller, instance: instance,
		options: api.WriteOptions{Manager: managerOf(controller), Version: eventsv1.SchemeGroupVersion},
		series:  lru.New(remembered),
	}
}

// Event records that action was carried out on obj. A nil obj is ignored.
func (r *Reporter) Event(obj store.Object, typ, reason, action, note string) {
	if obj == nil {
		return
	}
	key := reportKey{typ: typ, reason: reason, action: action, regarding: reference(obj, "")}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if v, ok := r.series.Get(key); ok {
		e := v.(*reported)
		if now.Sub(e.last) < seriesEnd && r.repeat(key, e, now) {
			return
		}
	}
	named := write(r.api, r.latest, key.regarding, r.options, func(meta metav1.ObjectMeta) *corev1.Event {
		return &corev1.Event{
			ObjectMeta:          meta,
			InvolvedObject:      key.regarding,
			Reason:              reason,
			Message:             note,
			Type:                typ,
			EventTime:           micro(now),
			Action:              action,
			ReportingController: r.controller,
			ReportingInstance:   r.instance,
		}
	})
	r.latest = max(r.latest, named)
	r.series.Add(key, &reported{named: named, count: 1, last: now})
}

func (r *Reporter) repeat(key reportKey, e *reported, now time.Time) bool {
	e.count++
	e.last = now
	_, err := r.api.Update(registry.Events, namespaceOf(key.regarding), nameAt(key.regarding, e.named), r.options, func(o store.Object) error {
		o.(*corev1.Event).Series = &corev1.EventSeries{Count: e.count, LastObservedTime: micro(now)}
		return nil
	})
	return !apierrors.IsNotFound(err)
}

func micro(t time.Time) metav1.MicroTime {
	return metav1.MicroTime{Time: t.UTC().Truncate(time.Microsecond)}
}
