package registry

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Core are the rows of the core group whose objects are kept, in the order in which discovery lists them.
var Core = []*Resource{
	ConfigMaps, Endpoints, Events, LimitRanges, Namespaces, Nodes, PersistentVolumeClaims, PersistentVolumes, Pods, PodTemplates, ReplicationControllers,
	ResourceQuotas, Secrets, ServiceAccounts, Services,
}

// Grouped are the rows of the groups that have a name, in the order in which discovery lists the groups.
var Grouped = []*Resource{
	DaemonSets, Deployments, ReplicaSets, StatefulSets, // apps
	NewerEvents,                      // events.k8s.io
	SelfSubjectReviews, TokenReviews, // authentication.k8s.io
	LocalSubjectAccessReviews, SelfSubjectAccessReviews, SelfSubjectRulesReviews, SubjectAccessReviews, // authorization.k8s.io
	HorizontalPodAutoscalers, // autoscaling
	CronJobs, Jobs,           // batch
	Ingresses, NetworkPolicies, // networking.k8s.io
	PodDisruptionBudgets,                                   // policy
	ClusterRoleBindings, ClusterRoles, RoleBindings, Roles, // rbac.authorization.k8s.io
	CustomResourceDefinitions, // apiextensions.k8s.io
	StorageClasses,            // storage.k8s.io
	PriorityClasses,           // scheduling.k8s.io
	Leases,                    // coordination.k8s.io
	EndpointSlices,            // discovery.k8s.io
}

// KeptAs is the kind as which objects of a kind are kept: itself, unless it is but another view of an older one.
func KeptAs(kind schema.GroupKind) schema.GroupKind {
	for _, r := range Served {
		if r.GroupVersionKind().GroupKind() == kind {
			return r.KeptKind().GroupKind()
		}
	}
	return kind
}

// Served are the rows of every cluster.
var Served = slices.Concat([]*Resource{Bindings}, Core, Grouped)
