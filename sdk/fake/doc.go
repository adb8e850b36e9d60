// Package fake is a Kubernetes in one process: an API server that real clients speak to, controllers, a scheduler, and
// nodes whose container images are Go functions. It is to Kubernetes pods what an in-process server is to a database:
// tests start one in about a millisecond, in parallel, by the thousand, with nothing installed.
//
//	cluster := fake.RunT(t)
//	cluster.HandleFunc("heejeong/crane", func(ctx context.Context, p *fake.Process) error {
//		l, err := p.Listen("tcp", ":8080")
//		...
//	})
//	client := cluster.Client()                                    // the SDK's, or
//	clientset, err := kubernetes.NewForConfig(cluster.RESTConfig()) // client-go's, unmodified
//
// The one thing people get wrong: a program must take its network from its [Process]. A bare net.Listen opens a port
// of the machine that the test runs on, which no pod sees; a bare http.Get asks that machine. Give an http.Client a
// Transport with DialContext: p.DialContext.
//
// # What runs
//
// [RunT] and [Start] make a [Cluster]; [Cluster.Handle] registers the [Program] of an image; pods that use the image are
// scheduled, started, restarted with the real back-off, stopped with their grace period, as their spec says. Events,
// conditions and statuses are those of a kubelet. [Bubble] runs a test in virtual time. [Cluster.Serve] serves the
// cluster on loopback, for kubectl.
//
// # What it does not do
//
//   - Kinds: beside those of the core group (but persistent volumes and component statuses) deployments, replicasets,
//     statefulsets, daemonsets, jobs, cronjobs, horizontalpodautoscalers, poddisruptionbudgets, leases, endpointslices and
//     priorityclasses, and no others. Only replicationcontrollers are acted on; all others are objects that change when a
//     client changes them, with few defaults and rules: deployments make no pods, claims are never bound, quotas and limit ranges bound nothing, services
//     have no endpoints, no cluster IPs, no DNS. CRDs can be read, and there are none.
//   - Pods: probes, lifecycle hooks, host network and host ports, ephemeral containers, and devices. A container that
//     asks for them waits with reason Unsupported, and an event names the gap. The two priority classes of the system are
//     known, but are no objects.
//   - Files: containers have no file system yet, and volumes no content. Volumes of kinds other than configMap,
//     secret, emptyDir, downwardAPI and projected fail to mount, with an event.
//   - exec and attach find what a real server finds wrong with a request, and then answer 501; proxy answers 404.
//   - Resource limits are not enforced, resized or not; requests count for the scheduler only. There is no preemption, and
//     an eviction meets no disruption budget.
//   - No permissions are checked, and no quotas.
//   - UDP.
//
// Everything else that is missing is a bug, and should have been an error that names itself.
//
// # Errors
//
// [Cluster.Close] answers [ErrStray] for programs that do not return; [Cluster.Serve] answers [ErrClosed] on a closed
// cluster. What the API refuses is Kubernetes' own StatusError: apierrors.IsNotFound and its like work.
package fake
