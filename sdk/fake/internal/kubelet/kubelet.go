package kubelet

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/podipc"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/internal/turn"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// manager is the field manager of all that a kubelet writes.
const manager = "kubelet"

// DefaultKillWait is how long Run waits, after its context ended, for programs that were killed.
const DefaultKillWait = 2 * time.Second

// Config is what a Kubelet works with. API, Network and Images are needed.
type Config struct {
	API     *api.API
	Network *podnet.Network
	Images  Images
	Nodes   []Node
	// Recorder returns where the events of one node go; nil writes them to the API. It is called once per node.
	Recorder func(node string) Recorder
	// Logs says when containers' logs are rotated.
	Logs podlog.Options
	// Token makes a token of a pod's service account, for volumes that show one; nil: there are none.
	Token func(*corev1.Pod, *corev1.ServiceAccountTokenProjection) (string, error)
	// LookupSRV asks the DNS of the cluster; nil: there is none.
	LookupSRV LookupSRV
	// Sink, if not nil, gets every line of every container: those of one container in order, by one goroutine. Run returns after
	// it has got the last one.
	Sink func(LogLine)
	// KillWait is how long Run waits for programs to return once it has killed them; 0 is DefaultKillWait.
	KillWait time.Duration
}

// Recorder records events about objects, as an [events.Recorder] does. Forget says that there will be no more about one.
type Recorder interface {
	Event(obj store.Object, fieldPath, typ, reason, message string)
	Forget(obj store.Object)
}

// Kubelet runs the pods of a cluster's nodes. Use [New] and [Kubelet.Run]; all other methods may be called at any time
// by any goroutine.
type Kubelet struct {
	config   Config
	nodes    map[string]*node
	programs programs
	services serviceLinks
	stopping chan struct{}   // closed when Run begins to end
	turns    turns           // written before the first worker is made
	labels   context.Context // those of goroutines, for profiles; written before the first worker is made
	loops    sync.WaitGroup
	work     func(*worker) // (*worker).run, by a detour: what that does in the end brings workers news

	mu      sync.Mutex
	workers map[types.UID]*worker
	blocked map[*worker]struct{} // those that wait for a ConfigMap or Secret
	names   map[string]*imageName
	showing map[*worker]struct{}   // those whose volumes show objects of the API
	disks   map[string]*podfs.Tree // of persistent volumes, by name
}

// node is one machine.
type node struct {
	Node
	recorder Recorder
	address  []corev1.HostIP   // as the status of each of its pods has it
	ipc      *podipc.Namespace // of pods with hostIPC

	life  sync.RWMutex // read while one of its pods is synced, written while the machine is switched
	power power
	since time.Time // when its kubelet started
	boots int
	room  room

	mu        sync.Mutex
	images    map[string]*onNode // by full name
	asking    map[*worker]*asking
	namespace *podnet.Namespace // nil before it is needed
	forwards  []forward         // of host ports
	disk      *podfs.Tree       // nil before it is needed
	showsLogs bool              // as files of disk
}

// New returns a Kubelet that does nothing until Run is called.
func New(config Config) *Kubelet {
	if config.KillWait == 0 {
		config.KillWait = DefaultKillWait
	}
	if config.Recorder == nil {
		config.Recorder = func(node string) Recorder { return events.New(config.API, manager, node) }
	}
	k := &Kubelet{
		config:   config,
		nodes:    make(map[string]*node, len(config.Nodes)),
		stopping: make(chan struct{}),
		workers:  map[types.UID]*worker{},
		blocked:  map[*worker]struct{}{},
		names:    map[string]*imageName{},
		showing:  map[*worker]struct{}{},
		disks:    map[string]*podfs.Tree{},
	}
	k.work = (*worker).run
	k.programs.init()
	k.services.api = config.API
	for _, n := range config.Nodes {
		machine := &node{Node: n, recorder: config.Recorder(n.Name), address: []corev1.HostIP{{IP: n.IP.String()}}, ipc: podipc.New(), images: map[string]*onNode{}, asking: map[*worker]*asking{}}
		machine.room.init()
		k.nodes[n.Name] = machine
	}
	return k
}

