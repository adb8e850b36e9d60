package controllers

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

func TestFreshClusterHoldsWhatARealOneDoes(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		got := map[string][]string{}
		for _, r := range c.Table.Rows() {
			objects, _ := c.List(r, "")
			for _, o := range objects {
				got[r.Name] = append(got[r.Name], nameOf(o).String())
			}
		}
		want := map[string][]string{
			"namespaces": {"/default", "/kube-node-lease", "/kube-public", "/kube-system"},
			"configmaps": {
				"default/kube-root-ca.crt", "kube-node-lease/kube-root-ca.crt", "kube-public/kube-root-ca.crt",
				"kube-system/extension-apiserver-authentication", "kube-system/kube-apiserver-legacy-service-account-token-tracking",
				"kube-system/kube-root-ca.crt",
			},
			"serviceaccounts": {"default/default", "kube-node-lease/default", "kube-public/default", "kube-system/default"},
			"services":        {"default/kubernetes"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("objects (-want +got):\n%s", diff)
		}
		for _, row := range []struct {
			r                        *registry.Resource
			namespace, name, manager string
		}{
			{registry.Namespaces, "", "kube-public", "kube-apiserver"},
			{registry.Services, "default", "kubernetes", "kube-apiserver"},
			{registry.ConfigMaps, "default", "kube-root-ca.crt", "kube-controller-manager"},
		} {
			obj, err := c.Get(row.r, row.namespace, row.name)
			if err != nil {
				t.Fatal(err)
			}
			if m := obj.GetManagedFields(); len(m) != 1 || m[0].Manager != row.manager {
				t.Errorf("managers of %s %s: %v, want %s", row.r.Name, row.name, m, row.manager)
			}
		}
		svc, _ := c.Get(registry.Services, "default", "kubernetes")
		if s := svc.(*corev1.Service).Spec; s.ClusterIP != "10.96.0.1" || len(s.Ports) != 1 || s.Ports[0].Port != 443 {
			t.Errorf("service %+v", s)
		}
	})
}

func TestBootstrapTwiceIsAnErrorThatNamesTheObject(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		err := Bootstrap(c.API, Options{})
		if err == nil || err.Error() != `bootstrap: namespace default: namespaces "default" already exists` {
			t.Errorf("err = %v", err)
		}
	})
}

func TestBootstrapLeavesOutKindsThatAreNotServed(t *testing.T) {
	a := api.New(registry.NewTable(registry.Namespaces), 1)
	if err := Bootstrap(a, Options{}); err != nil {
		t.Fatal(err)
	}
	if objects, _ := a.List(registry.Namespaces, ""); len(objects) != 4 {
		t.Errorf("%d namespaces, want 4", len(objects))
	}
}

func TestControllersEndWithTheStore(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		c.start()
		c.Store.Close()
		for _, row := range All(c.API, Options{}) {
			row.Run(context.Background()) // returns at once, for the store is closed
		}
	})
}

func BenchmarkBootstrap(b *testing.B) {
	for b.Loop() {
		if err := Bootstrap(api.New(registry.NewTable(registry.Core...), 1), Options{CA: []byte("pem")}); err != nil {
			b.Fatal(err)
		}
	}
}
