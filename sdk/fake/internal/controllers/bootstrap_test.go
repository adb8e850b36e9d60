package controllers

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// TestShapes holds who owns what in a fresh cluster, which is found out once in a process, against what each object tells by itself.
func TestShapes(t *testing.T) {
	fresh := func() *api.API { return api.New(registry.NewTable(registry.Served...), 1) }
	o := Options{CA: []byte("certificate")}
	var a *api.API
	plain := fresh()
	for range 2 { // what the first finds out, the second takes over
		a = fresh()
		if err := Bootstrap(a, o); err != nil {
			t.Fatal(err)
		}
	}
	create := func(r *registry.Resource, obj store.Object, manager string) {
		t.Helper()
		want, err := plain.Create(r, obj, api.WriteOptions{Manager: manager})
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.Get(r, obj.GetNamespace(), obj.GetName())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(untimed(want), untimed(got)); diff != "" {
			t.Errorf("%s %s (-by itself +by shape):\n%s", r.Kind, nameOf(obj), diff)
		}
	}
	for _, obj := range initialObjects(o) {
		create(plain.Table.ForKind(obj.GetObjectKind().GroupVersionKind().GroupKind()), obj, "kube-apiserver")
	}
	create(registry.StorageClasses, standardClass(), asMinikube.Manager)
	for _, c := range []*resident{&NewServiceAccount(plain).resident, &NewRootCA(plain, o.CA).resident} {
		for _, namespace := range initialNamespaces {
			obj := c.row.New()
			obj.SetName(c.name)
			obj.SetNamespace(namespace)
			c.set(obj)
			create(c.row, obj, manager)
		}
	}
}

// untimed are the managed fields of an object without their times.
func untimed(obj store.Object) []metav1.ManagedFieldsEntry {
	entries := slices.Clone(obj.GetManagedFields())
	for i := range entries {
		entries[i].Time = nil
	}
	return entries
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
