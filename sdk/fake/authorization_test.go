package fake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func typedClient(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// says holds the text of an error that must be one of permissions.
func says(t *testing.T, err error, want string) {
	t.Helper()
	if !apierrors.IsForbidden(err) {
		t.Errorf("error %v, want one that is forbidden", err)
		return
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func ExampleForbid() {
	cluster, err := fake.Start(fake.APIOnly(), fake.Forbid(
		fake.Rule{Verbs: []string{"delete"}, Resources: []string{"namespaces"}, Names: []string{"default"}, Reason: "people live there"},
	))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer cluster.Close()
	client, err := kubernetes.NewForConfig(cluster.RESTConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = client.CoreV1().Namespaces().Delete(context.Background(), "default", metav1.DeleteOptions{})
	fmt.Println(apierrors.IsForbidden(err))
	fmt.Println(strings.Replace(err.Error(), ": ", ":\n", 1))
	// Output:
	// true
	// namespaces "default" is forbidden:
	// User "kubernetes-admin" cannot delete resource "namespaces" in API group "" in the namespace "default": people live there
}

func TestForbiddenRequestsAreRefusedFirst(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly(), fake.Forbid(
		fake.Rule{Verbs: []string{"list", "watch"}, Resources: []string{"pods"}},
		fake.Rule{Resources: []string{"pods/log"}},
		fake.Rule{APIGroups: []string{"apps"}, Verbs: []string{"create"}},
		fake.Rule{NonResourceURLs: []string{"/version"}},
	))
	client := typedClient(t, c.RESTConfig())
	ctx := testContext(t)
	_, err := client.CoreV1().Pods("nowhere").List(ctx, metav1.ListOptions{})
	says(t, err, `pods is forbidden: User "kubernetes-admin" cannot list resource "pods" in API group "" in the namespace "nowhere"`)
	_, err = client.CoreV1().Pods("").Watch(ctx, metav1.ListOptions{})
	says(t, err, `pods is forbidden: User "kubernetes-admin" cannot watch resource "pods" in API group "" at the cluster scope`)
	err = client.CoreV1().Pods("default").GetLogs("p", &corev1.PodLogOptions{}).Do(ctx).Error()
	says(t, err, `pods "p" is forbidden: User "kubernetes-admin" cannot get resource "pods/log" in API group "" in the namespace "default"`)
	_, err = client.AppsV1().Deployments("default").Create(ctx, nil, metav1.CreateOptions{})
	says(t, err, `deployments.apps is forbidden: User "kubernetes-admin" cannot create resource "deployments" in API group "apps" in the namespace "default"`)
	err = client.CoreV1().RESTClient().Get().AbsPath("/version").Do(ctx).Error()
	says(t, err, `forbidden: User "kubernetes-admin" cannot get path "/version"`)
	if _, err := client.CoreV1().Pods("default").Get(ctx, "p", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("what no rule covers: %v, want not found", err)
	}
}

func TestReviewsAnswerAsRequestsAre(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly(), fake.Forbid(fake.Rule{
		Users: []string{"bob"}, Verbs: []string{"delete"}, Resources: []string{"pods"}, Namespaces: []string{"prod"}, Reason: "not in prod",
	}))
	client, ctx := typedClient(t, c.RESTConfig()), testContext(t)
	ask := func(user, verb, namespace string) authorizationv1.SubjectAccessReviewStatus {
		r, err := client.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
			Spec: authorizationv1.SubjectAccessReviewSpec{User: user, ResourceAttributes: &authorizationv1.ResourceAttributes{
				Verb: verb, Resource: "pods", Namespace: namespace,
			}},
		}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Status
	}
	for _, tc := range []struct {
		user, verb, namespace string
		want                  authorizationv1.SubjectAccessReviewStatus
	}{
		{"bob", "delete", "prod", authorizationv1.SubjectAccessReviewStatus{Reason: "not in prod"}},
		{"bob", "delete", "test", authorizationv1.SubjectAccessReviewStatus{Allowed: true}},
		{"alice", "delete", "prod", authorizationv1.SubjectAccessReviewStatus{Allowed: true}},
	} {
		if diff := cmp.Diff(tc.want, ask(tc.user, tc.verb, tc.namespace)); diff != "" {
			t.Errorf("%s %s in %s (-want +got):\n%s", tc.user, tc.verb, tc.namespace, diff)
		}
	}
	self := &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
		ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "delete", Resource: "pods", Namespace: "prod"},
	}}
	bob := rest.CopyConfig(c.RESTConfig())
	bob.Impersonate = rest.ImpersonationConfig{UserName: "bob"}
	for user, config := range map[string]*rest.Config{"kubernetes-admin": c.RESTConfig(), "bob": bob} {
		r, err := typedClient(t, config).AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, self, metav1.CreateOptions{})
		if err != nil || r.Status.Allowed != (user != "bob") {
			t.Errorf("%s may: %v (%v)", user, r.Status, err)
		}
	}
	rules, err := client.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{
		Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: "prod"}}, metav1.CreateOptions{})
	if err != nil || !rules.Status.Incomplete || len(rules.Status.ResourceRules) != 1 {
		t.Errorf("rules %v (%v): they cannot be complete", rules.Status, err)
	}
}

