package controllers

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/index"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/utils/ptr"
)

// podIndex knows which pods belong to which ReplicationController. Each event costs the same however many pods there
// are; only a change of a ReplicationController's spec looks at all of its pods.
type podIndex struct {
	dirty   func(types.NamespacedName)
	sets    map[types.NamespacedName]*podSet
	pods    map[types.NamespacedName]*podState               // active ones of ReplicationControllers and of nobody
	owned   map[types.UID]map[types.NamespacedName]*podState // those of them that name a controller
	orphans map[string]map[types.NamespacedName]*podState    // the others, by namespace
	spaces  map[string]map[types.NamespacedName]*podSet      // the sets by namespace
	byUID   map[types.UID]*podSet

	selectors *index.Selectors[types.NamespacedName] // those of the sets
}

// podSet is one ReplicationController and what is known of its pods. Pods that it controls but does not select do not
// count.
type podSet struct {
	rc       *corev1.ReplicationController
	selector selector.Selector
	template selector.Selector                  // of what has all labels of the template
	pods     map[types.NamespacedName]*podState // those that count

	labeled, ready int
	release, adopt map[types.NamespacedName]struct{}
	statusAt       statusThrottle
}

// podState is an active pod.
type podState struct {
	pod   *corev1.Pod
	owner types.UID // of its controller, a ReplicationController; empty if it has none
	set   *podSet   // where it counts, if anywhere
}

func newPodIndex(dirty func(types.NamespacedName)) *podIndex {
	return &podIndex{
		dirty:   dirty,
		sets:    map[types.NamespacedName]*podSet{},
		pods:    map[types.NamespacedName]*podState{},
		owned:   map[types.UID]map[types.NamespacedName]*podState{},
		orphans: map[string]map[types.NamespacedName]*podState{},
		spaces:  map[string]map[types.NamespacedName]*podSet{},
		byUID:   map[types.UID]*podSet{},

		selectors: index.NewSelectors[types.NamespacedName](),
	}
}

func (x *podIndex) observe(e store.Event) {
	switch o := e.Object.(type) {
	case *corev1.ReplicationController:
		x.observeSet(e.Type, o)
	case *corev1.Pod:
		x.observePod(e.Type, o)
	}
}

func (x *podIndex) observeSet(t watch.EventType, rc *corev1.ReplicationController) {
	name := nameOf(rc)
	s := x.sets[name]
	if t == watch.Deleted || s != nil && s.rc.UID != rc.UID {
		x.dropSet(name)
		s = nil
	}
	if t == watch.Deleted {
		return
	}
	x.dirty(name)
	if s != nil && s.rc.Generation == rc.Generation {
		s.rc = rc
		return
	}
	if s == nil {
		s = &podSet{}
		x.sets[name] = s
		x.byUID[rc.UID] = s
		put(x.spaces, rc.Namespace, name, s)
	}
	s.rc = rc
	x.recount(s)
}

func (x *podIndex) dropSet(name types.NamespacedName) {
	s := x.sets[name]
	if s == nil {
		return
	}
	for _, p := range s.pods {
		p.set = nil
	}
	delete(x.sets, name)
	delete(x.byUID, s.rc.UID)
	x.selectors.Delete(name)
	drop(x.spaces, name.Namespace, name)
}

// recount starts a set anew, for its selector or template may be another.
func (x *podIndex) recount(s *podSet) {
	s.selector, s.template = selectorOf(s.rc), selector.Nothing()
	if s.rc.Spec.Template != nil {
		s.template = selector.FromSet(s.rc.Spec.Template.Labels)
	}
	x.selectors.Set(nameOf(s.rc), s.rc.Namespace, s.selector)
	s.pods = map[types.NamespacedName]*podState{}
	s.labeled, s.ready = 0, 0
	s.release, s.adopt = map[types.NamespacedName]struct{}{}, map[types.NamespacedName]struct{}{}
	for name, p := range x.owned[s.rc.UID] {
		s.place(name, p)
	}
	for name, p := range x.orphans[s.rc.Namespace] {
		s.place(name, p)
	}
}

func (x *podIndex) observePod(t watch.EventType, pod *corev1.Pod) {
	name := nameOf(pod)
	if old := x.pods[name]; old != nil {
		x.remove(name, old)
	}
	if t == watch.Deleted || !active(pod) {
		return
	}
	ref := metav1.GetControllerOfNoCopy(pod)
	if ref != nil && ref.Kind != registry.ReplicationControllers.Kind {
		return
	}
	p := &podState{pod: pod}
	x.pods[name] = p
	if ref != nil {
		p.owner = ref.UID
		put(x.owned, ref.UID, name, p)
		if s := x.byUID[ref.UID]; s != nil {
			s.place(name, p)
			x.dirty(nameOf(s.rc))
		}
		return
	}
	put(x.orphans, name.Namespace, name, p)
	for _, rc := range x.selecting(pod) {
		x.sets[rc].place(name, p)
		x.dirty(rc)
	}
}

