package draw

import "fmt"

// samples are pictures of what is hard to lay out.
var samples = map[string]Picture{
	"nothing":    {},
	"empty node": {Title: "Empty", Nodes: []Node{{Name: "minikube", Note: "192.168.49.2, Ready"}}, Network: "pod network"},
	"one pod":    {Nodes: []Node{{Name: "minikube", Pods: []Pod{pod("crane", "Running", "10.244.0.2")}}}, Network: "pod network"},
	"all there is": {
		Title:   "All there is",
		Network: "Pod network 10.244.0.0/16", Note: ": flat",
		Nodes: []Node{
			{Name: "minikube", Note: "192.168.49.2, Ready", Pods: []Pod{
				owned("crane-2x7fz", "Running", "10.244.0.2"), owned("crane-9pq4k", "Pending", ""), rich("web"),
			}},
			{Name: "minikube-m02", Note: "192.168.49.3, NotReady, unschedulable", Pods: []Pod{
				owned("crane-m4n5b", "Terminating", "10.244.1.2"), onHost("proxy"), pod("job", "Failed", "10.244.1.9"),
			}},
			{Name: "Not scheduled", Waiting: true, Pods: []Pod{pod("greedy", "Pending", "")}},
		},
		Services: []Service{
			{Name: "crane", Notes: []string{"10.96.12.7", "80 to 8080"}, Targets: []Target{{"crane-2x7fz", "8080", true}, {"crane-9pq4k", "8080", false}, {"crane-m4n5b", "8080", false}}},
			{Name: "web", Notes: []string{"headless"}, Targets: []Target{{"web", "80", true}, {"elsewhere", "80", true}}},
			{Name: "nobody", Notes: []string{"10.96.0.9", "443"}},
		},
		Forwards: []Forward{{"localhost:8888", "crane-2x7fz", "8080"}, {"localhost:9999", "web", "80"}, {"a client", "web", ""}},
	},
	"more volumes than containers": {Nodes: []Node{{Name: "minikube", Pods: []Pod{{ID: "v", Name: "v", State: "Running", IP: "10.244.0.2",
		Containers: []Container{{Name: "main", Image: "main", State: "running", Mounts: []Mount{
			{"a", "/a", true}, {"b", "/b", false}, {"c", "/c", true}, {"d", "/d", false},
		}}},
		Volumes: []Volume{{"d", "secret"}, {"c", "configMap"}, {"b", "emptyDir"}, {"a", "claim data"}},
	}}}}},
	"many pods": many(40),
	"long names": {
		Title: "A title that is much longer than the picture is wide, since all there is in the picture is a single pod of ordinary size",
		Nodes: []Node{{
			Name: "a-node-whose-name-is-a-fully-qualified-domain-name.eu-central-1.compute.internal", Note: "2001:db8:1234:5678:9abc:def0:1234:5678, NotReady, SchedulingDisabled",
			Pods: []Pod{long()},
		}},
		Services: []Service{{Name: "a-service-with-a-name-of-sixty-three-characters-as-dns-allows-it", Notes: []string{"2001:db8:1234:5678:9abc:def0:1234:5678", "80, 443, 8080, 8443, 9090, 9091, 9092, 9093 and more"},
			Targets: []Target{{"long", "a-port-name", true}}}},
		Forwards: []Forward{{"localhost:65535", "long", "65535"}},
		Network:  "A network with a description that is longer than the bar on which it has to stand, by far",
	},
	"many lines": {
		Nodes:    []Node{{Name: "a", Pods: []Pod{rich("x"), pod("y", "Running", "10.0.0.2")}}, {Name: "b", Pods: []Pod{pod("z", "Running", "10.0.1.2")}}},
		Services: manyServices(9),
		Network:  "network",
	},
}

func pod(name, state, ip string) Pod {
	return Pod{ID: name, Name: name, State: state, IP: ip, Containers: []Container{
		{Name: "main", Image: "heejeong/" + name, State: "running", Ports: []string{"8080"}},
	}}
}

func owned(name, state, ip string) Pod {
	p := pod(name, state, ip)
	p.Owner, p.Labels = "ReplicationController crane", []string{"app=crane", "rel=stable"}
	return p
}

func onHost(name string) Pod {
	p := pod(name, "Running", "192.168.49.3")
	p.OnHost = true
	return p
}

