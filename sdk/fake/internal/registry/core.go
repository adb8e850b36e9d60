package registry

import "slices"

// Core are the rows of the core group whose objects are kept, in the order in which discovery lists them.
var Core = []*Resource{
	ConfigMaps, Endpoints, Events, LimitRanges, Namespaces, Nodes, PersistentVolumeClaims, Pods, PodTemplates, ReplicationControllers,
	ResourceQuotas, Secrets, ServiceAccounts, Services,
}

// Grouped are the rows of the groups that have a name, in the order in which discovery lists the groups.
var Grouped = []*Resource{
	DaemonSets, Deployments, ReplicaSets, StatefulSets, // apps
	HorizontalPodAutoscalers, // autoscaling
	CronJobs, Jobs,           // batch
	PodDisruptionBudgets,      // policy
	CustomResourceDefinitions, // apiextensions.k8s.io
	PriorityClasses,           // scheduling.k8s.io
	Leases,                    // coordination.k8s.io
	EndpointSlices,            // discovery.k8s.io
}

// Served are the rows of every cluster.
var Served = slices.Concat([]*Resource{Bindings}, Core, Grouped)
