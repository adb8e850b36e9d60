package draw

// Picture is what to show of a cluster. Its zero value is a cluster without nodes.
type Picture struct {
	Title    string
	Network  string // what stands on the bar that all pods are connected to; "" leaves it out
	Note     string // and after it, if there is room
	Nodes    []Node
	Services []Service
	Forwards []Forward
}

// Node is a frame with pods.
type Node struct {
	Name string
	Note string // under the name: its address and state
	// Waiting says that it is no node, but the place of pods that have none yet.
	Waiting bool
	Pods    []Pod
}

// Pod is a pod. Those of one Owner are framed together where they stand side by side.
type Pod struct {
	ID         string // what targets call it; unique in the picture
	Name       string
	State      string // Running, Pending, Succeeded, Failed, Terminating, or any other word, which is no good one
	IP         string // "" if it has none yet
	OnHost     bool   // it has its node's network, not one of its own
	Owner      string // such as "ReplicationController crane"
	Labels     []string
	Containers []Container
	Volumes    []Volume
}

// Container is a program in a pod.
type Container struct {
	Name, Image string
	Kind        string // "init", "sidecar", "ephemeral", or "" for an ordinary one
	State       string // "running", or why it is not
	Ports       []string
	Mounts      []Mount
	// Own is what stands before the mounts, about the files that are the container's own; "" for nothing.
	Own string
}

// Mount is where a container sees a volume of its pod.
type Mount struct {
	Volume, Path string
	ReadOnly     bool
}

// Volume is drawn if a container mounts it.
type Volume struct {
	Name, Kind string
}

// Service is above the nodes, with arrows to its pods.
type Service struct {
	Name    string
	Notes   []string // under the name: address and ports
	Targets []Target
}

// Target is a pod behind a service. Targets that the picture does not show have no arrow.
type Target struct {
	Pod   string // its ID
	Port  string
	Ready bool
}

// Forward is an open port-forward.
type Forward struct {
	From string // the local address, or who forwards
	Pod  string // the ID of the pod
	Port string // "" if it is not known
}

// Table shows pods by the values of one or two labels, or, without keys, all in one heap.
type Table struct {
	Title   string
	Row     string   // the key of rows; "" if there are only columns
	Column  string   // the key of columns; "" for a heap
	Rows    []string // what stands at the rows, from top to bottom: "app=ui", "no app"
	Columns []string // and above the columns, from left to right
	Pods    []Member
}

// Member is a pod in a table.
type Member struct {
	Name, State string
	Row, Column string   // its place: one of the table's rows and columns
	Labels      []string // what to write under the name
}
