package fake_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestServiceByName(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), pod("web-a", "web", "app=web"), pod("web-b", "web", "app=web"))
		in := c.borrow(pod("caller", "lent"))
		d := dial(in.DialContext)
		both := map[string]int{"web-a": 2, "web-b": 2}
		for _, name := range []string{"web", "web.default", "web.default.svc", "web.default.svc.cluster.local", "WEB.default.svc.cluster.local."} {
			d.asks(t, name+":80", 4, both)
		}
		d.asks(t, "web.default.svc:http", 4, both)
		d.asks(t, "nothing:80", 1, map[string]int{"dial tcp: lookup nothing on 10.96.0.10:53: no such host": 1})
		answer, _ := d.get("web:80")
		if _, from, _ := strings.Cut(answer, " to "); from != in.Pod().Status.PodIP {
			t.Errorf("who answers sees %q, want the caller's own address %s", from, in.Pod().Status.PodIP)
		}
		conn, err := in.DialContext(t.Context(), "tcp", "web:80")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if got := conn.RemoteAddr().String(); !strings.HasPrefix(got, "10.9") && !strings.HasPrefix(got, "10.1") {
			t.Errorf("the caller sees %s, want the address that it dialed", got)
		}
	})
}

func TestReadinessTakesPodsOutOfServices(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		ready := pod("web-b", "web", "app=web")
		ready.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/open"}}
		c.create(service("web"), ready)
		d := dial(c.borrow(pod("caller", "lent")).DialContext)
		d.asks(t, "web:80", 1, map[string]int{"refused": 1})
		client := typedClient(t, c.RESTConfig())
		open := func(is corev1.ConditionStatus) {
			patch := fmt.Sprintf(`{"status":{"conditions":[{"type":"example.com/open","status":%q}]}}`, is)
			if _, err := client.CoreV1().Pods("default").Patch(t.Context(), "web-b", "application/strategic-merge-patch+json", []byte(patch),
				metav1.PatchOptions{}, "status"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		open(corev1.ConditionTrue)
		d.asks(t, "web:80", 1, map[string]int{"web-b": 1})
		c.create(pod("web-a", "web", "app=web"))
		d.asks(t, "web:80", 4, map[string]int{"web-a": 2, "web-b": 2})
		open(corev1.ConditionFalse)
		d.asks(t, "web:80", 4, map[string]int{"web-a": 4})
		if err := c.Client().Delete(t.Context(), pod("web-a", "web")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		d.asks(t, "web:80", 1, map[string]int{"refused": 1})
	})
}

func TestNodePortFromOutside(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		s := service("web", ofType(corev1.ServiceTypeNodePort))
		s.Spec.Ports[0].NodePort = 30080
		c.create(s, pod("web-a", "web", "app=web"))
		d := dial(c.Network().DialContext)
		d.asks(t, "192.168.49.2:30080", 1, map[string]int{"web-a": 1})
		d.asks(t, "192.168.49.3:30080", 1, map[string]int{"web-a": 1})
		d.asks(t, "192.168.49.3:30081", 1, map[string]int{"refused": 1})
		if answer, _ := d.get("192.168.49.3:30080"); answer != "web-a to 192.168.49.3" {
			t.Errorf("%q, want the address of the node that passed the request on", answer)
		}
		local := corev1.ServiceExternalTrafficPolicyLocal
		if _, err := typedClient(t, c.RESTConfig()).CoreV1().Services("default").Patch(t.Context(), "web", "application/merge-patch+json",
			fmt.Appendf(nil, `{"spec":{"externalTrafficPolicy":%q}}`, local), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, node := range []string{"192.168.49.2", "192.168.49.3"} {
			answer, _ := d.get(node + ":30080")
			got[answer] = true
		}
		if want := map[string]bool{"web-a to 192.168.49.1": true, "": true}; !cmp.Equal(want, got) {
			t.Errorf("answers %v, want that of the pod's own node alone, with the caller's address", got)
		}
	}, fake.Nodes(2))
}

func TestSessionAffinity(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web", func(s *corev1.ServiceSpec) { s.SessionAffinity = corev1.ServiceAffinityClientIP }),
			pod("web-a", "web", "app=web"), pod("web-b", "web", "app=web"))
		d := dial(c.borrow(pod("caller", "lent")).DialContext)
		answer, _ := d.get("web:80")
		who, _, _ := strings.Cut(answer, " ")
		d.asks(t, "web:80", 5, map[string]int{who: 5})
		<-time.After(4 * time.Hour)
		if again, _ := d.get("web:80"); again == answer {
			t.Errorf("after three hours without a request %s still is the one", who)
		}
	})
}

func TestServiceWithoutSelector(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(pod("web-a", "web"), service("legacy", func(s *corev1.ServiceSpec) { s.Selector = nil }),
			&corev1.Endpoints{ObjectMeta: metav1.ObjectMeta{Name: "legacy"}, Subsets: []corev1.EndpointSubset{{
				Addresses: []corev1.EndpointAddress{{IP: "10.244.0.1"}}, Ports: []corev1.EndpointPort{{Name: "http", Port: 8080}},
			}}})
		dial(c.borrow(pod("caller", "lent")).DialContext).asks(t, "legacy:80", 1, map[string]int{"web-a": 1})
	})
}

func TestServiceOverRollingPods(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web"), &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: corev1.ReplicationControllerSpec{
			Replicas: new(int32(3)), Selector: map[string]string{"app": "web"},
			Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}}, Spec: pod("", "web").Spec},
		}})
		d := dial(c.borrow(pod("caller", "lent")).DialContext)
		seen := map[string]bool{}
		for range 5 {
			var pods corev1.PodList
			if err := c.Client().List(t.Context(), &pods, sdk.SelectingText("app=web")); err != nil || len(pods.Items) != 3 {
				t.Fatalf("%d pods, %v", len(pods.Items), err)
			}
			if err := c.Client().Delete(t.Context(), &pods.Items[0]); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			for range 6 {
				answer, err := d.get("web:80")
				if err != nil {
					t.Fatalf("a request while pods are replaced: %v", err)
				}
				seen[answer] = true
			}
		}
		if len(seen) < 5 {
			t.Errorf("%d pods answered, want those that came too", len(seen))
		}
	})
}
