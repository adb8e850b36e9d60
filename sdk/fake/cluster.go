package fake

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"runtime/pprof"
	"sync"
	"sync/atomic"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/apiserver"
	"github.com/podwright/podwright/sdk/fake/internal/clusternet"
	"github.com/podwright/podwright/sdk/fake/internal/controllers"
	"github.com/podwright/podwright/sdk/fake/internal/dns"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/scheduler"
	"github.com/podwright/podwright/sdk/fake/internal/transport"
	"github.com/podwright/podwright/sdk/fake/internal/turn"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
)

// Cluster is a Kubernetes in one process: an API, controllers, a scheduler and nodes. Make one with [RunT] or [Start].
// All its methods may be called by any goroutine.
type Cluster struct {
	options *options
	api     *api.API
	images  *images
	network *podnet.Network
	routes  *clusternet.Network // decides about the network
	names   *dns.Server
	// forwards are what listens on host.
	forwards forwards
	// host is the machine that clients run on, beside the nodes: its ports are not the real machine's.
	host *podnet.Namespace
	// server is the machine that the API server runs on, from which pods see the requests come that it passes on.
	server  *podnet.Namespace
	nodes   []kubelet.Node
	kubelet *kubelet.Kubelet
	handler *apiserver.Server
	memory  *transport.Server
	inside  *transport.Endpoint // for pods

	number  string // of the cluster in this process
	stop    context.CancelFunc
	running sync.WaitGroup // the components

	mu        sync.Mutex
	endpoints map[*Endpoint]struct{}
	closed    bool          // Close has begun
	ended     chan struct{} // closed when it is done
	closeErr  error
}

// hostIP is where minikube's host is seen from its nodes.
var hostIP = netip.AddrFrom4([4]byte{192, 168, 49, 1})

// serverIP is that of the control plane, whether or not it is a node.
var serverIP = netip.AddrFrom4([4]byte{192, 168, 49, 2})

// Start makes a cluster that runs until Close. Tests use [RunT], which closes it too. An error means that an option is
// wrong.
func Start(opts ...Option) (*Cluster, error) {
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("start cluster: %w", err)
	}
	c := &Cluster{
		options:   o,
		api:       api.New(registry.NewTable(registry.Served...), o.seed),
		images:    newImages(o.unknown),
		endpoints: map[*Endpoint]struct{}{},
		ended:     make(chan struct{}),
	}
	if err := c.build(); err != nil {
		return nil, fmt.Errorf("start cluster: %w", err)
	}
	if err := c.run(); err != nil {
		return nil, fmt.Errorf("start cluster: %w", err)
	}
	return c, nil
}

// build makes the parts and what a fresh cluster holds. Nothing runs yet.
func (c *Cluster) build() error {
	var err error
	c.nodes = c.options.machines()
	if err = c.openNetwork(); err != nil {
		return err
	}
	if c.host, err = c.network.NewNamespace(podnet.NamespaceOptions{Hostname: "host", IP: hostIP}); err != nil {
		return err
	}
	if c.server, err = c.network.NewNamespace(podnet.NamespaceOptions{Hostname: "minikube", IP: serverIP}); err != nil {
		return err
	}
	c.kubelet = kubelet.New(kubelet.Config{
		API: c.api, Network: c.network, Images: c.images, Nodes: c.nodes,
		Recorder: func(node string) kubelet.Recorder { return events.New(c.api, "kubelet", node) },
		Logs:     c.options.logs, Sink: c.options.logSink(),
		Token: func(pod *corev1.Pod, t *corev1.ServiceAccountTokenProjection) (string, error) {
			return c.handler.PodToken(pod, t)
		},
		LookupSRV: c.lookupSRV,
	})
	if err := controllers.Bootstrap(c.api, c.controllerOptions()); err != nil {
		return err
	}
	if c.options.rbac {
		if err := c.bootstrapRoles(); err != nil {
			return err
		}
	}
	if err := c.kubelet.Register(); err != nil {
		return err
	}
	if err := c.define(); err != nil {
		return err
	}
	c.api.Store.Forget() // nobody can watch how a real cluster comes up either
	c.handler = apiserver.New(apiserver.Config{
		API: c.api, Node: c.nodeNamed, NodeFiles: c.NodeFiles, Beat: c.kubelet.Beat, Dial: c.server.DialContext,
		Seed: c.options.seed, Token: c.options.token, Forbid: c.options.forbid, RBAC: c.options.rbac,
		Turn: c.options.turnOf(clients), BeatTurn: c.options.turnOf(beats),
	})
	return nil
}

