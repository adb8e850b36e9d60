package api

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/recent"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// sharing has the objects of a cluster share what they say of who owns their fields: objects of one kind that came about in the same way
// say the same, and that would be a third of what a pod weighs. What nobody has said for a while is forgotten, such as sets that name an
// address; of those that come again there are two then. Nobody can tell, since what is stored never changes.
type sharing struct {
	seed maphash.Seed

	mu    sync.Mutex
	sets  recent.Map[uint64, *metav1.FieldsV1]           // by hash; nil for one that was met once
	lists recent.Map[owner, []metav1.ManagedFieldsEntry] // of objects that have one manager
	pods  podParts
}

// owner is a manager, and when it wrote last.
type owner struct {
	set                           *metav1.FieldsV1
	manager, version, subresource string
	operation                     metav1.ManagedFieldsOperationType
	second                        int64
}

func newSharing() sharing {
	const remembered = 1024
	return sharing{
		seed:  maphash.MakeSeed(),
		sets:  recent.Map[uint64, *metav1.FieldsV1]{Size: remembered},
		lists: recent.Map[owner, []metav1.ManagedFieldsEntry]{Size: remembered},
	}
}

// share gives obj, which is about to be stored in place of old and never changed again, what others have already. old is nil for a new
// object.
func (s *sharing) share(old, obj store.Object) {
	entries := slices.Clip(slices.Clone(obj.GetManagedFields())) // which may be those of a version that is stored
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range entries {
		e := &entries[i]
		if e.FieldsV1 != nil {
			e.FieldsV1 = s.set(e.FieldsV1)
		}
		if e.Time != nil { // of which no reader ever sees more
			e.Time = &metav1.Time{Time: e.Time.UTC().Truncate(time.Second)}
		}
	}
	if len(entries) == 1 && entries[0].Time != nil {
		entries = s.list(entries)
	}
	if len(entries) > 0 {
		obj.SetManagedFields(entries)
	}
	if pod, ok := obj.(*corev1.Pod); ok {
		was, _ := old.(*corev1.Pod)
		s.pods.share(was, pod)
	}
}

// set is the one that is like f. One that is met for the first time is not kept: those of most pods name an address, and never come again.
// s.mu is held.
func (s *sharing) set(f *metav1.FieldsV1) *metav1.FieldsV1 {
	hash := maphash.Bytes(s.seed, f.GetRawBytes())
	known, met := s.sets.Get(hash)
	switch {
	case !met:
		s.sets.Put(hash, nil)
	case known == nil || !known.Equal(*f):
		s.sets.Put(hash, f)
	default:
		return known
	}
	return f
}

// list is the one that is like entries, of which there is one. s.mu is held.
func (s *sharing) list(entries []metav1.ManagedFieldsEntry) []metav1.ManagedFieldsEntry {
	e := &entries[0]
	key := owner{e.FieldsV1, e.Manager, e.APIVersion, e.Subresource, e.Operation, e.Time.Unix()}
	if known, ok := s.lists.Get(key); ok {
		return known
	}
	s.lists.Put(key, entries)
	return entries
}
