package fake_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestHostPort(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		open := pod("open", "web")
		open.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 8080, HostPort: 8888}}
		closed := pod("closed", "web")
		closed.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 8080, HostPort: 9999, HostIP: "127.0.0.1"}}
		second := open.DeepCopy()
		second.Name = "second"
		c.create(open, closed, second)
		d := dial(c.Network().DialContext)
		d.asks(t, "192.168.49.2:8888", 1, map[string]int{"open": 1})
		d.asks(t, "192.168.49.2:9999", 1, map[string]int{"refused": 1})
		host := pod("host", "lent")
		host.Spec.HostNetwork = true
		dial(c.borrow(host).DialContext).asks(t, "127.0.0.1:9999", 1, map[string]int{"closed": 1})
		is, err := typedClient(t, c.RESTConfig()).CoreV1().Pods("default").Get(t.Context(), "second", metav1.GetOptions{})
		if err != nil || len(is.Status.Conditions) == 0 ||
			!strings.Contains(is.Status.Conditions[0].Message, "1 node(s) didn't have free ports for the requested pod ports") {
			t.Errorf("a second pod with the port: %v, %v", err, is.Status)
		}
		if err := c.Client().Delete(t.Context(), pod("open", "web")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		d.asks(t, "192.168.49.2:8888", 1, map[string]int{"second": 1})
	})
}

func TestNetworkPolicies(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), pod("web-a", "web", "app=web"))
		friend, other := c.borrow(pod("friend", "lent", "role=friend")), c.borrow(pod("other", "lent"))
		stands, err := other.DialContext(t.Context(), "tcp", "web:80")
		if err != nil {
			t.Fatal(err)
		}
		defer stands.Close()
		client := typedClient(t, c.RESTConfig()).NetworkingV1().NetworkPolicies("default")
		policy := func(name string, spec networkingv1.NetworkPolicySpec) {
			if _, err := client.Create(t.Context(), &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec}, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(friends, others string) {
			t.Helper()
			dial(friend.DialContext).asks(t, "web:80", 1, map[string]int{friends: 1})
			dial(other.DialContext).asks(t, "web:80", 1, map[string]int{others: 1})
		}
		web := metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
		policy("deny", networkingv1.NetworkPolicySpec{PodSelector: web})
		ask("silent", "silent")
		policy("friends", networkingv1.NetworkPolicySpec{PodSelector: web, Ingress: []networkingv1.NetworkPolicyIngressRule{{
			From:  []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"role": "friend"}}}},
			Ports: []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromInt32(8000)), EndPort: new(int32(8080))}},
		}}})
		ask("web-a", "silent")
		policy("block", networkingv1.NetworkPolicySpec{PodSelector: web, Ingress: []networkingv1.NetworkPolicyIngressRule{{
			From: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.244.0.0/16", Except: []string{"10.244.0.2/32"}}}},
		}}})
		ask("web-a", "web-a")
		policy("egress", networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"role": "friend"}},
			Egress: []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{
				MatchLabels: map[string]string{corev1.LabelMetadataName: "kube-system"},
			}}}}},
		})
		ask("silent", "web-a")
		fmt.Fprintf(stands, "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
		if text, err := io.ReadAll(stands); err != nil || !strings.Contains(string(text), "web-a") {
			t.Errorf("a connection that stood before the policies: %q, %v", text, err)
		}
	})
}

func TestPartitionAndHeal(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), pod("web-a", "web", "app=web"))
		p := c.borrow(pod("caller", "lent"))
		conn, err := p.DialContext(t.Context(), "tcp", "web:80")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		heal := c.Network().Partition(fake.AtPods("default", "app=web"), fake.AtPod("default", "caller"))
		dial(p.DialContext).asks(t, "web:80", 1, map[string]int{"silent": 1})
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
		_ = conn.SetReadDeadline(time.Now().Add(time.Hour))
		if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("read %d, %v from beyond a partition", n, err)
		}
		_ = conn.SetReadDeadline(time.Time{})
		heal()
		heal()
		if text, err := io.ReadAll(conn); err != nil || !strings.Contains(string(text), "web-a") {
			t.Errorf("after the partition: %q, %v", text, err)
		}
		dial(p.DialContext).asks(t, "web:80", 1, map[string]int{"web-a": 1})
	})
}

func TestDelayDropAndReset(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), pod("web-a", "web", "app=web"))
		p := c.borrow(pod("caller", "lent"))
		undo := c.Network().Delay(fake.AtService("default", "web"), fake.Anywhere, time.Second)
		start := time.Now()
		dial(p.DialContext).asks(t, "web:80", 1, map[string]int{"web-a": 1})
		if took := time.Since(start); took < 4*time.Second || took > 5*time.Second {
			t.Errorf("a connection and a request took %v, want two round trips of two seconds", took)
		}
		undo()
		lost := c.Network().Drop(fake.AtNode("minikube"), fake.AtAddress("10.244.0.2/32"))
		dial(p.DialContext).asks(t, "web:80", 1, map[string]int{"silent": 1})
		lost()
		conn, err := p.DialContext(t.Context(), "tcp", "web:80")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		c.Network().Reset(fake.AtNamespace("default"), fake.AtNamespace("default"))
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read after a reset: %v", err)
		}
	})
}