// run starts the components and the servers in memory. An error means that none of them runs.
func (c *Cluster) run() (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	if c.options.runs(Kubelet) {
		c.kubelet.Boot() // before anybody can ask for one
	}
	c.number = fmt.Sprint(clusters.Add(1))
	pprof.Do(ctx, pprof.Labels(goroutineLabel, c.number), func(ctx context.Context) {
		if err = c.serveInside(); err != nil {
			return
		}
		for _, part := range controllers.All(c.api, c.controllerOptions()) {
			c.start(ctx, part.Name, part.Run)
		}
		c.start(ctx, Scheduler, scheduler.New(c.api).Run)
		c.start(ctx, Kubelet, c.kubelet.Run)
		c.memory = transport.Serve(c.handler, transport.Options{})
	})
	return err
}

// goroutineLabel marks every goroutine of a cluster, those of its programs included, in goroutine profiles. Its value
// is the number of the cluster in this process.
const goroutineLabel = "podwright-cluster"

var clusters atomic.Int64

func (c *Cluster) start(ctx context.Context, name string, run func(context.Context)) {
	if c.options.runs(name) {
		ctx = turn.With(ctx, c.options.turnOf(name))
		c.running.Go(func() { run(ctx) })
	}
}

func (c *Cluster) controllerOptions() controllers.Options {
	return controllers.Options{CA: authority().pem, Server: serverIP, Alive: c.kubelet.Alive}
}

// nodeNamed is where the API server finds the logs and ports of a node's pods.
func (c *Cluster) nodeNamed(name string) (apiserver.Node, bool) {
	if !c.kubelet.Alive(name) {
		return nil, false
	}
	return apiNode{c.kubelet}, true
}

// RESTConfig returns what client-go needs to reach the cluster in memory, without sockets: typed and dynamic clients,
// informers, port-forward, all of it. It is a copy each time, to change at will but for Transport and WrapTransport;
// add to the latter with its Wrap method. Clients of a closed cluster get connection errors.
func (c *Cluster) RESTConfig() *rest.Config { return c.memory.Config() }

// Client returns an SDK client of the cluster, in memory. The local ends of its port-forwards are in memory too, on
// ports of the cluster's own, so that any number of tests can forward 8888 at a time: reach them by the forward's
// DialContext or HTTPClient. For a port that a browser can open use sdk.New(c.RESTConfig()) instead.
func (c *Cluster) Client() *sdk.Client {
	client, err := sdk.New(c.RESTConfig(), sdk.ListenWith(func(ctx context.Context, network, address string) (net.Listener, error) {
		l, err := c.host.Listen(network, address)
		if err != nil {
			return nil, err
		}
		return c.forwards.add(ctx, l), nil
	}), sdk.TarWith(c.tar))
	if err != nil {
		panic(fmt.Sprintf("fake: a client of our own configuration: %v", err)) // the configuration is complete
	}
	return client
}

// Close ends the cluster: clients get errors for what is under way, every container is told to stop, and everything
// its processes hold fails. It waits until all goroutines of the cluster have ended. The error names programs that did
// not return, and where they are; see [AllowStrays]. A second Close, or one at the same time, waits for the first and answers the same.
//
// A program should not call it: Close waits for all programs, and takes one that waits for Close for one that does not return.
func (c *Cluster) Close() error {
	c.mu.Lock()
	first, open := !c.closed, c.endpoints
	c.closed, c.endpoints = true, nil
	c.mu.Unlock()
	if !first {
		<-c.ended
		return c.closeErr
	}
	defer close(c.ended)
	for e := range open {
		_ = e.Close()
	}
	_ = c.memory.Close() // clients first, so that none takes the end of a container for the end of its log
	c.stop()
	c.api.Store.Close()
	c.running.Wait()
	_ = c.network.Close()
	_ = c.inside.Close()
	c.handler.Close()
	c.closeErr = c.strays()
	return c.closeErr
}
