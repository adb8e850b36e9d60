package fake_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

func TestHeadlessService(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		named := pod("db-0", "web", "app=db")
		named.Spec.Hostname, named.Spec.Subdomain = "db-0", "db"
		c.create(service("db", headless), named, pod("db-1", "web", "app=db"))
		p := c.borrow(pod("caller", "lent"))
		for name, want := range map[string][]string{
			"db": {"10.244.0.1", "10.244.0.2"}, "db-0.db": {"10.244.0.1"}, "db-0.db.default.svc.cluster.local": {"10.244.0.1"},
			"10-244-0-2.db.default.svc": {"10.244.0.2"}, "10-244-0-2.default.pod.cluster.local": {"10.244.0.2"}, "caller": {"10.244.0.3"},
			"kubernetes.default": {"10.96.0.1"},
		} {
			got, err := p.LookupHost(t.Context(), name)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
			}
		}
		_, targets, err := p.LookupSRV(t.Context(), "http", "tcp", "db")
		var got []string
		for _, srv := range targets {
			got = append(got, fmt.Sprintf("%s:%d", srv.Target, srv.Port))
		}
		want := []string{"db-0.db.default.svc.cluster.local.:8080", "10-244-0-2.db.default.svc.cluster.local.:8080"}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("SRV: %v (-want +got)\n%s", err, diff)
		}
	})
}

func TestNamesOfAPodsOwn(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), pod("web-a", "web", "app=web"))
		aliased := pod("aliased", "lent")
		aliased.Spec.HostAliases = []corev1.HostAlias{{IP: "10.244.0.1", Hostnames: []string{"legacy", "legacy.example.com"}}}
		p := c.borrow(aliased)
		dial(p.DialContext).asks(t, "legacy.example.com:8080", 1, map[string]int{"web-a": 1})
		if err := p.FS().WriteFile("/etc/hosts", []byte("10.244.0.1 mine\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		dial(p.DialContext).asks(t, "mine:8080", 1, map[string]int{"web-a": 1})
		plain := pod("plain", "lent")
		plain.Spec.DNSPolicy = corev1.DNSDefault
		dial(c.borrow(plain).DialContext).asks(t, "web:80", 1,
			map[string]int{"dial tcp: lookup web on 192.168.49.1:53: no such host": 1})
		custom := pod("custom", "lent")
		custom.Spec.DNSPolicy = corev1.DNSNone
		custom.Spec.DNSConfig = &corev1.PodDNSConfig{Nameservers: []string{"10.96.0.10"}, Searches: []string{"svc.cluster.local"}}
		d := dial(c.borrow(custom).DialContext)
		d.asks(t, "web.default:80", 1, map[string]int{"web-a": 1})
		d.asks(t, "web:80", 1, map[string]int{"dial tcp: lookup web on 10.96.0.10:53: no such host": 1})
	})
}

func TestWithoutProxyAndDNS(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web", func(s *corev1.ServiceSpec) { s.ClusterIP = "10.96.0.50" }), pod("web-a", "web", "app=web"))
		d := dial(c.borrow(pod("caller", "lent")).DialContext)
		d.asks(t, "web:80", 1, map[string]int{"dial tcp: lookup web: no such host": 1})
		d.asks(t, "10.96.0.50:80", 1, map[string]int{"silent": 1})
	}, fake.Without(fake.Proxy, fake.DNS))
}
