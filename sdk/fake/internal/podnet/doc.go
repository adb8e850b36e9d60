// Package podnet gives the flat network of a cluster's pods, in memory: every pod has an IP address, any pod reaches any
// other at it without translation, and the containers of one pod share its address, its ports and its localhost.
//
// The thing people get wrong is whose a listener or a connection is. A [Namespace] lives as long as the pod; an [Owner]
// is one container instance in it. A program must get its network from its container's Owner: when the container dies,
// Owner.Close closes its listeners and resets its connections, while those of its neighbours go on.
//
//	network, _ := podnet.New(podnet.Options{})
//	pod, _ := network.NewNamespace(podnet.NamespaceOptions{Hostname: "crane"})
//	container := pod.NewOwner()
//	listener, _ := container.Listen("tcp", ":8080")
//
// Everything behaves as Linux does unless said otherwise: a closed port refuses, an address that nobody has swallows
// packets until the dial gives up, and errors are [*net.OpError] around the [syscall.Errno] a socket would give.
//
// What it does not do: UDP, Unix and raw sockets ([ErrNotTCP]), IPv6 between pods (only ::1 exists), happy eyeballs (the
// addresses of a name are tried in turn). Addresses of services, policies and faults are for [Options.Route] and [Options.Link].
package podnet