// Run plays the nodes until ctx or the store ends. Then it kills every container without grace, and returns when all its
// goroutines have ended, but for programs that do not return within Config.KillWait: see [Kubelet.Strays]. It writes
// nothing to the API at its end, as a machine that loses power. Run can be called once.
//
// If ctx tells of a turn the workers of pods have it, and what else goes on in pods has the turns that follow.
func (k *Kubelet) Run(ctx context.Context) {
	k.turns, k.labels = turns{turn.Of(ctx)}, ctx
	k.Boot()
	k.follow(ctx)
	close(k.stopping)
	k.halt()
	k.loops.Wait()
	k.programs.wait(k.config.KillWait)
}

// follow hands what happens to pods to their workers until ctx or the store ends.
func (k *Kubelet) follow(ctx context.Context) {
	lists, w, err := k.config.API.Store.ListAndWatch(registry.Pods.StoreKey(), registry.Services.StoreKey(),
		registry.ConfigMaps.StoreKey(), registry.Secrets.StoreKey(), registry.PersistentVolumeClaims.StoreKey())
	if err != nil {
		return // the store is closed
	}
	defer w.Close()
	for _, obj := range lists[0] {
		k.observe(obj.(*corev1.Pod), false)
	}
	for {
		e, err := w.Next(ctx)
		if err != nil {
			return
		}
		switch obj := e.Object.(type) {
		case *corev1.Pod:
			k.observe(obj, e.Type == watch.Deleted)
		case *corev1.Service:
			k.services.changed()
		case *corev1.ConfigMap, *corev1.Secret, *corev1.PersistentVolumeClaim:
			k.unblock(obj.GetNamespace())
		}
	}
}

// observe hands a pod of one of our nodes to its worker, which it makes for a new one.
func (k *Kubelet) observe(pod *corev1.Pod, gone bool) {
	n := k.nodes[pod.Spec.NodeName]
	if n == nil {
		return
	}
	k.mu.Lock()
	w := k.workers[pod.UID]
	fresh := w == nil && !gone
	if fresh {
		w = newWorker(k, n, pod)
		k.workers[pod.UID] = w
	}
	k.mu.Unlock()
	if fresh {
		w.arrive(pod)
		w.ping()
	}
	if w != nil {
		if gone {
			w.leave() // who comes next may have been counted on that
		}
		w.observe(pod, gone)
	}
}

// halt ends all workers.
func (k *Kubelet) halt() {
	k.mu.Lock()
	workers := slices.Collect(maps.Values(k.workers))
	k.mu.Unlock()
	for _, w := range workers {
		w.halt()
	}
}

// forget drops the worker of a pod that is gone.
func (k *Kubelet) forget(w *worker) {
	w.removeLogs()
	w.node.recorder.Forget(w.latest())
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.workers, w.uid)
	delete(k.blocked, w)
	delete(k.showing, w)
}

// block remembers that a worker waits for a ConfigMap or Secret of its namespace.
func (k *Kubelet) block(w *worker) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.blocked[w] = struct{}{}
}

// unblock lets the workers of a namespace that wait for a ConfigMap or Secret look again.
func (k *Kubelet) unblock(namespace string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for w := range k.blocked {
		if w.namespace == namespace {
			delete(k.blocked, w)
			w.retry()
		}
	}
	for w := range k.showing {
		if w.namespace == namespace {
			w.retry()
		}
	}
}

// Strays names the containers, as namespace/pod/container, that were killed and whose programs have not returned, sorted.
// During normal life that is a moment's matter; after Run has returned it is a bug in the program. Profiles say where their goroutines are: see [ProgramLabel].
func (k *Kubelet) Strays() []string { return k.programs.strays() }
