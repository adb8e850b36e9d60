package authz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// RBAC allows what roles allow to those they are bound to. The functions find the objects, as they are now; nobody
// writes to what they return.
type RBAC struct {
	Roles               func(namespace, name string) (*rbacv1.Role, error)
	ClusterRoles        func() []*rbacv1.ClusterRole
	RoleBindings        func(namespace string) []*rbacv1.RoleBinding
	ClusterRoleBindings func() []*rbacv1.ClusterRoleBinding
}

// authorize is RBACAuthorizer.Authorize.
func (b *RBAC) authorize(a *Attributes) (allowed bool, reason string) {
	var problems []string
	b.visit(&a.User, a.Namespace, func(source string, rules []rbacv1.PolicyRule, err error) bool {
		if err != nil {
			problems = append(problems, err.Error())
		}
		allowed = slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return allows(&r, a) })
		if allowed {
			reason = "RBAC: allowed by " + source
		}
		return !allowed
	})
	if !allowed && len(problems) > 0 {
		reason = "RBAC: " + aggregate(problems)
	}
	return allowed, reason
}

// rules are all that a user has in a namespace. problem names roles that do not exist.
func (b *RBAC) rules(u User, namespace string) (rules []rbacv1.PolicyRule, problem string) {
	var problems []string
	b.visit(&u, namespace, func(_ string, more []rbacv1.PolicyRule, err error) bool {
		if err != nil {
			problems = append(problems, err.Error())
		}
		rules = append(rules, more...)
		return true
	})
	if len(problems) > 0 {
		problem = aggregate(problems)
	}
	return rules, problem
}

// aggregate words several problems as utilerrors.NewAggregate does.
func aggregate(problems []string) string {
	slices.Sort(problems)
	problems = slices.Compact(problems)
	if len(problems) == 1 {
		return problems[0]
	}
	return "[" + strings.Join(problems, ", ") + "]"
}

// visit goes through the bindings of a user, those of the cluster first, until visitor has enough.
func (b *RBAC) visit(u *User, namespace string, visitor func(source string, rules []rbacv1.PolicyRule, err error) bool) {
	for _, binding := range b.ClusterRoleBindings() {
		i := slices.IndexFunc(binding.Subjects, func(s rbacv1.Subject) bool { return isSubject(u, &s, "") })
		if i < 0 {
			continue
		}
		rules, err := b.rulesOf(binding.RoleRef, "")
		if !visitor(describe(binding, binding.RoleRef, &binding.Subjects[i]), rules, err) {
			return
		}
	}
	if namespace == "" {
		return
	}
	for _, binding := range b.RoleBindings(namespace) {
		i := slices.IndexFunc(binding.Subjects, func(s rbacv1.Subject) bool { return isSubject(u, &s, namespace) })
		if i < 0 {
			continue
		}
		rules, err := b.rulesOf(binding.RoleRef, namespace)
		if !visitor(describe(binding, binding.RoleRef, &binding.Subjects[i]), rules, err) {
			return
		}
	}
}

// describe names what allowed a request: the binding, the role and who it is given to.
func describe(binding metav1.Object, ref rbacv1.RoleRef, s *rbacv1.Subject) string {
	kind, name, subject := "ClusterRoleBinding", binding.GetName(), s.Name
	if namespace := binding.GetNamespace(); namespace != "" {
		kind, name = "RoleBinding", name+"/"+namespace
	}
	if s.Kind == rbacv1.ServiceAccountKind {
		subject += "/" + cmp.Or(s.Namespace, binding.GetNamespace())
	}
	return fmt.Sprintf("%s %q of %s %q to %s %q", kind, name, ref.Kind, ref.Name, s.Kind, subject)
}

// rulesOf finds the rules of a role.
func (b *RBAC) rulesOf(ref rbacv1.RoleRef, namespace string) ([]rbacv1.PolicyRule, error) {
	if ref.Kind == "Role" {
		role, err := b.Roles(namespace, ref.Name)
		if err != nil {
			return nil, err
		}
		return role.Rules, nil
	}
	all := b.ClusterRoles()
	i := slices.IndexFunc(all, func(r *rbacv1.ClusterRole) bool { return r.Name == ref.Name })
	if i < 0 {
		return nil, fmt.Errorf("clusterrole.rbac.authorization.k8s.io %q not found", ref.Name)
	}
	return aggregated(all[i], all, map[*rbacv1.ClusterRole]bool{}), nil
}

// aggregated are the rules of a cluster role and, if it has an aggregation rule, of all that it selects, and so on: what a
// real cluster's controller writes into it.
func aggregated(role *rbacv1.ClusterRole, all []*rbacv1.ClusterRole, seen map[*rbacv1.ClusterRole]bool) []rbacv1.PolicyRule {
	seen[role] = true
	if role.AggregationRule == nil {
		return role.Rules
	}
	rules := slices.Clone(role.Rules)
	for _, other := range all {
		if !seen[other] && selects(role.AggregationRule, other) {
			rules = append(rules, aggregated(other, all, seen)...)
		}
	}
	return rules
}

func selects(rule *rbacv1.AggregationRule, role *rbacv1.ClusterRole) bool {
	return slices.ContainsFunc(rule.ClusterRoleSelectors, func(s metav1.LabelSelector) bool {
		parsed, err := metav1.LabelSelectorAsSelector(&s)
		return err == nil && parsed.Matches(labels.Set(role.Labels))
	})
}

// isSubject is appliesToUser: a service account without a namespace is one of the binding's.
func isSubject(u *User, s *rbacv1.Subject, namespace string) bool {
	switch s.Kind {
	case rbacv1.UserKind:
		return u.Name == s.Name
	case rbacv1.GroupKind:
		return u.In(s.Name)
	case rbacv1.ServiceAccountKind:
		if s.Namespace != "" {
			namespace = s.Namespace
		}
		return namespace != "" && u.Name == AccountName(namespace, s.Name)
	}
	return false
}

// allows is RuleAllows.
func allows(r *rbacv1.PolicyRule, a *Attributes) bool {
	if !slices.Contains(r.Verbs, a.Verb) && !slices.Contains(r.Verbs, rbacv1.VerbAll) {
		return false
	}
	if !a.IsResource() {
		return matchesPath(r.NonResourceURLs, a.Path)
	}
	return (slices.Contains(r.APIGroups, a.Group) || slices.Contains(r.APIGroups, rbacv1.APIGroupAll)) &&
		matchesResource(r.Resources, a) && (len(r.ResourceNames) == 0 || slices.Contains(r.ResourceNames, a.Name))
}
