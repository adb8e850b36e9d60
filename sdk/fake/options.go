package fake

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

// Option changes how a cluster is made.
type Option func(*options)

type options struct {
	seed    uint64
	ordered bool // the parts of the cluster take turns
	nodes   int
	pools   []NodeSpec
	without []string
	unknown Program
	strays  bool
	logs    podlog.Options
	sink    func(LogLine)
	token   string
	forbid  []authz.Rule
	rbac    bool
	kinds   []func() ([]definedKind, error)
}

// The parts of a cluster that [Without] can leave out.
const (
	ReplicationControllerController = "replicationcontroller"  // keeps the pods of ReplicationControllers
	GarbageCollector                = "garbagecollector"       // deletes what has lost its owners
	NamespaceController             = "namespace"              // empties and removes deleted namespaces
	ServiceAccountController        = "serviceaccount"         // gives each namespace its service account
	RootCAController                = "rootca"                 // gives each namespace the ConfigMap kube-root-ca.crt
	ResourceQuotaController         = "resourcequota"          // counts what resource quotas bound
	DisruptionController            = "disruption"             // counts the pods of disruption budgets
	PersistentVolumeController      = "persistentvolume"       // makes volumes, and binds claims to them
	NodeLifecycleController         = "nodelifecycle"          // finds silent nodes, and taints nodes by their conditions; needs Kubelet
	TaintEvictionController         = "tainteviction"          // deletes pods from nodes with taints that they do not tolerate
	PodGarbageCollector             = "podgc"                  // deletes the pods of nodes that are gone
	EndpointsController             = "endpoints"              // keeps the Endpoints of services
	EndpointSliceController         = "endpointslice"          // keeps the EndpointSlices of services
	EndpointSliceMirroring          = "endpointslicemirroring" // makes EndpointSlices of Endpoints that somebody writes
	Proxy                           = "proxy"                  // leads connections to services to their endpoints, as kube-proxy does
	DNS                             = "dns"                    // answers for the names of services and pods
	Scheduler                       = "scheduler"              // binds pods to nodes
	Kubelet                         = "kubelet"                // runs pods
)

var components = []string{
	ReplicationControllerController, GarbageCollector, NamespaceController, ServiceAccountController, RootCAController,
	ResourceQuotaController, DisruptionController, PersistentVolumeController, NodeLifecycleController,
	TaintEvictionController, PodGarbageCollector, EndpointsController,
	EndpointSliceController, EndpointSliceMirroring, Proxy, DNS, Scheduler, Kubelet,
}

// Seed fixes everything that is drawn at random: generated names, uids, the addresses and ports of services, what files and devices of pods
// have of chance, the key that signs tokens. Each draw depends on what it is for, not on who comes first. Default 1, so that two runs of a
// test see the same names.
//
// In a [Bubble] a cluster to which a seed is given does everything in the same order too. Of each object there are the same versions at the
// same times in every run, on whatever number of processors, and about each object the same events: reason, message, count, time and name.
// That includes which node a pod is bound to, its address and the ids of its containers. For that the parts of the cluster take turns: each
// acts at its own nanosecond of a microsecond, when all that happened before is over, and so does a request. The pods of all nodes share one
// turn and go on at the same time. What follows for a test:
//
//   - A request takes a microsecond at the most, and what it leads to some more. So testing/synctest's Wait returns before the cluster has
//     come to rest. Let a moment pass instead: <-time.After(time.Millisecond).
//   - Resource versions are not the same, since all objects draw on one sequence; nor is the order of what happens to different objects at
//     one instant, as a watch of many shows it.
//   - Neither is what the test decides by chance: goroutines of it that send requests at the same instant, programs that race with each
//     other.
//   - The root certificate is another one in each process, and the token of [Cluster.Serve] in each cluster; see [Token].
//
// Outside a bubble only what is drawn is fixed.
func Seed(seed uint64) Option { return func(o *options) { o.seed, o.ordered = seed, true } }

// Nodes gives the cluster n nodes, minikube, minikube-m02 and so on, each with 2 CPUs, 8 GiB of memory and room for
// 110 pods. Default 1; 0 is a cluster where no pod can be scheduled.
func Nodes(n int) Option { return func(o *options) { o.nodes = n } }

// Without leaves components out, by name ([Scheduler], [Kubelet], ...). Their objects are served all the same; nobody
// acts on them. Start fails for a name that is none.
func Without(names ...string) Option {
	return func(o *options) { o.without = append(o.without, names...) }
}

// APIOnly leaves out the workload controllers, the garbage collector, the namespace controller, those of quotas, disruption budgets and
// volumes, the scheduler and the kubelets: nothing runs and nothing changes but by requests. A deleted namespace stays Terminating until
// a request finalizes it, so does a deleted claim, and a quota bounds nothing until its status says so. But namespaces still get their
// service accounts, since no pod can be made without.
func APIOnly() Option {
	return Without(ReplicationControllerController, GarbageCollector, NamespaceController, ResourceQuotaController, DisruptionController,
		PersistentVolumeController, NodeLifecycleController, TaintEvictionController, PodGarbageCollector, EndpointsController, EndpointSliceController, EndpointSliceMirroring, Proxy, DNS, Scheduler, Kubelet)
}

// UnknownImages runs p, [Pause] for example, for every image that is not registered. Default: such a container waits
// with ErrImagePull and ImagePullBackOff, and an event says what to do.
func UnknownImages(p Program) Option { return func(o *options) { o.unknown = p } }

// AllowStrays lets [Cluster.Close] succeed although programs have not returned. Go cannot end a goroutine from
// outside, so a program that ignores its context and never returns stays, with all its I/O failing. By default that is
// an error that names it. In a bubble it is fatal either way: testing/synctest does not end before its goroutines do.
func AllowStrays() Option { return func(o *options) { o.strays = true } }

// Token is the bearer token that [Cluster.Serve] asks for. Default: a random one, which is in the kubeconfig.
// [Cluster.RESTConfig] needs none. A service account's token, which kubectl create token gives out, is taken everywhere too.
func Token(token string) Option { return func(o *options) { o.token = token } }

func newOptions(opts []Option) (*options, error) {
	o := &options{seed: 1, nodes: 1}
	for _, opt := range opts {
		opt(o)
	}
	if o.token == "" {
		o.token = rand.Text()
	}
	for _, name := range o.without {
		if !slices.Contains(components, name) {
			return nil, fmt.Errorf("unknown component %q; there are %s", name, strings.Join(components, ", "))
		}
	}
	if n := len(o.shapes()); o.nodes < 0 || n > maxNodes {
		return nil, fmt.Errorf("%d nodes: give 0 to %d", cmp.Or(min(o.nodes, 0), n), maxNodes)
	}
	for _, s := range o.pools {
		if s.Count < 0 {
			return nil, fmt.Errorf("%d nodes: give 0 to %d", s.Count, maxNodes)
		}
	}
	return o, nil
}

// maxNodes is how many /24 networks the pod network 10.244.0.0/16 holds.
const maxNodes = 256

// runs says whether a component is there. Without kubelets nobody watches over nodes, which would all be silent.
func (o *options) runs(component string) bool {
	return !slices.Contains(o.without, component) && (component != NodeLifecycleController || o.runs(Kubelet))
}
