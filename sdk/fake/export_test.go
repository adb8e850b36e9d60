package fake

// What tests outside of the package account for, and users need not.

// ContainerID is the container's id in the words of its status.
func ContainerID(p *Process) string { return p.container.ID() }

// Open counts the listeners and the ends of connections on the network of the cluster.
func (c *Cluster) Open() (listeners, ends int) { return c.network.Open() }

// Forget drops the log of what has happened, which otherwise keeps the last 4,096 versions of objects.
func (c *Cluster) Forget() { c.api.Store.Forget() }