func (x *podIndex) remove(name types.NamespacedName, p *podState) {
	delete(x.pods, name)
	if p.owner != "" {
		drop(x.owned, p.owner, name)
		if s := x.byUID[p.owner]; s != nil {
			s.take(name, p)
			x.dirty(nameOf(s.rc))
		}
		return
	}
	drop(x.orphans, name.Namespace, name)
	for _, rc := range x.selecting(p.pod) {
		delete(x.sets[rc].adopt, name)
	}
}

// selecting returns the sets that select a pod, in the order of their names.
func (x *podIndex) selecting(pod *corev1.Pod) []types.NamespacedName {
	found := x.selectors.Match(pod.Namespace, pod.Labels, nil)
	slices.SortFunc(found, compareNames)
	return found
}

// place enters a pod where it belongs in s: among those that count, or to be released or adopted, or nowhere.
func (s *podSet) place(name types.NamespacedName, p *podState) {
	switch selected := s.selector.Matches(p.pod.Labels); {
	case p.owner == s.rc.UID && selected:
		s.pods[name] = p
		p.set = s
		s.count(p.pod, 1)
	case p.owner == s.rc.UID:
		s.release[name] = struct{}{}
	case p.owner == "" && selected:
		s.adopt[name] = struct{}{}
	}
}

// take removes a pod from s.
func (s *podSet) take(name types.NamespacedName, p *podState) {
	delete(s.release, name)
	if p.set == s {
		delete(s.pods, name)
		p.set = nil
		s.count(p.pod, -1)
	}
}

func (s *podSet) count(pod *corev1.Pod, n int) {
	if s.template.Matches(pod.Labels) {
		s.labeled += n
	}
	if readyCondition(pod) != nil {
		s.ready += n
	}
}

// missing is how many pods must be created; a negative one must be deleted.
func (s *podSet) missing() int { return int(ptr.Deref(s.rc.Spec.Replicas, 1)) - len(s.pods) }

// counted returns the pods that count, in no order.
func (s *podSet) counted() []*corev1.Pod {
	pods := make([]*corev1.Pod, 0, len(s.pods))
	for _, p := range s.pods {
		pods = append(pods, p.pod)
	}
	return pods
}

// crowding returns how many pods related to those of s each node holds. Related are those of ReplicationControllers
// with the same controller as s, so one that nobody controls has none, as getReplicaSetsWithSameController says.
func (x *podIndex) crowding(s *podSet) map[string]int {
	owner := metav1.GetControllerOfNoCopy(s.rc)
	if owner == nil {
		return nil
	}
	nodes := map[string]int{}
	for _, other := range x.spaces[s.rc.Namespace] {
		if o := metav1.GetControllerOfNoCopy(other.rc); o == nil || o.UID != owner.UID {
			continue
		}
		for _, p := range other.pods {
			nodes[p.pod.Spec.NodeName]++
		}
	}
	return nodes
}

// active is IsPodActive: the pod has not ended and is not about to.
func active(pod *corev1.Pod) bool {
	return pod.Status.Phase != corev1.PodSucceeded && pod.Status.Phase != corev1.PodFailed && pod.DeletionTimestamp == nil
}

// selectorOf is how rc selects pods. An empty selector selects none.
func selectorOf(rc *corev1.ReplicationController) selector.Selector {
	if len(rc.Spec.Selector) == 0 {
		return selector.Nothing()
	}
	return selector.FromSet(rc.Spec.Selector)
}

// selects says whether rc selects the pod.
func selects(rc *corev1.ReplicationController, pod *corev1.Pod) bool {
	return selectorOf(rc).Matches(pod.Labels)
}

// readyCondition is the pod's Ready condition if it is true, or nil.
func readyCondition(pod *corev1.Pod) *corev1.PodCondition {
	for i := range pod.Status.Conditions {
		if c := &pod.Status.Conditions[i]; c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue {
			return c
		}
	}
	return nil
}

// put and drop keep a map of maps without empty ones.
func put[A, B comparable, V any](m map[A]map[B]V, a A, b B, v V) {
	if m[a] == nil {
		m[a] = map[B]V{}
	}
	m[a][b] = v
}

func drop[A, B comparable, V any](m map[A]map[B]V, a A, b B) {
	delete(m[a], b)
	if len(m[a]) == 0 {
		delete(m, a)
	}
}
