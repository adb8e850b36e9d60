package registry

import "slices"

// Core are the rows of the core group whose objects are kept, in the order in which discovery lists them.
var Core = []*Resource{ConfigMaps, Events, Namespaces, Nodes, Pods, ReplicationControllers, Secrets, ServiceAccounts, Services}

// Served are the rows of every cluster.
var Served = slices.Concat([]*Resource{Bindings}, Core, []*Resource{Deployments, ReplicaSets, CustomResourceDefinitions})
