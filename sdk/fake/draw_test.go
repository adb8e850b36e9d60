package fake_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

var updatePictures = flag.Bool("update-pictures", false, "rewrite the pictures in testdata/draw")

// pictures are the chapter's diagrams, each of a small cluster, and one of all that is drawn.
var pictures = []struct {
	name  string
	nodes int
	setup func(t *testing.T, c *fake.Cluster) []fake.DrawOption
}{
	{"flat_network", 2, func(t *testing.T, c *fake.Cluster) []fake.DrawOption {
		for i, name := range []string{"a", "b", "c", "d"} {
			run(t, c, builders.Pod("pod-"+name).NodeName([]string{"minikube", "minikube-m02"}[i/2]).Containers(idle("main")))
		}
		return []fake.DrawOption{fake.DrawTitle("A flat network"), fake.DrawCompact()}
	}},
	{"containers_in_a_pod", 1, func(t *testing.T, c *fake.Cluster) []fake.DrawOption {
		run(t, c, builders.Pod("web").Label("app", "web").EmptyDir("content").Containers(
			idle("server").Port("http", 8080).MountReadOnly("content", "/usr/share/web"),
			idle("puller").Mount("content", "/pulled"),
		))
		return []fake.DrawOption{fake.DrawTitle("Containers of one pod")}
	}},
	{"port_forward", 1, func(t *testing.T, c *fake.Cluster) []fake.DrawOption {
		run(t, c, builders.Pod("crane").Containers(idle("crane").Port("http", 8080)))
		forward(t, c, "crane", "8888:8080")
		return []fake.DrawOption{fake.DrawTitle("A port-forward, 8888:8080")}
	}},
	{"labels_before", 2, func(t *testing.T, c *fake.Cluster) []fake.DrawOption {
		for _, m := range shop {
			run(t, c, builders.Pod(m[0]).Containers(idle("main")))
		}
		return []fake.DrawOption{fake.DrawTitle("Before: pods without labels"), fake.DrawByLabel()}
	}},
	{"labels_after", 2, func(t *testing.T, c *fake.Cluster) []fake.DrawOption {
		for _, m := range shop {
			run(t, c, builders.Pod(m[0]).Label("app", m[1]).Label("rel", m[2]).Containers(idle("main")))
		}
		return []fake.DrawOption{fake.DrawTitle("After: the same pods by label"), fake.DrawByLabel("app", "rel")}
	}},
	{"cluster", 2, everything},
}

// shop are the pods of the chapter: name, app and rel.
var shop = [][3]string{
	{"frontend", "ui", "stable"}, {"web2", "ui", "beta"}, {"new-ui", "ui", "canary"},
	{"accounts", "account-service", "stable"},
	{"prodcat", "product-catalog", "stable"}, {"prodcat-b", "product-catalog", "stable"}, {"catalog-try", "product-catalog", "canary"},
	{"cart", "shopping-cart", "stable"},
	{"orders", "order-service", "stable"}, {"orders-next", "order-service", "beta"}, {"ord-fix", "order-service", "canary"},
}

func idle(name string) builders.ContainerBuilder { return builders.Container(name, "heejeong/"+name) }

func run(t *testing.T, c *fake.Cluster, pod builders.PodBuilder) {
	t.Helper()
	if err := c.Client().Run(t.Context(), pod.TerminationGracePeriodSeconds(1).MustBuild()); err != nil {
		t.Fatal(err)
	}
}

// everything is a cluster with all that is drawn.
func everything(t *testing.T, c *fake.Cluster) []fake.DrawOption {
	t.Helper()
	client := c.Client()
	c.HandleFunc("heejeong/crane", crane)
	c.HandleFunc("heejeong/failing", func(context.Context, *fake.Process) error { return fake.Exit(3) })
	create(t, c, builders.Service("crane").Selector("app", "crane").Ports(builders.ServicePort(80).TargetPort("http")).MustBuild())
	create(t, c, builders.Service("web").Selector("app", "web").ClusterIP(corev1.ClusterIPNone).Ports(builders.ServicePort(8080)).MustBuild())

	listens := builders.Probe(builders.TCPSocketAction("http"))
	template := builders.Pod("").Label("app", "crane").Containers(idle("crane").Port("http", 8080).ReadinessProbe(listens))
	for _, node := range []string{"minikube", "minikube-m02"} {
		name := "crane-of-" + node
		rc := builders.ReplicationController(name).Replicas(1).Selector("rc", name).Template(template.Label("rc", name).NodeName(node))
		if err := client.Run(t.Context(), rc.MustBuild()); err != nil {
			t.Fatal(err)
		}
	}
	start(t, c, corev1.PodRunning, builders.Pod("crane-deaf").Label("app", "crane").NodeName("minikube").
		Containers(builders.Container("crane", "heejeong/deaf").Port("http", 8080).ReadinessProbe(listens)))
	run(t, c, builders.Pod("web").Label("app", "web").NodeName("minikube-m02").EmptyDir("content").EmptyDir("scratch").
		InitContainers(builders.Container("log", "heejeong/log").RestartPolicy(corev1.ContainerRestartPolicyAlways).Mount("scratch", "/log")).
		Containers(
			idle("server").Port("http", 8080).MountReadOnly("content", "/usr/share/web").Mount("scratch", "/var/log/web"),
			idle("puller").Mount("content", "/pulled"),
		))
	start(t, c, corev1.PodFailed, builders.Pod("job").NodeName("minikube").RestartPolicy(corev1.RestartPolicyNever).Containers(idle("failing")))
	create(t, c, builders.Pod("greedy").Containers(idle("main").Request("cpu", "64")).MustBuild())
	forward(t, c, "web", "8888:8080")
	return nil
}

func create(t *testing.T, c *fake.Cluster, obj sdk.Object) {
	t.Helper()
	if err := c.Client().Create(t.Context(), obj); err != nil {
		t.Fatal(err)
	}
}

// start creates a pod that does not become ready.
func start(t *testing.T, c *fake.Cluster, phase corev1.PodPhase, pod builders.PodBuilder) {
	t.Helper()
	obj := pod.TerminationGracePeriodSeconds(1).MustBuild()
	create(t, c, obj)
	if err := c.Client().Wait(t.Context(), obj, sdk.Phase(phase)); err != nil {
		t.Fatal(err)
	}
}

func forward(t *testing.T, c *fake.Cluster, pod string, ports ...string) *sdk.Forward {
	t.Helper()
	f, err := c.Client().PortForward(t.Context(), sdk.PodNamed(pod), ports...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestPictures(t *testing.T) {
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) {
				c := fake.RunT(t, fake.Nodes(p.nodes), fake.UnknownImages(fake.Pause))
				options := p.setup(t, c)
				synctest.Wait()
				compare(t, p.name, drawn(t, c, options...))
			})
		})
	}
}

// compare holds a picture against the one in testdata, which somebody has looked at.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "draw", name+".svg")
	if *updatePictures {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is drawn otherwise (-want +got); if that is right, look at it and go test -update-pictures:\n%s", name, diff)
	}
}

// drawn is a picture as a document, which must be well-formed.
func drawn(t *testing.T, c *fake.Cluster, opts ...fake.DrawOption) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Draw(&b, opts...); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return b.Bytes()
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
