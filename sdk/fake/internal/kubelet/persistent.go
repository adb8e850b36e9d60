package kubelet

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/podfs"
)

// persistent returns the files of a persistent volume, which outlive pods and nodes.
func (k *Kubelet) persistent(name string) *podfs.Tree {
	k.mu.Lock()
	defer k.mu.Unlock()
	tree := k.disks[name]
	if tree == nil {
		tree = podfs.NewPersistent(0, 0)
		k.disks[name] = tree
	}
	return tree
}

// files are those of the node itself, of which hostPath volumes show a part.
func (n *node) files() *podfs.Tree {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.disk == nil {
		n.disk = podfs.NewTree(podfs.TreeOptions{Image: podfs.NewImage(nil)})
		_ = n.disk.FS().WriteFile(hostsPath, []byte(n.hostsFile()), 0o644)
	}
	return n.disk
}

// Files returns the files of a container that runs, as root sees them. The error is as for [Kubelet.Exec].
func (k *Kubelet) Files(namespace, pod, container string) (*podfs.FS, error) {
	in, err := k.running(namespace, pod, "", container)
	if err != nil {
		return nil, err
	}
	ns, err := in.namespace()
	if err != nil {
		return nil, err
	}
	return ns.FS(podfs.Credentials{}, "/"), nil
}

// NodeFiles returns the files of a node.
func (k *Kubelet) NodeFiles(name string) (*podfs.FS, error) {
	n := k.nodes[name]
	if n == nil {
		return nil, fmt.Errorf("there is no node %q", name)
	}
	return k.filesWithLogs(n).FS(), nil
}

// follows remembers that a worker has volumes that show objects of the API.
func (k *Kubelet) follows(w *worker) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.showing[w] = struct{}{}
}
