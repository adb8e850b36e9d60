package registry

// Core are the rows every cluster serves, in the order in which discovery lists them.
var Core = []*Resource{ConfigMaps, Events, Namespaces, Nodes, Pods, ReplicationControllers, Secrets, ServiceAccounts, Services}
