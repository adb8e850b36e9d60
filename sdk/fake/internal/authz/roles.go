package authz

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	read  = "get list watch"
	write = "create delete deletecollection patch update"
	all   = "create delete deletecollection get list patch update watch"

	// aggregateTo begins the labels by which cluster roles become parts of others.
	aggregateTo = "rbac.authorization.k8s.io/aggregate-to-"
)

// role is a cluster role in short.
type role struct {
	name    string
	partOf  string // the role whose selector finds it
	selects bool   // it consists of the roles whose partOf it is
	rules   []rule
	groups  []string // who has it everywhere
}

// rule is a policy rule in short: lists have spaces in between, and a dash stands for the core group.
type rule struct{ groups, resources, verbs string }

// path is a rule about paths.
func path(urls string) rule { return rule{"", urls, "get"} }

// roles are those that a fresh cluster has for people and their programs, as bootstrappolicy lists them.
var roles = []role{
	{name: "admin", selects: true},
	{name: "cluster-admin", groups: []string{Masters}, rules: []rule{{"*", "*", "*"}, {"", "*", "*"}}},
	{name: "edit", partOf: "admin", selects: true},
	{name: "system:aggregate-to-admin", partOf: "admin", rules: []rule{
		{"authorization.k8s.io", "localsubjectaccessreviews", "create"},
		{"rbac.authorization.k8s.io", "rolebindings roles", all},
	}},
	{name: "system:aggregate-to-edit", partOf: "edit", rules: editRules},
	{name: "system:aggregate-to-view", partOf: "view", rules: viewRules},
	{name: "system:basic-user", groups: []string{Authenticated}, rules: []rule{
		{"authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create"},
		{"authentication.k8s.io", "selfsubjectreviews", "create"},
	}},
	{name: "system:discovery", groups: []string{Authenticated}, rules: []rule{
		path("/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/"),
	}},
	{name: "system:monitoring", groups: []string{"system:monitoring"}, rules: []rule{
		path("/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz"),
		{"-", "nodes/metrics", "get"},
	}},
	{name: "system:public-info-viewer", groups: []string{Authenticated, Unauthenticated}, rules: []rule{
		path("/healthz /livez /readyz /version /version/"),
	}},
	{name: "system:service-account-issuer-discovery", groups: []string{accounts}, rules: []rule{
		path("/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/"),
	}},
	{name: "view", partOf: "edit", selects: true},
}

var editRules = []rule{
	{"-", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", read},
	{"-", "serviceaccounts", "impersonate"},
	{"-", "pods pods/attach pods/exec pods/portforward pods/proxy", write},
	{"-", "pods/eviction", "create"},
	{"-", "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy", write},
	{"-", "serviceaccounts/token", "create"},
	{"- events.k8s.io", "events", write},
	{"apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale", write},
	{"autoscaling", "horizontalpodautoscalers", write},
	{"batch", "cronjobs jobs", write},
	{"extensions", "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale " +
		"replicationcontrollers/scale", write},
	{"policy", "poddisruptionbudgets", write},
	{"networking.k8s.io", "ingresses networkpolicies", write},
	{"coordination.k8s.io", "leases", all},
	{"resource.k8s.io", "resourceclaims resourceclaimtemplates", write},
}

var viewRules = []rule{
	{"-", "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale " +
		"serviceaccounts services services/status", read},
	{"-", "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status", read},
	{"-", "namespaces", read},
	{"- events.k8s.io", "events", read},
	{"discovery.k8s.io", "endpointslices", read},
	{"apps", "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale " +
		"replicasets/status statefulsets statefulsets/scale statefulsets/status", read},
	{"autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", read},
	{"batch", "cronjobs cronjobs/status jobs jobs/status", read},
	{"extensions", "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies " +
		"replicasets replicasets/scale replicasets/status replicationcontrollers/scale", read},
	{"policy", "poddisruptionbudgets poddisruptionbudgets/status", read},
	{"networking.k8s.io", "ingresses ingresses/status networkpolicies", read},
	{"resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates", read},
}

// Bootstrap returns the cluster roles, and their bindings, of a fresh cluster where permissions are checked. They belong to
// the caller.
func Bootstrap() (clusterRoles []*rbacv1.ClusterRole, bindings []*rbacv1.ClusterRoleBinding) {
	for i := range roles {
		r := &roles[i]
		clusterRoles = append(clusterRoles, r.object())
		if len(r.groups) > 0 {
			bindings = append(bindings, r.binding())
		}
	}
	return clusterRoles, bindings
}

func (r *role) object() *rbacv1.ClusterRole {
	obj := &rbacv1.ClusterRole{ObjectMeta: r.meta()}
	for _, rule := range r.rules {
		obj.Rules = append(obj.Rules, rule.policy())
	}
	if r.partOf != "" {
		obj.Labels[aggregateTo+r.partOf] = "true"
	}
	if r.selects {
		obj.AggregationRule = &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{
			{MatchLabels: map[string]string{aggregateTo + r.name: "true"}},
		}}
	}
	return obj
}

func (r *role) binding() *rbacv1.ClusterRoleBinding {
	obj := &rbacv1.ClusterRoleBinding{ObjectMeta: r.meta(), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: r.name}}
	for _, g := range r.groups {
		obj.Subjects = append(obj.Subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: g})
	}
	return obj
}

func (r *role) meta() metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: r.name, Labels: map[string]string{"kubernetes.io/bootstrapping": "rbac-defaults"},
		Annotations: map[string]string{rbacv1.AutoUpdateAnnotationKey: "true"},
	}
}

func (r rule) policy() rbacv1.PolicyRule {
	if r.groups == "" {
		return rbacv1.PolicyRule{Verbs: strings.Fields(r.verbs), NonResourceURLs: strings.Fields(r.resources)}
	}
	groups := strings.Fields(r.groups)
	for i := range groups {
		groups[i] = strings.TrimPrefix(groups[i], "-")
	}
	return rbacv1.PolicyRule{Verbs: strings.Fields(r.verbs), APIGroups: groups, Resources: strings.Fields(r.resources)}
}