// rich is a pod with containers of all kinds and with volumes.
func rich(name string) Pod {
	return Pod{
		ID: name, Name: name, State: "CrashLoopBackOff", IP: "10.244.0.4", Labels: []string{"app=" + name},
		Containers: []Container{
			{Name: "prepare", Image: "busybox", Kind: "init", State: "exit 0", Mounts: []Mount{{"content", "/out", false}}, Own: "/ (its own files)"},
			{Name: "proxy", Image: "envoy", Kind: "sidecar", State: "running", Ports: []string{"15001", "15006"}},
			{Name: "server", Image: "nginx:1.27", State: "running", Ports: []string{"80"}, Mounts: []Mount{
				{"content", "/usr/share/nginx/html", true}, {"config", "/etc/nginx/conf.d", true},
			}},
			{Name: "puller", Image: "git-sync", State: "waiting: CrashLoopBackOff", Mounts: []Mount{{"content", "/pulled", false}, {"scratch", "/tmp", false}}},
			{Name: "look", Image: "busybox", Kind: "ephemeral", State: "running"},
		},
		Volumes: []Volume{{"content", "emptyDir"}, {"config", "configMap"}, {"scratch", "emptyDir"}, {"unused", "emptyDir"}},
	}
}

func long() Pod {
	p := rich("long")
	p.Name = "a-pod-of-a-controller-with-a-very-long-name-that-goes-on-and-on-and-on-x7k2p"
	p.Owner = "ReplicationController a-controller-with-a-very-long-name-that-goes-on-and-on-and-on"
	p.Labels = []string{"app.kubernetes.io/name=a-very-long-value-of-a-label", "app.kubernetes.io/instance=another-one", "x=y"}
	for i := range p.Containers {
		c := &p.Containers[i]
		c.Image = "registry.example.com:5000/a/long/way/to/an/image@sha256:0123456789abcdef0123456789abcdef"
		c.Name = "a-container-with-a-name-of-up-to-sixty-three-characters-in-it-" + c.Name
		c.Ports = append(c.Ports, "1111", "2222", "3333", "4444", "5555", "6666", "7777")
		c.State = "waiting: CreateContainerConfigError because of this and that"
	}
	p.Volumes[0].Name, p.Volumes[1].Kind = "content-with-a-long-name", "persistentVolumeClaim"
	for i := range p.Containers {
		for j := range p.Containers[i].Mounts {
			if m := &p.Containers[i].Mounts[j]; m.Volume == "content" {
				m.Volume, m.Path = p.Volumes[0].Name, "/a/very/long/path/to/the/place/where/the/volume/is/seen/by/this/container"
			}
		}
	}
	return p
}

func many(n int) Picture {
	p := Picture{Title: "Many", Network: "Pod network", Services: []Service{{Name: "all"}}}
	for i := range 3 {
		node := Node{Name: fmt.Sprintf("node-%d", i), Note: "Ready"}
		for j := range n / 3 {
			x := owned(fmt.Sprintf("pod-%d-%d", i, j), "Running", fmt.Sprintf("10.244.%d.%d", i, j+2))
			p.Services[0].Targets = append(p.Services[0].Targets, Target{x.ID, "8080", j%3 > 0})
			node.Pods = append(node.Pods, x)
		}
		p.Nodes = append(p.Nodes, node)
	}
	return p
}

func manyServices(n int) []Service {
	var all []Service
	for i := range n {
		s := Service{Name: fmt.Sprintf("service-%d", i), Notes: []string{fmt.Sprintf("10.96.0.%d", i), "80"}}
		for j, pod := range []string{"x", "y", "z"} {
			if (i+j)%3 > 0 {
				s.Targets = append(s.Targets, Target{pod, "80", i%2 == 0})
			}
		}
		all = append(all, s)
	}
	return all
}

// tables are the same for tables.
var tables = map[string]Table{
	"nothing": {},
	"heap":    {Title: "Before", Pods: members()},
	"one key": {Title: "By rel", Column: "rel", Columns: []string{"rel=beta", "rel=canary", "rel=stable", "no rel"}, Pods: members()},
	"two keys": {
		Title: "After", Row: "app", Column: "rel", Rows: []string{"app=cart", "app=ui", "no app"}, Columns: []string{"rel=beta", "rel=canary", "rel=stable"}, Pods: members(),
	},
	"long": {
		Title: "Long", Row: "app.kubernetes.io/part-of", Column: "app.kubernetes.io/component",
		Rows: []string{"an-application-whose-name-does-not-fit"}, Columns: []string{"a-component-whose-name-does-not-fit-either"},
		Pods: []Member{{"a-pod-with-a-name-that-does-not-fit-at-all-in-its-chip", "Running", "an-application-whose-name-does-not-fit",
			"a-component-whose-name-does-not-fit-either", []string{"and=labels-that-do-not", "fit=either"}}},
	},
}

func members() []Member {
	var all []Member
	for i, app := range []string{"app=ui", "app=cart", "no app", "app=ui", "app=cart", "app=ui", "app=cart", "app=ui"} {
		m := Member{Name: fmt.Sprintf("pod-%d", i), State: "Running", Row: app, Column: []string{"rel=stable", "rel=beta", "rel=canary"}[i%3]}
		if i == 3 {
			m.Labels = []string{"owner=heejeong"}
		}
		all = append(all, m)
	}
	return all
}
