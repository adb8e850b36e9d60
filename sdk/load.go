package sdk

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// LoadOptions say which cluster [Load] finds, as whom, and in which namespace. The zero value is what kubectl does without
// flags: the current context of the files that the environment variable KUBECONFIG lists, merged, or of ~/.kube/config; where
// there is none of them, the cluster in whose pod the program runs.
type LoadOptions struct {
	// Kubeconfig is the path of a file to read instead of those. That it is not there is an error.
	Kubeconfig string
	// Data is a kubeconfig itself; no file is looked for then. Only one of Kubeconfig and Data may be given.
	Data []byte
	// Context is the context to take, instead of the current one; Cluster and User change parts of it. All are names in the
	// kubeconfig, and an error where there is none.
	Context, Cluster, User string
	// Namespace is where the client works, whatever the context says.
	Namespace string
	// As impersonates a user or, as system:serviceaccount:NAMESPACE:NAME, a service account, with AsGroups as groups.
	As       string
	AsGroups []string
	// QPS and Burst limit requests, as those of rest.Config do; 0 is client-go's default, less than 0 no limit.
	QPS   float32
	Burst int
}

// Load returns a client for the cluster that the options lead to, in the namespace that they, the context or the pod say. In a
// cluster that is the namespace of the pod: of the environment variable POD_NAMESPACE, else of the service account; tokens are
// read anew as they are replaced. It reads files, and sends no request.
//
// Credential plugins run as kubectl runs them. Those that are linked rather than run, such as OIDC, must be imported:
// k8s.io/client-go/plugin/pkg/client/auth/oidc.
func Load(o LoadOptions, opts ...Option) (*Client, error) {
	config, namespace, err := o.Config()
	if err != nil {
		return nil, err
	}
	c, err := New(config, opts...)
	if err != nil {
		return nil, err
	}
	return c.Namespace(namespace), nil
}

// Config returns what [Load] makes a client of, for client-go and others: the config, and the namespace, which is never empty.
func (o LoadOptions) Config() (config *rest.Config, namespace string, err error) {
	config, namespace, err = o.find(inPod{dir: accountDir, getenv: os.Getenv})
	if err != nil {
		return nil, "", fmt.Errorf("load configuration: %w", err)
	}
	if len(o.AsGroups) > 0 && o.As == "" {
		return nil, "", errors.New("load configuration: AsGroups is given without As; the API impersonates groups of a user only")
	}
	if o.As != "" {
		config.Impersonate = rest.ImpersonationConfig{UserName: o.As, Groups: o.AsGroups}
	}
	config.QPS, config.Burst = o.QPS, o.Burst
	return config, namespace, nil
}

// AddFlags adds to a set of flags those of kubectl's that fill the options: -kubeconfig, -context, -cluster, -user, -namespace,
// -n and -as. What the options hold already are the defaults.
func (o *LoadOptions) AddFlags(flags *flag.FlagSet) {
	for _, f := range []struct {
		name  string
		value *string
		usage string
	}{
		{"kubeconfig", &o.Kubeconfig, "`file` that says where the cluster is"},
		{"context", &o.Context, "`name` of the context in the kubeconfig to take"},
		{"cluster", &o.Cluster, "`name` of the cluster in the kubeconfig to take"},
		{"user", &o.User, "`name` of the user in the kubeconfig to take"},
		{"namespace", &o.Namespace, "`namespace` to work in"},
		{"n", &o.Namespace, "short for -namespace"},
		{"as", &o.As, "`user` to impersonate"},
	} {
		flags.StringVar(f.value, f.name, *f.value, f.usage)
	}
}

// find finds a kubeconfig, or the cluster around.
func (o LoadOptions) find(around inPod) (*rest.Config, string, error) {
	raw, where, err := o.read()
	if err != nil {
		return nil, "", err
	}
	if clientcmdapi.IsConfigEmpty(raw) {
		return o.around(where, around)
	}
	if err := o.check(raw); err != nil {
		return nil, "", fmt.Errorf("%s: %w", where, err)
	}
	direct := clientcmd.NewNonInteractiveClientConfig(*raw, o.Context, o.overrides(), nil)
	config, err := direct.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", where, err)
	}
	namespace, _, err := direct.Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", where, err)
	}
	if current := raw.Contexts[cmp.Or(o.Context, raw.CurrentContext)]; o.Namespace == "" && current.Namespace == "" && around.possible() {
		namespace = around.namespace() // as clientcmd's DeferredLoadingClientConfig.Namespace
	}
	return config, namespace, nil
}

// read returns the kubeconfig, merged if it is of several files, and where it was looked for.
func (o LoadOptions) read() (*clientcmdapi.Config, string, error) {
	switch {
	case o.Data != nil && o.Kubeconfig != "":
		return nil, "", errors.New("both Kubeconfig and Data are given")
	case o.Data != nil:
		config, err := clientcmd.Load(o.Data)
		return config, "the kubeconfig in Data", err
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath, rules.WarnIfAllMissing = o.Kubeconfig, false
	where := "kubeconfig " + cmp.Or(o.Kubeconfig, strings.Join(rules.Precedence, string(os.PathListSeparator)))
	config, err := rules.Load()
	return config, where, err
}

// check says better than clientcmd what is wrong with the names of contexts.
func (o LoadOptions) check(raw *clientcmdapi.Config) error {
	name := cmp.Or(o.Context, raw.CurrentContext)
	switch {
	case name == "":
		return fmt.Errorf("no context is current; choose one of %s", names(raw.Contexts))
	case raw.Contexts[name] == nil:
		return fmt.Errorf("there is no context %q; it has %s", name, names(raw.Contexts))
	case o.Cluster != "" && raw.Clusters[o.Cluster] == nil:
		return fmt.Errorf("there is no cluster %q; it has %s", o.Cluster, names(raw.Clusters))
	case o.User != "" && raw.AuthInfos[o.User] == nil:
		return fmt.Errorf("there is no user %q; it has %s", o.User, names(raw.AuthInfos))
	}
	return nil
}

func names[T any](m map[string]T) string {
	return cmp.Or(strings.Join(slices.Sorted(maps.Keys(m)), ", "), "none")
}

func (o LoadOptions) overrides() *clientcmd.ConfigOverrides {
	return &clientcmd.ConfigOverrides{
		CurrentContext: o.Context,
		Context:        clientcmdapi.Context{Cluster: o.Cluster, AuthInfo: o.User, Namespace: o.Namespace},
	}
}

// around is the cluster in whose pod the program runs, where there is no kubeconfig.
func (o LoadOptions) around(where string, around inPod) (*rest.Config, string, error) {
	switch {
	case o.Kubeconfig != "" || o.Data != nil:
		return nil, "", fmt.Errorf("%s is empty", where)
	case o.Context != "" || o.Cluster != "" || o.User != "":
		return nil, "", fmt.Errorf("a context, cluster or user was asked for, but there is nothing at %s", where)
	case !around.possible():
		return nil, "", fmt.Errorf("there is nothing at %s, and this is no pod of a cluster (%w); name a kubeconfig by KUBECONFIG or in the options",
			where, rest.ErrNotInCluster)
	}
	config, err := around.config()
	if err != nil {
		return nil, "", fmt.Errorf("in the cluster: %w", err)
	}
	return config, cmp.Or(o.Namespace, around.namespace()), nil
}
