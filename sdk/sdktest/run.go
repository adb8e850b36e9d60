package sdktest

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
)

// Option changes what [Run] does.
type Option func(*options)

type options struct {
	agnhost, busybox, pause string
	patience                time.Duration
}

// Images names the images to use, where the cluster cannot pull those of Kubernetes' own tests. They must do as those do.
func Images(agnhost, busybox, pause string) Option {
	return func(o *options) { o.agnhost, o.busybox, o.pause = agnhost, busybox, pause }
}

// Patience is how long a single test may take, pulling images included; without it, five minutes.
func Patience(d time.Duration) Option { return func(o *options) { o.patience = d } }

// Run holds package sdk and the cluster of config to each other, with a subtest for each rule. It fails t where one does not
// hold, and returns when the namespace it worked in is gone. Where config does not limit requests, neither does Run. It must not
// be called in a synctest bubble, since its tests are parallel.
func Run(t *testing.T, config *rest.Config, opts ...Option) {
	t.Helper()
	if config == nil {
		t.Fatal("no rest.Config given; take one from sdk.LoadOptions or a fake cluster's RESTConfig")
	}
	o := options{
		agnhost:  "registry.k8s.io/e2e-test-images/agnhost:2.53",
		busybox:  "registry.k8s.io/e2e-test-images/busybox:1.37.0-1",
		pause:    "registry.k8s.io/pause:3.10",
		patience: 5 * time.Minute,
	}
	for _, opt := range opts {
		opt(&o)
	}
	if config = rest.CopyConfig(config); config.QPS == 0 && config.RateLimiter == nil {
		config.QPS = -1 // the rules are about more than patience
	}
	client, err := sdk.New(config, sdk.FieldManager("sdktest"), sdk.UserAgent("sdktest"))
	if err != nil {
		t.Fatal(err)
	}
	leaks := watchGoroutines(t)
	client = client.Namespace(newNamespace(t, client, o))
	t.Run("rules", func(t *testing.T) {
		for _, r := range rules {
			t.Run(r.name, func(t *testing.T) {
				t.Parallel()
				r.try(t, client, config, o)
			})
		}
	})
	leaks.check(o.patience)
}

// rule is one thing that always holds.
type rule struct {
	name  string
	says  string // what is wrong where it does not hold
	holds func(*trial)
}

// rules are all of them, by topic.
var rules = concat(objectRules, changeRules, deleteRules, watchRules, waitRules, logRules, execRules, forwardRules)

func concat(topics ...[]rule) []rule {
	var all []rule
	for _, topic := range topics {
		all = append(all, topic...)
	}
	return all
}

func (r rule) try(t *testing.T, client *sdk.Client, config *rest.Config, o options) {
	ctx, cancel := context.WithTimeout(t.Context(), o.patience)
	defer cancel()
	defer func() {
		if t.Failed() {
			t.Log("the rule: " + r.says)
		}
	}()
	r.holds(&trial{T: t, ctx: ctx, Client: client, config: config, options: o, name: dashed(r.name)})
}

// newNamespace makes a namespace in which pods can be made, and deletes it at the end of the test.
func newNamespace(t *testing.T, client *sdk.Client, o options) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), o.patience)
	defer cancel()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "podwright-sdktest-"}}
	if err := client.Create(ctx, ns); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), o.patience)
		defer cancel()
		if err := client.Delete(ctx, ns, sdk.AndWait()); err != nil {
			t.Error(err)
		}
	})
	// Until it is there, admission refuses pods.
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: ns.Name}}
	if err := client.Wait(ctx, account, sdk.Exists()); err != nil {
		t.Fatal(fmt.Errorf("the namespace has no service account: %w", err))
	}
	return ns.Name
}
