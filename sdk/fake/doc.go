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
// cluster on loopback, for kubectl. [Cluster.Draw] draws it.
//
// # What it does not do
//
//   - Kinds: beside those of the core group (but component statuses) the events of events.k8s.io, deployments, replicasets,
//     statefulsets, daemonsets, jobs, cronjobs, horizontalpodautoscalers, poddisruptionbudgets, leases, endpointslices,
//     priorityclasses, storageclasses, ingresses, networkpolicies, roles and their bindings, the reviews of permissions and of tokens, and no others. Only
//     replicationcontrollers, services, network policies, claims and volumes, quotas, limit ranges and disruption budgets are acted on; all others are objects
//     that change when a client changes them, with few defaults and rules: deployments make no pods.
//   - Kinds of your own, by [CRDs], [Types] or a CRD that a client creates: no conversion webhook is called, so that of several versions
//     with one only the stored version can be had; the others answer why not. A definition is served when its creation answers.
//   - Pods: devices. A container that asks for them waits with reason Unsupported, and an event names the gap. Image pull secrets are
//     ignored, as are resizes of what a pod asks for as a whole.
//   - Nodes: a kubelet writes its lease and its heartbeats when somebody looks or watches, not while nobody does; one that stops writes
//     its lease once more. A node that is powered off resets what it was connected to; partition it ([Network]) for silence. Kubelets
//     push nothing out for critical pods.
//   - Files: volumes of kinds other than configMap, secret, emptyDir, downwardAPI, projected, hostPath, image and
//     persistentVolumeClaim fail to mount, with an event. Volumes of claims are
//     made by minikube's provisioner only, a class that waits for its first consumer has the node that the scheduler chose without
//     it, and nobody makes the claims of ephemeral volumes or expands a volume.
//   - exec, probes and hooks run what the image brings along for that ([Exec]); without it a container has no commands, and each
//     fails as one does whose file is not there. A proxy to a node's kubelet
//     answers /healthz, /logs and /pods, and 501 for all else; the server's own /metrics answers 501 too.
//   - Resource limits are not enforced, resized or not; requests count for the scheduler, the kubelet's admission
//     and quotas only. The scheduler does not look at volumes, and spreads a controller's pods by nodes, not by zones, unless they say so.
//   - Permissions are checked as [Forbid] and [RBAC] say, and by default not at all. That nobody gives away permissions that
//     he has not is never checked. A cluster role that is made of others allows what they do, but does not list it.
//   - Network: UDP, IPv6 between pods and addresses of both families for services; the DNS of the cluster is asked by a pod's programs
//     through [Process] only, and knows no names outside of the cluster. Health check node ports are given out, but nobody answers there;
//     there are no load balancers, no ingress controller, no topology-aware routing and no objects for addresses and their ranges.
//
// Everything else that is missing is a bug, and should have been an error that names itself.
//
// # Errors
//
// [Cluster.Close] answers [ErrStray] for programs that do not return; [Cluster.Serve] answers [ErrClosed] on a closed
// cluster. What the API refuses is Kubernetes' own StatusError: apierrors.IsNotFound and its like work.
package fake
