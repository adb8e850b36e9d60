package controllers

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestEveryNamespaceHasItsAccountAndCertificate(t *testing.T) {
	inBubble(t, []string{"serviceaccount", "rootca"}, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
		check := func(when string) {
			t.Helper()
			if _, err := c.Get(registry.ServiceAccounts, "x", "default"); err != nil {
				t.Errorf("%s: %v", when, err)
			}
			cm, err := c.Get(registry.ConfigMaps, "x", "kube-root-ca.crt")
			if err != nil || cm.(*corev1.ConfigMap).Data["ca.crt"] != "pem" || cm.GetAnnotations()["kubernetes.io/description"] == "" {
				t.Errorf("%s: %v %v", when, cm, err)
			}
		}
		check("new namespace")
		for r, name := range map[*registry.Resource]string{registry.ServiceAccounts: "default", registry.ConfigMaps: "kube-root-ca.crt"} {
			if _, _, err := c.Delete(r, "x", name, metav1.DeleteOptions{}, api.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		pass(0)
		check("deleted")
		if _, err := c.Update(registry.ConfigMaps, "x", "kube-root-ca.crt", api.WriteOptions{}, func(o store.Object) error {
			o.(*corev1.ConfigMap).Data = map[string]string{"ca.crt": "forged", "more": "x"}
			o.SetAnnotations(nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		pass(0)
		check("changed")
		if cm, _ := c.Get(registry.ConfigMaps, "x", "kube-root-ca.crt"); len(cm.(*corev1.ConfigMap).Data) != 1 {
			t.Errorf("data = %v", cm.(*corev1.ConfigMap).Data)
		}
	})
}

func TestTerminatingNamespaceGetsNothingBack(t *testing.T) {
	inBubble(t, []string{"serviceaccount", "rootca"}, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}})
		c.delete(registry.Namespaces, "x", "") // nobody empties it here
		if _, _, err := c.Delete(registry.ServiceAccounts, "x", "default", metav1.DeleteOptions{}, api.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		pass(0)
		if _, err := c.Get(registry.ServiceAccounts, "x", "default"); err == nil {
			t.Error("the account came back")
		}
	})
}
