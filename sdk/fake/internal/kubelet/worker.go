package kubelet

import (
	"maps"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// worker owns one pod of one node. Its goroutine takes all decisions for the pod, one after the other; others only put
// news into it and wake it. There is a goroutine only while there is something to decide: most pods just run.
type worker struct {
	k               *Kubelet
	node            *node
	uid             types.UID
	namespace, name string

	mu          sync.Mutex
	busy        bool        // the goroutine is there
	news        bool        // it has to look again
	stopped     bool        // the kubelet stops
	done        bool        // the goroutine has done its last deed
	alarm       *time.Timer // wakes it; nil if nothing is due
	pod         *corev1.Pod // the newest version seen
	gone        bool        // the pod is no longer in the API
	again       bool        // what could not be configured may be there now, or the pod is other
	exits       []exited
	resizing    resizing
	slots       []slot            // in the order in which they start; written by the worker's goroutine only
	hostNetwork bool              // the sandbox is the node's
	sandbox     *podnet.Namespace // nil before the first container is started and after the last one ended
	listening   chan struct{}     // closed when a container listens; nil when nobody waits for that
	// initialized says that a regular container has been started.
	initialized bool

	// The rest is the goroutine's own.
	ip            string // of the sandbox, also when that is gone
	pids          *pids  // of all containers, if they share processes
	ipc           *podipc.Namespace
	volumes       volumes
	closed        chan struct{} // see ended; guarded by mu
	started       *metav1.Time  // of its own, since versions of the pod that outlive the worker have it too
	refused       bool          // the pod asks for what this kubelet does not do
	held          bool          // the pod waits for a ConfigMap or Secret
	due           time.Time     // the pod must not be prepared before
	finished      bool          // all containers have ended for good
	removed       bool          // the API was told that the pod may go
	ending        *waiting      // why the kubelet itself ends the pod; nil if it does not
	evicted       *waiting      // why it is asked to, at once; guarded by mu
	rebooted      bool          // its machine was off in between
	entered       bool          // the node has decided whether it takes the pod
	rejected      *waiting      // why it does not
	reset         time.Time     // when it was last restarted as a whole
	restartingAll bool          // that is going on
	grace         time.Duration // of the termination that is under way
	deadline      time.Time     // when that becomes a kill; zero if there is none
}

// exited is the news that an instance ended.
type exited struct {
	in   *instance
	exit *exit
}

// kind is the role of a container in its pod.
type kind int8

const (
	regular   kind = iota
	initial        // an init container that must complete before the next one starts
	sidecar        // an init container that is restarted until the regular ones have ended
	ephemeral      // one that was added to a pod that runs, to look at it: it runs once
)

// place is where a container stands among those of its pod, 0 if it is none of them.
func (w *worker) place(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.slots { // not a copy of each: the rest of it is the worker's own
		if w.slots[i].name == name {
			return i
		}
	}
	return 0
}

// slot is one container of a pod through all its runs. A run that ended stays current until the next one begins.
type slot struct {
	name     string
	kind     kind
	path     string // what events about it say that they are about
	current  *instance
	previous *instance
	restarts int32
	waiting  *waiting // why the next run has not begun; nil if there is nothing to say
	crash    backOff
	pulls    backOff
	due      time.Time // the next run must not begin before
	killAt   time.Time // when the stop that is under way becomes a kill
	counted  bool      // crash knows of the current run's end
	held     bool      // the next run waits for something else than time
	changed  bool      // the current run was stopped because the spec has changed
	refused  string    // the image that could not be pulled
}

func newSlot(name string, k kind) slot {
	field := "containers"
	switch k {
	case initial, sidecar:
		field = "initContainers"
	case ephemeral:
		field = "ephemeralContainers"
	}
	return slot{name: name, kind: k, path: "spec." + field + "{" + name + "}"}
}

func (s *slot) running() bool { return s.current != nil && s.current.exit == nil }

func (s *slot) succeeded() bool {
	return !(s.changed && s.kind == initial) && s.current != nil && s.current.exit != nil && s.current.exit.code == 0
}

func newWorker(k *Kubelet, n *node, pod *corev1.Pod) *worker {
	w := &worker{
		k: k, node: n, uid: pod.UID, namespace: pod.Namespace, name: pod.Name,
		pod: pod, started: new(apiTime(time.Now())),
		slots: make([]slot, 0, len(pod.Spec.InitContainers)+len(pod.Spec.Containers)),
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		role := initial
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			role = sidecar
		}
		w.slots = append(w.slots, newSlot(c.Name, role))
	}
	for i := range pod.Spec.Containers {
		w.slots = append(w.slots, newSlot(pod.Spec.Containers[i].Name, regular))
	}
	if pod.Status.StartTime != nil {
		w.started = pod.Status.StartTime
	}
	w.finished = pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
	return w
}

// run does what there is to do, until there is nothing, or the pod is gone from the API, or the kubelet stops.
func (w *worker) run() {
	pprof.SetGoroutineLabels(w.k.labels) // whoever brought the news may have others
	for {
		if !w.attend() || !w.k.turns.worker.Wait(w.k.stopping) {
			w.powerOff()
			w.end()
			return
		}
		next, over := w.sync()
		if over {
			w.end()
			return
		}
		if w.rest(next) {
			return
		}
	}
}

// attend takes note that the goroutine will look at all news that there is, and says whether it may.
func (w *worker) attend() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.news = false
	return !w.stopped
}