func TestReviewsThatAskNothing(t *testing.T) {
	client, ctx := typedClient(t, fake.RunT(t, fake.APIOnly()).RESTConfig()), testContext(t)
	auth := client.AuthorizationV1()
	attributes := &authorizationv1.ResourceAttributes{Verb: "get", Resource: "pods", Namespace: "x"}
	for _, tc := range []struct {
		rule, want string
		ask        func() error
	}{
		{"neither a resource nor a path",
			`.authorization.k8s.io "" is invalid: spec: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`,
			func() error {
				_, err := auth.SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{}, metav1.CreateOptions{})
				return err
			}},
		{"about nobody", `.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified`,
			func() error {
				_, err := auth.SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
					Spec: authorizationv1.SubjectAccessReviewSpec{ResourceAttributes: attributes}}, metav1.CreateOptions{})
				return err
			}},
		{"about another namespace", `.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "x": must match metadata.namespace`,
			func() error {
				_, err := auth.LocalSubjectAccessReviews("y").Create(ctx, &authorizationv1.LocalSubjectAccessReview{
					Spec: authorizationv1.SubjectAccessReviewSpec{User: "bob", ResourceAttributes: attributes}}, metav1.CreateOptions{})
				return err
			}},
		{"no namespace", "no namespace on request", func() error {
			_, err := auth.SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{}, metav1.CreateOptions{})
			return err
		}},
		{"no token", "token is required for TokenReview in authentication", func() error {
			_, err := client.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{}, metav1.CreateOptions{})
			return err
		}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			err := tc.ask()
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRolesAreEnforced(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly(), fake.RBAC())
	admin, ctx := typedClient(t, c.RESTConfig()), testContext(t)
	if _, err := admin.CoreV1().ServiceAccounts("default").Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "crane"}},
		metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	config := rest.CopyConfig(c.RESTConfig())
	config.BearerToken = tokenOf(t, admin, "default", "crane", 3600)
	crane := typedClient(t, config)

	_, err := crane.CoreV1().Pods("default").List(ctx, metav1.ListOptions{})
	says(t, err, `pods is forbidden: User "system:serviceaccount:default:crane" cannot list resource "pods" in API group "" in the namespace "default"`)
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "crane"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "crane"}},
	}
	if _, err := admin.RbacV1().RoleBindings("default").Create(ctx, binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := crane.CoreV1().Pods("default").List(ctx, metav1.ListOptions{}); err != nil {
		t.Errorf("with a role: %v", err)
	}
	_, err = crane.CoreV1().Secrets("default").Get(ctx, "s", metav1.GetOptions{})
	says(t, err, `secrets "s" is forbidden: User "system:serviceaccount:default:crane" cannot get resource "secrets" in API group "" in the namespace "default"`)
	if _, err := crane.Discovery().ServerVersion(); err != nil {
		t.Errorf("discovery: %v", err)
	}
	rules, err := crane.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx, &authorizationv1.SelfSubjectRulesReview{
		Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: "default"}}, metav1.CreateOptions{})
	if err != nil || rules.Status.Incomplete || len(rules.Status.ResourceRules) < 10 {
		t.Errorf("rules %v (%v)", rules.Status, err)
	}
}

