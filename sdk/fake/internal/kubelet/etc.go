package kubelet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// etcFiles are the files that the kubelet and the container runtime write for each pod.
var etcFiles = []string{"hosts", "hostname", "resolv.conf"}

// etc returns the tree that holds them, which the pod's containers share.
func (w *worker) etc(pod *corev1.Pod) *podfs.Tree {
	w.volumes.mu.Lock()
	defer w.volumes.mu.Unlock()
	if w.volumes.etc == nil {
		w.volumes.etc = podfs.NewTree(podfs.TreeOptions{})
		fs := w.volumes.etc.FS()
		name := w.hostnameOf(pod)
		for _, f := range []struct{ name, text string }{
			{"hosts", w.hostsFile(pod, name)}, {"hostname", name + "\n"}, {"resolv.conf", resolvConf(pod)},
		} {
			_ = fs.WriteFile(f.name, []byte(f.text), 0o644)
		}
	}
	return w.volumes.etc
}

const hostsPath = "/etc/hosts"

// hostsFile is /etc/hosts of a node itself.
func (n *node) hostsFile() string {
	return "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\n" +
		fmt.Sprintf("ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n%s\t%s\n", n.IP, n.Name)
}

// hostsFile is /etc/hosts of the pod, as ensureHostsFile has it: with the node's network it begins as the node's own.
func (w *worker) hostsFile(pod *corev1.Pod, name string) string {
	var b strings.Builder
	if pod.Spec.HostNetwork {
		b.WriteString("# Kubernetes-managed hosts file (host network).\n")
		text, _ := w.node.files().FS().ReadFile(hostsPath) // a kubelet fails without; here the pod is none the worse
		b.Write(text)
	} else {
		managedHosts(&b, pod, w.ip, name)
	}
	if len(pod.Spec.HostAliases) > 0 {
		b.WriteString("\n# Entries added by HostAliases.\n")
		for _, a := range pod.Spec.HostAliases {
			fmt.Fprintf(&b, "%s\t%s\n", a.IP, strings.Join(a.Hostnames, "\t"))
		}
	}
	return b.String()
}

// managedHosts is what /etc/hosts says of the pod itself, as managedHostsFileContent has it.
func managedHosts(b *strings.Builder, pod *corev1.Pod, ip, name string) {
	b.WriteString("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" +
		"fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n")
	if domain := pod.Spec.Subdomain; domain != "" {
		fmt.Fprintf(b, "%s\t%s.%s.%s.svc.%s\t%s\n", ip, name, domain, pod.Namespace, clusterDomain, name)
	} else {
		fmt.Fprintf(b, "%s\t%s\n", ip, name)
	}
}

const (
	clusterDomain = "cluster.local"
	// dnsIP is where kube-dns answers.
	dnsIP = "10.96.0.10"
)

// resolvConf is /etc/resolv.conf by the pod's dnsPolicy, as GetPodDNS has it.
func resolvConf(pod *corev1.Pod) string {
	var servers, searches []string
	var options []string
	switch policy := pod.Spec.DNSPolicy; {
	case policy == corev1.DNSNone:
	case policy == corev1.DNSDefault, policy == corev1.DNSClusterFirst && pod.Spec.HostNetwork:
		servers = []string{"192.168.49.1"}
	default:
		servers, options = []string{dnsIP}, []string{"ndots:5"}
		for _, prefix := range []string{pod.Namespace + ".svc.", "svc.", ""} {
			searches = append(searches, prefix+clusterDomain)
		}
	}
	if c := pod.Spec.DNSConfig; c != nil {
		servers, searches = appendNew(servers, c.Nameservers), appendNew(searches, c.Searches)
		for _, o := range c.Options {
			text := o.Name
			if o.Value != nil && *o.Value != "" {
				text += ":" + *o.Value
			}
			options = appendNew(options, []string{text})
		}
	}
	var b strings.Builder
	if len(searches) > 0 {
		b.WriteString("search " + strings.Join(searches, " ") + "\n")
	}
	for _, s := range servers {
		b.WriteString("nameserver " + s + "\n")
	}
	if len(options) > 0 {
		b.WriteString("options " + strings.Join(options, " ") + "\n")
	}
	return b.String()
}

// appendNew adds what is not there yet.
func appendNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
