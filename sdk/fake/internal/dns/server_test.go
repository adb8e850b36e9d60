package dns

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// newServer has the services that the tests ask for.
func newServer(t *testing.T) *Server {
	t.Helper()
	a := api.New(registry.NewTable(registry.Served...), 1)
	meta := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	ports := []corev1.ServicePort{{Name: "http", Port: 80}}
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: meta("db-x"), AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{
			{Addresses: []string{"10.244.0.7"}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}, Hostname: new("db-0")},
			{Addresses: []string{"10.244.0.6"}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}},
			{Addresses: []string{"10.244.0.8"}, Conditions: discoveryv1.EndpointConditions{Ready: new(false)}},
		},
		Ports: []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8080)), Protocol: new(corev1.ProtocolTCP)}},
	}
	slice.Labels = map[string]string{discoveryv1.LabelServiceName: "db"}
	for _, row := range []struct {
		r   *registry.Resource
		obj store.Object
	}{
		{registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}},
		{registry.Services, &corev1.Service{ObjectMeta: meta("web"), Spec: corev1.ServiceSpec{ClusterIP: "10.96.7.7", Ports: ports}}},
		{registry.Services, &corev1.Service{ObjectMeta: meta("db"), Spec: corev1.ServiceSpec{ClusterIP: "None", Ports: ports}}},
		{registry.Services, &corev1.Service{ObjectMeta: meta("alias"), Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeExternalName, ExternalName: "web.shop.svc.cluster.local"}}},
		{registry.Services, &corev1.Service{ObjectMeta: meta("circle"), Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeExternalName, ExternalName: "circle.shop.svc.cluster.local"}}},
		{registry.Services, &corev1.Service{ObjectMeta: meta("far"), Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeExternalName, ExternalName: "example.com"}}},
		{registry.EndpointSlices, slice},
	} {
		if _, err := a.Create(row.r, row.obj, api.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return New(a)
}

func TestLookupHost(t *testing.T) {
	s := newServer(t)
	client := Client{Hosts: "127.0.0.1 localhost\n10.1.1.1 legacy\n", Resolv: podResolv}
	for name, want := range map[string][]string{
		"web": {"10.96.7.7"}, "web.shop": {"10.96.7.7"}, "web.shop.svc": {"10.96.7.7"}, "Web.Shop.svc.cluster.local.": {"10.96.7.7"},
		"db": {"10.244.0.6", "10.244.0.7"}, "db-0.db": {"10.244.0.7"}, "10-244-0-6.db": {"10.244.0.6"},
		"10-244-0-9.shop.pod.cluster.local": {"10.244.0.9"}, "alias": {"10.96.7.7"}, "legacy": {"10.1.1.1"},
		"web.other": nil, "db-1.db": nil, "10-244-0-8.db": nil, "far": nil, "circle": nil, "10-244-0-9.other.pod.cluster.local": nil, "web.": nil,
		"db-0.web": nil,
	} {
		got, err := s.LookupHost(client, name)
		if diff := cmp.Diff(want, texts(got)); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	if _, err := s.LookupHost(Client{Resolv: "nameserver 8.8.8.8\nsearch shop.svc.cluster.local\n"}, "web"); err == nil {
		t.Error("another name server knows the services of the cluster")
	}
}

func texts(addrs []netip.Addr) []string {
	var all []string
	for _, ip := range addrs {
		all = append(all, ip.String())
	}
	return all
}

func TestLookupSRV(t *testing.T) {
	s := newServer(t)
	for name, want := range map[string][]string{
		"web": {"web.shop.svc.cluster.local."},
		"db":  {"10-244-0-6.db.shop.svc.cluster.local.", "db-0.db.shop.svc.cluster.local."},
		"far": nil,
	} {
		cname, found, err := s.LookupSRV(Client{Resolv: podResolv}, "http", "tcp", name)
		var got []string
		for _, srv := range found {
			got = append(got, srv.Target)
		}
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
		if want := "_http._tcp." + name + ".shop.svc.cluster.local."; err == nil && cname != want {
			t.Errorf("%s is called %s", name, cname)
		}
	}
	if _, _, err := s.LookupSRV(Client{Resolv: podResolv}, "https", "tcp", "web"); err == nil {
		t.Error("a port that the service does not have is found")
	}
}