func TestRolesThatAreWrong(t *testing.T) {
	client, ctx := typedClient(t, fake.RunT(t, fake.APIOnly()).RESTConfig()), testContext(t)
	rbac := client.RbacV1()
	_, err := rbac.Roles("default").Create(ctx, &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Name: "a:b"}, Rules: []rbacv1.PolicyRule{{Verbs: []string{"get"}}},
	}, metav1.CreateOptions{})
	want := `Role.rbac.authorization.k8s.io "a:b" is invalid: [rules[0].apiGroups: Required value: resource rules must supply at least one api group, ` +
		`rules[0].resources: Required value: resource rules must supply at least one resource]`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "system:b"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"},
		Subjects: []rbacv1.Subject{{Kind: "User", Name: "bob"}},
	}
	made, err := rbac.ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if made.RoleRef.APIGroup != rbacv1.GroupName || made.Subjects[0].APIGroup != rbacv1.GroupName {
		t.Errorf("no defaults: %v %v", made.RoleRef, made.Subjects)
	}
	made.RoleRef.Name = "edit"
	if _, err = rbac.ClusterRoleBindings().Update(ctx, made, metav1.UpdateOptions{}); !apierrors.IsInvalid(err) {
		t.Errorf("another role: %v, want invalid", err)
	}
}

func tokenOf(t *testing.T, client kubernetes.Interface, namespace, account string, seconds int64) string {
	t.Helper()
	r, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(testContext(t), account, &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(seconds)}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Status.Token
}

func TestTokensHoldUntilTheyExpire(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.APIOnly())
		admin, ctx := typedClient(t, c.RESTConfig()), t.Context()
		text := tokenOf(t, admin, "default", "default", 600)
		config := rest.CopyConfig(c.RESTConfig())
		config.BearerToken = text
		account := typedClient(t, config)
		who, err := account.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := who.Status.UserInfo.Username, "system:serviceaccount:default:default"; got != want {
			t.Errorf("user %s, want %s", got, want)
		}
		if diff := cmp.Diff([]string{"system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"},
			who.Status.UserInfo.Groups); diff != "" {
			t.Errorf("groups (-want +got):\n%s", diff)
		}
		review := func(audiences ...string) authenticationv1.TokenReviewStatus {
			r, err := admin.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{
				Spec: authenticationv1.TokenReviewSpec{Token: text, Audiences: audiences}}, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return r.Status
		}
		if r := review(); !r.Authenticated || r.User.Username != who.Status.UserInfo.Username {
			t.Errorf("a token that holds: %v", r)
		}
		if r := review("vault"); r.Authenticated || !strings.Contains(r.Error, `is invalid for the target audiences ["vault"]`) {
			t.Errorf("a token for somebody else: %v", r)
		}
		<-time.After(12 * time.Minute)
		if r := review(); r.Authenticated || r.Error != "[invalid bearer token, service account token has expired]" {
			t.Errorf("a token that is too old: %v", r)
		}
		if _, err := account.CoreV1().Pods("default").List(ctx, metav1.ListOptions{}); !apierrors.IsUnauthorized(err) {
			t.Errorf("a request with it: %v, want unauthorized", err)
		}
	})
}

func TestTokenRequests(t *testing.T) {
	client, ctx := typedClient(t, fake.RunT(t, fake.APIOnly()).RESTConfig()), testContext(t)
	if _, err := client.CoreV1().Pods("default").Create(ctx, plainPod("p"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		rule, account string
		request       authenticationv1.TokenRequest
		err           string
	}{
		{"the defaults", "default", authenticationv1.TokenRequest{}, ""},
		{"for a pod", "default", authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
			BoundObjectRef: &authenticationv1.BoundObjectReference{Kind: "Pod", APIVersion: "v1", Name: "p"}}}, ""},
		{"for a pod that is not there", "default", authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
			BoundObjectRef: &authenticationv1.BoundObjectReference{Kind: "Pod", APIVersion: "v1", Name: "q"}}}, `pods "q" not found`},
		{"for what tokens are not bound to", "default", authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
			BoundObjectRef: &authenticationv1.BoundObjectReference{Kind: "ConfigMap", APIVersion: "v1", Name: "q"}}},
			"cannot bind token to object of type /v1, Kind=ConfigMap"},
		{"of an account that is not there", "other", authenticationv1.TokenRequest{}, `serviceaccounts "other" not found`},
		{"too short", "default", authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(int64(599))}},
			`TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes`},
		{"too long", "default", authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(int64(1<<32 + 1))}},
			`TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: ` +
				`may not specify a duration larger than 2^32 seconds`},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			got, err := client.CoreV1().ServiceAccounts("default").CreateToken(ctx, tc.account, &tc.request, metav1.CreateOptions{})
			text := ""
			if err != nil {
				text = err.Error()
			} else if got.Status.Token == "" || *got.Spec.ExpirationSeconds != 3600 || len(got.Spec.Audiences) != 1 {
				t.Errorf("token request %v", got)
			}
			if diff := cmp.Diff(tc.err, text); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}
