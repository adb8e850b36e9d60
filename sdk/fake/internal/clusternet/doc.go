// Package clusternet is what stands between the pods of a cluster beside wires: kube-proxy, which leads connections to services to their
// endpoints, host ports, network policies, and the faults that a test makes. It decides about connection requests of package podnet.
//
// The thing people get wrong is the order. A request for a service is first translated to an endpoint, and only then held against policies and
// faults, so that those are about pods, whatever address was dialed.
//
//	n := clusternet.New(clusternet.Config{API: api, Network: func() *podnet.Network { return network }, ...})
//	network, err := podnet.New(podnet.Options{Route: n.Route, Link: n.Faults.Link})
//
// It has no state of its own but whose turn it is and who has affinity to whom: each request is decided by what the API says at that
// moment, so a policy holds as soon as it is written. Connections that stand are not asked for again, as on a real node.
//
// What it does not do: UDP, topology-aware routing, the HTTP server of health check node ports, and policies about DNS.
package clusternet