// rest says whether there is nothing to do now. Then the goroutine ends, and the next one begins when there is news or the time has come,
// if one is given.
func (w *worker) rest(until time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.news || w.stopped {
		return false
	}
	w.busy = false
	w.setAlarm(until)
	return true
}

// setAlarm has the goroutine begin at a time, or at none if that is zero. w.mu is held.
func (w *worker) setAlarm(at time.Time) {
	if w.alarm != nil {
		w.alarm.Stop()
		w.alarm = nil
	}
	if !at.IsZero() {
		w.alarm = time.AfterFunc(time.Until(at), w.ping)
	}
}

// ping brings news, of whatever kind.
func (w *worker) ping() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.news = true
	w.stir()
}

// halt ends the worker, since the kubelet does.
func (w *worker) halt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.stir()
}

// stir has the goroutine be there. w.mu is held.
func (w *worker) stir() {
	if !w.busy && !w.done {
		w.busy = true
		w.k.loops.Go(func() { w.k.work(w) })
	}
}

// end is the goroutine's last deed.
func (w *worker) end() {
	w.mu.Lock()
	w.done = true
	w.setAlarm(time.Time{})
	if w.closed != nil {
		close(w.closed)
	}
	w.mu.Unlock()
	w.k.forget(w)
}

// ended returns a channel that is closed when the pod is gone or the kubelet stops.
func (w *worker) ended() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed == nil {
		w.closed = make(chan struct{})
		if w.done {
			close(w.closed)
		}
	}
	return w.closed
}

// sync does what is to be done now and returns when to look again without news; zero for never.
func (w *worker) sync() (next time.Time, over bool) {
	w.node.life.RLock()
	defer w.node.life.RUnlock()
	if w.node.power != works {
		return time.Time{}, false // its kubelet will wake it when it comes back
	}
	pod, gone := w.take()
	w.enter(pod)
	w.afterReboot(pod)
	w.addEphemeral(pod)
	w.evictIfAsked(pod)
	w.refresh(pod)
	switch {
	case gone:
		w.vanish(pod)
		return time.Time{}, true
	case w.finished:
		w.remove(pod)
		return time.Time{}, false
	case w.rejected != nil:
		w.finish(pod)
		return time.Time{}, false
	case pod.DeletionTimestamp != nil || w.ending != nil:
		return w.terminate(pod), false
	}
	pod = w.resize(pod)
	if next, asked := w.restartAll(pod); asked {
		return next, false
	}
	if w.over(pod) {
		return w.terminate(pod), false
	}
	return w.advance(pod), false
}

// take returns the state of the pod in the API, and accounts for the news.
func (w *worker) take() (pod *corev1.Pod, gone bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.exits {
		w.account(e)
	}
	w.exits = nil
	if w.again {
		w.again, w.held = false, false
		for i := range w.slots {
			w.slots[i].held = w.slots[i].held && w.slots[i].refused != ""
		}
	}
	return w.pod, w.gone
}

// account books the end of an instance. w.mu is held.
func (w *worker) account(e exited) {
	for i := range w.slots {
		s := &w.slots[i]
		if s.current != e.in {
			continue
		}
		if spec := specOf(w.pod, s.name); e.exit.code != 0 && e.exit.message == "" && spec != nil &&
			spec.TerminationMessagePolicy == corev1.TerminationMessageFallbackToLogsOnError {
			e.exit.message = e.in.lastWords()
		}
		e.in.exit = e.exit
		s.counted, s.killAt, s.due = false, time.Time{}, time.Time{}
	}
}

// observe brings the news of a version of the pod, or of its end.
func (w *worker) observe(pod *corev1.Pod, gone bool) {
	if w.learn(pod, gone) {
		w.ping()
	}
}

// learn keeps the newest version of the pod, and says whether there was anything new.
func (w *worker) learn(pod *corev1.Pod, gone bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	newer := version(pod) > version(w.pod)
	if newer {
		w.again = w.again || differ(w.pod, pod)
		w.pod = pod
	}
	w.gone = w.gone || gone
	return newer || gone
}

// differ says whether there is more new about a pod than its status, as podsDifferSemantically does. The generation stands for
// its spec and its deletion.
func differ(old, pod *corev1.Pod) bool {
	return old.Generation != pod.Generation || !maps.Equal(old.Labels, pod.Labels) || !maps.Equal(old.Annotations, pod.Annotations)
}

// version orders the versions of an object; those of the store are numbers.
func version(pod *corev1.Pod) uint64 {
	v, _ := strconv.ParseUint(pod.ResourceVersion, 10, 64)
	return v
}

// latest is the newest version of the pod. It is shared.
func (w *worker) latest() *corev1.Pod {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pod
}

// exited brings the news that an instance ended.
func (w *worker) exited(in *instance, e *exit) {
	w.mu.Lock()
	w.exits = append(w.exits, exited{in, e})
	w.mu.Unlock()
	w.ping()
}

// retry brings the news that a ConfigMap or Secret of the namespace has changed.
func (w *worker) retry() {
	w.mu.Lock()
	w.again = true
	w.mu.Unlock()
	w.ping()
}

// apiTime is a time as objects hold it: in UTC and whole seconds.
func apiTime(t time.Time) metav1.Time { return metav1.Time{Time: t.UTC().Truncate(time.Second)} }

// earliest is the earlier of two times, of which zero stands for never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
