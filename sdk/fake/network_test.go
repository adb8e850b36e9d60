package fake_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// town is a cluster with an image that answers HTTP on 8080 with its hostname and who asked, and one whose process a test can borrow.
type town struct {
	*fake.Cluster
	t    *testing.T
	lent chan *fake.Process
}

func inTown(t *testing.T, test func(t *testing.T, c *town), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		c := &town{fake.RunT(t, opts...), t, make(chan *fake.Process, 16)}
		c.HandleFunc("web", func(ctx context.Context, p *fake.Process) error {
			l, err := p.Listen("tcp", ":8080")
			if err != nil {
				return err
			}
			s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				from, _, _ := net.SplitHostPort(r.RemoteAddr)
				fmt.Fprintf(w, "%s to %s", p.Hostname(), from)
			})}
			stop := context.AfterFunc(ctx, func() { _ = s.Close() })
			defer stop()
			_ = s.Serve(l)
			return nil
		})
		c.HandleFunc("lent", func(ctx context.Context, p *fake.Process) error {
			c.lent <- p
			<-ctx.Done()
			return nil
		})
		test(t, c)
	})
}

func (c *town) create(objects ...sdk.Object) {
	c.t.Helper()
	for _, obj := range objects {
		if err := c.Client().Create(c.t.Context(), obj); err != nil {
			c.t.Fatal(err)
		}
	}
	synctest.Wait()
}

// pod makes a pod of an image, with labels like app=web.
func pod(name, image string, labels ...string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "main", Image: image}},
	}}
	for _, l := range labels {
		k, v, _ := strings.Cut(l, "=")
		p.Labels[k] = v
	}
	return p
}

func service(name string, change ...func(*corev1.ServiceSpec)) *corev1.Service {
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": name},
		Ports:    []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}},
	}}
	for _, f := range change {
		f(&s.Spec)
	}
	return s
}

func headless(s *corev1.ServiceSpec) { s.ClusterIP = corev1.ClusterIPNone }

func ofType(t corev1.ServiceType) func(*corev1.ServiceSpec) {
	return func(s *corev1.ServiceSpec) { s.Type = t }
}

// borrow makes a pod and returns its process.
func (c *town) borrow(p *corev1.Pod) *fake.Process {
	c.t.Helper()
	c.create(p)
	select {
	case process := <-c.lent:
		return process
	default:
		c.t.Fatalf("pod %s does not run", p.Name)
		return nil
	}
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

// get asks by HTTP, on a connection of its own.
func (d dial) get(address string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := d(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// asks wants who answers, "" for nobody, after some requests; answers are sorted out of order by being counted.
func (d dial) asks(t *testing.T, address string, times int, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for range times {
		text, err := d.get(address)
		who, _, _ := strings.Cut(text, " ")
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			who = "refused"
		case errors.Is(err, context.DeadlineExceeded):
			who = "silent"
		case err != nil:
			who = err.Error()
		}
		got[who]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", address, diff)
	}
}

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

func TestWithoutProxyAndDNS(t *testing.T) {
	inTown(t, func(t *testing.T, c *town) {
		c.create(service("web", func(s *corev1.ServiceSpec) { s.ClusterIP = "10.96.0.50" }), pod("web-a", "web", "app=web"))
		d := dial(c.borrow(pod("caller", "lent")).DialContext)
		d.asks(t, "web:80", 1, map[string]int{"dial tcp: lookup web: no such host": 1})
		d.asks(t, "10.96.0.50:80", 1, map[string]int{"silent": 1})
	}, fake.Without(fake.Proxy, fake.DNS))
}
