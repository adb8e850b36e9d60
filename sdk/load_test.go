package sdk_test

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// kubeconfig is a file with the clusters, users and contexts of the given names, each context of the cluster and user of its
// name, and a namespace of its name but for those that begin with x.
func kubeconfig(current string, names ...string) string {
	var clusters, users, contexts strings.Builder
	for _, n := range names {
		fmt.Fprintf(&clusters, "- {name: %s, cluster: {server: 'https://%[1]s'}}\n", n)
		fmt.Fprintf(&users, "- {name: %s, user: {token: token-%[1]s}}\n", n)
		namespace := ", namespace: ns-" + n
		if strings.HasPrefix(n, "x") {
			namespace = ""
		}
		fmt.Fprintf(&contexts, "- {name: %s, context: {cluster: %[1]s, user: %[1]s%s}}\n", n, namespace)
	}
	return fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: %q\nclusters:\n%susers:\n%scontexts:\n%s", current, &clusters, &users, &contexts)
}

func TestLoad(t *testing.T) {
	ab, bc := kubeconfig("b", "a", "b"), kubeconfig("c", "b", "c", "x")
	tests := []struct {
		name  string
		o     sdk.LoadOptions
		files []string // those of KUBECONFIG
		want  string   // host, token, namespace
		err   string
	}{
		{name: "the current context", files: []string{ab}, want: "https://b token-b ns-b"},
		{name: "the first of several files says which is current", files: []string{ab, bc}, want: "https://b token-b ns-b"},
		{name: "a file that is not there is passed over", files: []string{"", bc}, want: "https://c token-c ns-c"},
		{name: "a context of the second file", o: sdk.LoadOptions{Context: "c"}, files: []string{ab, bc}, want: "https://c token-c ns-c"},
		{name: "a namespace of the caller's", o: sdk.LoadOptions{Namespace: "mine"}, files: []string{ab}, want: "https://b token-b mine"},
		{name: "a context without a namespace", o: sdk.LoadOptions{Context: "x"}, files: []string{bc}, want: "https://x token-x default"},
		{name: "another user", o: sdk.LoadOptions{User: "a"}, files: []string{ab}, want: "https://b token-a ns-b"},
		{name: "another cluster", o: sdk.LoadOptions{Cluster: "a"}, files: []string{ab}, want: "https://a token-b ns-b"},
		{name: "data, whatever the files are", o: sdk.LoadOptions{Data: []byte(bc)}, files: []string{ab}, want: "https://c token-c ns-c"},

		{name: "no such context", o: sdk.LoadOptions{Context: "z"}, files: []string{ab}, err: `there is no context "z"; it has a, b`},
		{name: "no such user", o: sdk.LoadOptions{User: "z"}, files: []string{ab}, err: `there is no user "z"; it has a, b`},
		{name: "no such cluster", o: sdk.LoadOptions{Cluster: "z"}, files: []string{ab}, err: `there is no cluster "z"; it has a, b`},
		{name: "no context is current", files: []string{kubeconfig("", "a", "b")}, err: "no context is current; choose one of a, b"},
		{name: "nothing at all", files: []string{""}, err: "load configuration: there is nothing at kubeconfig "},
		{name: "a file that must be there", o: sdk.LoadOptions{Kubeconfig: "/none/such"}, files: []string{ab}, err: "/none/such: no such file"},
		{name: "data that says nothing", o: sdk.LoadOptions{Data: []byte{}}, files: []string{ab}, err: "the kubeconfig in Data is empty"},
		{name: "data that is no kubeconfig", o: sdk.LoadOptions{Data: []byte("kind: Pod\napiVersion: v1\n")}, err: "load configuration: "},
		{name: "data and a file", o: sdk.LoadOptions{Data: []byte(ab), Kubeconfig: "x"}, err: "both Kubeconfig and Data"},
		{name: "groups of nobody", o: sdk.LoadOptions{AsGroups: []string{"g"}}, files: []string{ab}, err: "AsGroups is given without As"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var paths []string
			for i, text := range tt.files {
				paths = append(paths, filepath.Join(t.TempDir(), fmt.Sprint("config", i)))
				if text != "" {
					ok(t, os.WriteFile(paths[i], []byte(text), 0o600))
				}
			}
			t.Setenv("KUBECONFIG", strings.Join(paths, string(os.PathListSeparator)))
			config, namespace, err := tt.o.Config()
			if tt.err != "" {
				says(t, err, tt.err)
				return
			}
			ok(t, err)
			equal(t, "config", tt.want, config.Host+" "+config.BearerToken+" "+namespace)
		})
	}
}

func TestLoadAsSomebodyElse(t *testing.T) {
	o := sdk.LoadOptions{Data: []byte(kubeconfig("a", "a")), As: "jane", AsGroups: []string{"dev"}, QPS: -1, Burst: 7}
	config, _, err := o.Config()
	ok(t, err)
	equal(t, "impersonation", rest.ImpersonationConfig{UserName: "jane", Groups: []string{"dev"}}, config.Impersonate)
	equal(t, "limits", "-1 7", fmt.Sprint(config.QPS, config.Burst))
}

func TestLoadFlags(t *testing.T) {
	o := sdk.LoadOptions{Context: "prod"}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	o.AddFlags(flags)
	ok(t, flags.Parse([]string{"-kubeconfig", "file", "-n", "web", "--as=jane", "-user", "u", "-cluster", "c"}))
	equal(t, "options", sdk.LoadOptions{Kubeconfig: "file", Context: "prod", Namespace: "web", As: "jane", User: "u", Cluster: "c"}, o)
}

// A program finds its cluster as kubectl does. Here it is a fake one, served on a port of this machine.
func ExampleLoad() {
	cluster, err := fake.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	endpoint, err := cluster.Serve(context.Background(), "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}

	client, err := sdk.Load(sdk.LoadOptions{Data: endpoint.Kubeconfig(), Namespace: "kube-system"})
	if err != nil {
		log.Fatal(err)
	}
	account := &corev1.ServiceAccount{}
	if err := client.Get(context.Background(), "default", account); err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Namespace, account.Name)
	// Output: kube-system default
}
