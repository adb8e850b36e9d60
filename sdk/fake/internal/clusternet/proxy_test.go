package clusternet

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const clusterIP = "10.96.7.7"

// serviceWith makes a network with a service whose endpoints are 10.244.N.1 on nodes n0, n1 and so on, one for each of the conditions
// "ready", "terminating" and "unready".
func serviceWith(t *testing.T, change func(*corev1.Service), conditions ...string) *Network {
	t.Helper()
	a := api.New(registry.NewTable(registry.Served...), 1)
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "web"}, Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeLoadBalancer, ClusterIP: clusterIP, ExternalIPs: []string{"203.0.113.9"},
		Ports: []corev1.ServicePort{{Name: "http", Port: 80, NodePort: 30080}},
	}}
	if change != nil {
		change(s)
	}
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Namespace: "default", Name: "web-x", Labels: map[string]string{discoveryv1.LabelServiceName: "web"}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Ports:       []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8080)), Protocol: new(corev1.ProtocolTCP)}},
	}
	n := New(Config{API: a, Seed: 1, Proxy: true})
	for i, c := range conditions {
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{fmt.Sprintf("10.244.%d.1", i)}, NodeName: new(fmt.Sprintf("n%d", i)),
			Conditions: discoveryv1.EndpointConditions{Ready: new(c == "ready"), Serving: new(c != "unready"), Terminating: new(c == "terminating")},
		})
		n.Nodes = append(n.Nodes, Node{fmt.Sprintf("n%d", i), netip.AddrFrom4([4]byte{192, 168, 49, byte(i + 2)})})
	}
	for _, row := range []struct {
		r   *registry.Resource
		obj store.Object
	}{{registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}}}, {registry.Services, s}, {registry.EndpointSlices, slice}} {
		if _, err := a.Create(row.r, row.obj, api.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

var (
	outside = origin{ip: netip.MustParseAddr("192.168.49.1")}
	inside0 = origin{ip: netip.MustParseAddr("10.244.0.9"), pod: &corev1.Pod{}, node: "n0"}
)

func TestProxyChooses(t *testing.T) {
	local := func(s *corev1.Service) { s.Spec.ExternalTrafficPolicy = corev1.ServiceExternalTrafficPolicyLocal }
	inner := func(s *corev1.Service) { s.Spec.InternalTrafficPolicy = new(corev1.ServiceInternalTrafficPolicyLocal) }
	for _, row := range []struct {
		rule       string
		change     func(*corev1.Service)
		conditions []string
		from       origin
		to         string
		want       string // each endpoint that is chosen in three requests, sorted, and the address that it sees if that is another
	}{
		{"the cluster IP", nil, []string{"ready", "ready"}, inside0, clusterIP + ":80", "10.244.0.1 10.244.1.1"},
		{"another port is nothing", nil, []string{"ready"}, inside0, clusterIP + ":81", "nothing"},
		{"an external IP", nil, []string{"ready"}, inside0, "203.0.113.9:80", "10.244.0.1<192.168.49.2"},
		{"a node port of any node", nil, []string{"unready", "ready"}, outside, "192.168.49.2:30080", "10.244.1.1<192.168.49.2"},
		{"unready ones are left out", nil, []string{"unready", "ready"}, inside0, clusterIP + ":80", "10.244.1.1"},
		{"no endpoint", nil, []string{"unready"}, inside0, clusterIP + ":80", "refused"},
		{"terminating ones if there are no others", nil, []string{"terminating", "unready"}, inside0, clusterIP + ":80", "10.244.0.1"},
		{"terminating ones among others", nil, []string{"terminating", "ready"}, inside0, clusterIP + ":80", "10.244.1.1"},
		{"external policy Local, on the node", local, []string{"ready", "ready"}, outside, "192.168.49.3:30080", "10.244.1.1"},
		{"external policy Local, on others", local, []string{"unready", "ready"}, outside, "192.168.49.2:30080", "dropped"},
		{"external policy Local, from inside", local, []string{"unready", "ready"}, inside0, "192.168.49.2:30080", "10.244.1.1"},
		{"internal policy Local", inner, []string{"ready", "ready"}, inside0, clusterIP + ":80", "10.244.0.1"},
		{"internal policy Local, on others", inner, []string{"unready", "ready"}, inside0, clusterIP + ":80", "dropped"},
		{"itself", nil, []string{"ready"}, origin{ip: netip.MustParseAddr("10.244.0.1"), pod: &corev1.Pod{}, node: "n0"}, clusterIP + ":80",
			"10.244.0.1<192.168.49.2"},
	} {
		n := serviceWith(t, row.change, row.conditions...)
		if got := chosen(n, row.from, row.to); got != row.want {
			t.Errorf("%s: %s, want %s", row.rule, got, row.want)
		}
	}
}

// chosen is what becomes of three requests.
func chosen(n *Network, from origin, to string) string {
	all := map[string]bool{}
	for range 3 {
		path, found, err := n.toService(from, netip.MustParseAddrPort(to))
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			return "refused"
		case errors.Is(err, podnet.ErrDropped):
			return "dropped"
		case !found:
			return "nothing"
		case path.Seen.IsValid():
			all[path.To.Addr().String()+"<"+path.Seen.String()] = true
		default:
			all[path.To.Addr().String()] = true
		}
	}
	return joined(all)
}

func joined(set map[string]bool) (text string) {
	for i := range 10 {
		for _, end := range []string{"", "<192.168.49.2", "<192.168.49.3"} {
			if name := fmt.Sprintf("10.244.%d.1%s", i, end); set[name] {
				if text != "" {
					text += " "
				}
				text += name
			}
		}
	}
	return text
}

func TestProxyAffinityEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := serviceWith(t, func(s *corev1.Service) {
			s.Spec.SessionAffinity = corev1.ServiceAffinityClientIP
			s.Spec.SessionAffinityConfig = &corev1.SessionAffinityConfig{ClientIP: &corev1.ClientIPConfig{TimeoutSeconds: new(int32(60))}}
		}, "ready", "ready")
		one := func() netip.AddrPort {
			path, _, err := n.toService(inside0, netip.MustParseAddrPort(clusterIP+":80"))
			if err != nil {
				t.Fatal(err)
			}
			return path.To
		}
		first := one()
		for range 3 {
			<-time.After(59 * time.Second) // each request counts from then on
			if got := one(); got != first {
				t.Errorf("within a minute it is %v, and was %v", got, first)
			}
		}
		<-time.After(61 * time.Second)
		if got := one(); got == first {
			t.Errorf("after a minute it still is %v", got)
		}
	})
}
