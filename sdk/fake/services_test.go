package fake_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// servicesOf is a client of the services of a cluster on which nothing acts.
func servicesOf(t *testing.T, opts ...fake.Option) serviceClient {
	c := fake.RunT(t, append([]fake.Option{fake.APIOnly()}, opts...)...)
	return serviceClient{t, typedClient(t, c.RESTConfig())}
}

type serviceClient struct {
	t      *testing.T
	client kubernetes.Interface
}

func (s serviceClient) create(svc *corev1.Service, dryRun ...string) *corev1.Service {
	s.t.Helper()
	made, err := s.client.CoreV1().Services("default").Create(s.t.Context(), svc, metav1.CreateOptions{DryRun: dryRun})
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func (s serviceClient) refuses(svc *corev1.Service) string {
	s.t.Helper()
	_, err := s.client.CoreV1().Services("default").Create(s.t.Context(), svc, metav1.CreateOptions{})
	if err == nil {
		s.t.Fatalf("service %s was not refused", svc.Name)
	}
	return err.Error()
}

func (s serviceClient) patch(name, patch string) *corev1.Service {
	s.t.Helper()
	svc, err := s.client.CoreV1().Services("default").Patch(s.t.Context(), name, "application/strategic-merge-patch+json", []byte(patch), metav1.PatchOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return svc
}

func TestServiceGetsAnAddress(t *testing.T) {
	services := servicesOf(t)
	svc := services.create(service("web"))
	upper := netip.MustParsePrefix("10.96.0.0/24")
	if ip := netip.MustParseAddr(svc.Spec.ClusterIP); upper.Contains(ip) || !netip.MustParsePrefix("10.96.0.0/12").Contains(ip) {
		t.Errorf("address %v, want one above those that are for who asks", ip)
	}
	want := corev1.ServiceSpec{
		Ports: svc.Spec.Ports, Selector: svc.Spec.Selector, Type: corev1.ServiceTypeClusterIP, SessionAffinity: corev1.ServiceAffinityNone,
		ClusterIP: svc.Spec.ClusterIP, ClusterIPs: []string{svc.Spec.ClusterIP}, IPFamilies: []corev1.IPFamily{corev1.IPv4Protocol},
		IPFamilyPolicy: new(corev1.IPFamilyPolicySingleStack), InternalTrafficPolicy: new(corev1.ServiceInternalTrafficPolicyCluster),
	}
	if diff := cmp.Diff(want, svc.Spec); diff != "" {
		t.Errorf("spec (-want +got)\n%s", diff)
	}
	if again := servicesOf(t).create(service("web")); again.Spec.ClusterIP != svc.Spec.ClusterIP {
		t.Errorf("with the same seed the address is %s, and was %s", again.Spec.ClusterIP, svc.Spec.ClusterIP)
	}
	if other := servicesOf(t, fake.Seed(2)).create(service("web")); other.Spec.ClusterIP == svc.Spec.ClusterIP {
		t.Errorf("with another seed the address is %s too", other.Spec.ClusterIP)
	}
}

func TestServicesThatAreRefused(t *testing.T) {
	services := servicesOf(t)
	at := func(ip string) func(*corev1.ServiceSpec) { return func(s *corev1.ServiceSpec) { s.ClusterIP = ip } }
	node := func(port int32) func(*corev1.ServiceSpec) {
		return func(s *corev1.ServiceSpec) { s.Type, s.Ports[0].NodePort = corev1.ServiceTypeNodePort, port }
	}
	services.create(service("taken", at("10.96.0.20"), node(30001)))
	const invalid = `Service "web" is invalid: `
	for rule, row := range map[string]struct {
		change func(*corev1.ServiceSpec)
		want   string
	}{
		"an address that is taken": {at("10.96.0.20"),
			`spec.clusterIPs: Invalid value: ["10.96.0.20"]: failed to allocate IP 10.96.0.20: provided IP is already allocated`},
		"that of the API": {at("10.96.0.1"),
			`spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated`},
		"an address of another network": {at("10.0.0.1"),
			`spec.clusterIPs: Invalid value: ["10.0.0.1"]: failed to allocate IP 10.0.0.1: the provided network does not match the current range`},
		"the address of the network": {at("10.96.0.0"),
			`spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: ` +
				`the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/12`},
		"a node port that is taken": {node(30001), `spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated`},
		"a node port out of range": {node(80),
			`spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767`},
		"a family that is not served": {func(s *corev1.ServiceSpec) { s.IPFamilies = []corev1.IPFamily{corev1.IPv6Protocol} },
			`spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster`},
		"two families": {func(s *corev1.ServiceSpec) { s.IPFamilyPolicy = new(corev1.IPFamilyPolicyRequireDualStack) },
			`spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services`},
	} {
		if got := services.refuses(service("web", row.change)); got != invalid+row.want {
			t.Errorf("%s:\n got %s\nwant %s", rule, got, invalid+row.want)
		}
	}
	if err := services.client.CoreV1().Services("default").Delete(t.Context(), "taken", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	services.create(service("web", at("10.96.0.20"), node(30001)))
}

func TestServiceTypesComeAndGo(t *testing.T) {
	services := servicesOf(t)
	ports := func(s *corev1.Service) (all []int32) {
		for _, p := range s.Spec.Ports {
			all = append(all, p.NodePort)
		}
		return all
	}
	svc := services.create(service("web"))
	ip := svc.Spec.ClusterIP
	svc = services.patch("web", `{"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local"}}`)
	given, health := ports(svc)[0], svc.Spec.HealthCheckNodePort
	if svc.Spec.ClusterIP != ip || given < 30086 || health < 30086 || given == health {
		t.Errorf("a load balancer has %s, %d and %d", svc.Spec.ClusterIP, given, health)
	}
	svc = services.patch("web", `{"spec":{"ports":[{"name":"more","port":81,"targetPort":8081}]}}`)
	if got := ports(svc); len(got) != 2 || got[0] == got[1] || got[0] != given && got[1] != given {
		t.Errorf("with another port the node ports are %v, and %d was one", got, given)
	}
	svc = services.patch("web", `{"spec":{"type":"ClusterIP"}}`)
	if diff := cmp.Diff([]int32{0, 0}, ports(svc)); diff != "" || svc.Spec.HealthCheckNodePort != 0 || svc.Spec.ClusterIP != ip {
		t.Errorf("a plain service keeps %v, %d, %s", ports(svc), svc.Spec.HealthCheckNodePort, svc.Spec.ClusterIP)
	}
	svc = services.patch("web", `{"spec":{"type":"ExternalName","externalName":"example.com"}}`)
	if svc.Spec.ClusterIP != "" || svc.Spec.ClusterIPs != nil || svc.Spec.IPFamilies != nil {
		t.Errorf("an external name keeps %+v", svc.Spec)
	}
	services.create(service("heir", func(s *corev1.ServiceSpec) {
		s.ClusterIP, s.Type, s.Ports[0].NodePort = ip, corev1.ServiceTypeNodePort, given
	}))
	if svc = services.patch("web", `{"spec":{"type":"ClusterIP","externalName":null}}`); svc.Spec.ClusterIP == "" || svc.Spec.ClusterIP == ip {
		t.Errorf("back again it has %q", svc.Spec.ClusterIP)
	}
}

func TestDryRunGivesNothingOut(t *testing.T) {
	services := servicesOf(t)
	tried := services.create(service("web", ofType(corev1.ServiceTypeNodePort)), metav1.DryRunAll)
	if got := fmt.Sprint(tried.Spec.ClusterIP, " ", tried.Spec.Ports[0].NodePort); got != "10.96.0.0 32769" {
		t.Errorf("a dry run shows %s", got)
	}
	for _, rule := range []struct {
		change func(*corev1.ServiceSpec)
		want   string
	}{
		{headless, "None [None] [IPv4] SingleStack"},
		{func(s *corev1.ServiceSpec) { headless(s); s.Selector = nil }, "None [None] [IPv4 IPv6] RequireDualStack"},
	} {
		svc := services.create(service("web", rule.change), metav1.DryRunAll)
		if got := fmt.Sprint(svc.Spec.ClusterIP, " ", svc.Spec.ClusterIPs, " ", svc.Spec.IPFamilies, " ", *svc.Spec.IPFamilyPolicy); got != rule.want {
			t.Errorf("%s, want %s", got, rule.want)
		}
	}
}

// The address that pods know as their nameserver's is kept for kube-dns, unless there is no DNS.
func TestAddressOfDNSIsKept(t *testing.T) {
	at := func(name string) *corev1.Service {
		s := service(name)
		s.Spec.ClusterIP = "10.96.0.10"
		return s
	}
	client := typedClient(t, fake.RunT(t).RESTConfig())
	services := serviceClient{t, client}
	want := `Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated`
	if diff := cmp.Diff(want, services.refuses(at("web"))); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if _, err := client.CoreV1().Services("kube-system").Create(t.Context(), at("kube-dns"), metav1.CreateOptions{}); err != nil {
		t.Errorf("kube-dns does not get it: %v", err)
	}
	without := serviceClient{t, typedClient(t, fake.RunT(t, fake.Without(fake.DNS)).RESTConfig())}
	if got := without.create(at("web")).Spec.ClusterIP; got != "10.96.0.10" {
		t.Errorf("without DNS the address is %s", got)
	}
}
