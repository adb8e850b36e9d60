package conformance

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

func TestAuthCanI(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly(), fake.Forbid(
		fake.Rule{Verbs: []string{"delete"}, Resources: []string{"pods"}, Namespaces: []string{"default"}, Reason: "not here"},
		fake.Rule{NonResourceURLs: []string{"/metrics"}},
	))
	if got := c.kubectl("auth", "can-i", "create", "pods"); got != "yes\n" {
		t.Errorf("what nothing forbids: %q", got)
	}
	for _, args := range []string{"auth can-i delete pods", "auth can-i get /metrics"} {
		if r := c.try(fields(args)...); r.code != 1 || !strings.HasPrefix(r.stdout, "no") {
			t.Errorf("%s: exit code %d, %q", args, r.code, r.stdout)
		}
	}
	has(t, c.try("auth", "can-i", "delete", "pods").stdout, "no - not here\n")
	has(t, c.refused("delete", "pod", "web"),
		`Error from server (Forbidden): pods "web" is forbidden: User "kubernetes-admin" cannot delete resource "pods" in API group "" in the namespace "default": not here`)
	list := c.try("auth", "can-i", "--list")
	has(t, normal(list.stdout), "Resources Non-Resource URLs Resource Names Verbs\n", "*.* [] [] [*]\n", " [*] [] [*]\n")
	has(t, list.stderr, "Warning: the list may be incomplete: ")
}

func TestAuthWhoami(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	has(t, normal(c.kubectl("auth", "whoami")), "ATTRIBUTE VALUE\n", "Username kubernetes-admin\n", "Groups [system:masters system:authenticated]\n")
	has(t, normal(c.kubectl("auth", "whoami", "--as=bob", "--as-group=dev", "--as-uid=7")), "Username bob\n", "UID 7\n", "Groups [dev system:authenticated]\n")
	has(t, c.kubectl("auth", "whoami", "-o", "yaml"), "kind: SelfSubjectReview\n", "    username: kubernetes-admin\n")
}

// A token that is given out lets its account in, which may do what its roles allow.
func TestCreateToken(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly(), fake.RBAC())
	c.kubectl("create", "serviceaccount", "crane")
	token := strings.TrimSpace(c.kubectl("create", "token", "crane", "--duration=10m"))
	has(t, normal(c.kubectl("auth", "whoami", "--token="+token)), "Username system:serviceaccount:default:crane\n",
		"Groups [system:serviceaccounts system:serviceaccounts:default system:authenticated]\n", "Extra: authentication.kubernetes.io/credential-id [JTI=<uid>]\n")
	has(t, c.refused("get", "pods", "--token="+token),
		`User "system:serviceaccount:default:crane" cannot list resource "pods" in API group "" in the namespace "default"`)
	c.kubectl("create", "rolebinding", "crane", "--clusterrole=view", "--serviceaccount=default:crane")
	has(t, c.try("get", "pods", "--token="+token).stderr, "No resources found in default namespace.")
	has(t, c.try("get", "pods", "--as=system:serviceaccount:default:crane").stderr, "No resources found in default namespace.")
	has(t, normal(c.kubectl("get", "rolebinding", "crane", "-o", "wide")), "NAME ROLE AGE USERS GROUPS SERVICEACCOUNTS\n", "crane ClusterRole/view <age> default/crane\n")
	has(t, normal(c.kubectl("describe", "rolebinding", "crane")), "Role:\n Kind: ClusterRole\n Name: view\n", " ServiceAccount crane default\n")
	has(t, normal(c.kubectl("auth", "can-i", "--list", "--token="+token)), "pods [] [] [get list watch]\n", " [/version] [] [get]\n")
	has(t, c.refused("create", "token", "crane", "--duration=1m"), "may not specify a duration less than 10 minutes")
	has(t, c.refused("create", "token", "other"), `error: failed to create token: serviceaccounts "other" not found`)
}

// Roles and bindings are what people have in their manifests, whether or not they are enforced.
func TestRoles(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "role", "reader", "--verb=get,list", "--resource=pods,deployments.apps")
	c.kubectl("create", "clusterrole", "system:reader", "--verb=get", "--non-resource-url=/metrics")
	c.kubectl("create", "clusterrolebinding", "readers", "--clusterrole=system:reader", "--user=bob", "--group=dev")
	has(t, normal(c.kubectl("get", "roles,clusterroles")), "NAME CREATED AT\nrole.rbac.authorization.k8s.io/reader <time>\n", "clusterrole.rbac.authorization.k8s.io/system:reader <time>\n")
	has(t, normal(c.kubectl("get", "clusterrolebinding", "-o", "wide")), "readers ClusterRole/system:reader <age> bob dev\n")
	has(t, normal(c.kubectl("describe", "role", "reader")), " deployments.apps [] [] [get list]\n", " pods [] [] [get list]\n")
	manifest := c.write("role.yaml", "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: applied, namespace: default}\nrules:\n- {apiGroups: [\"\"], resources: [pods], verbs: [get]}\n")
	has(t, c.kubectl("apply", "-f", manifest), "role.rbac.authorization.k8s.io/applied created\n")
	has(t, c.kubectl("apply", "--server-side", "--force-conflicts", "-f", manifest), "role.rbac.authorization.k8s.io/applied serverside-applied\n")
	has(t, c.kubectl("auth", "reconcile", "-f", manifest), "role.rbac.authorization.k8s.io/applied reconciled\n")
}
