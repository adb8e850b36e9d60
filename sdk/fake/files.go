package fake

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/podfs"
)

// FS returns the files of the container: its image's, with what it has written over them, and the volumes that are mounted into
// it. Relative names begin at [Process.Dir], and the container's user decides what may be read and written. All fails with
// fs.ErrClosed once the container has ended.
func (p *Process) FS() *podfs.FS { return p.container.FS().In(p.Dir) }

// Files returns the files of a container that runs, as root sees them, for tests to look at and to change. The error says that there is
// no such pod, or that no such container runs in it.
func (c *Cluster) Files(namespace, pod, container string) (*podfs.FS, error) {
	files, err := c.kubelet.Files(namespace, pod, container)
	if err != nil {
		return nil, fmt.Errorf("files of container %s in pod %s/%s: %w", container, namespace, pod, err)
	}
	return files, nil
}

// NodeFiles returns the files of a node, of which hostPath volumes show a part, for tests to prepare and to look at. The error says that
// there is no such node.
func (c *Cluster) NodeFiles(node string) (*podfs.FS, error) {
	files, err := c.kubelet.NodeFiles(node)
	if err != nil {
		return nil, fmt.Errorf("files of a node: %w", err)
	}
	return files, nil
}
