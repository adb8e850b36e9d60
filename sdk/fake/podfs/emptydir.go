package podfs

import "io/fs"

// EmptyDirOptions say how an emptyDir is. The zero value is one on the node's disk without a limit.
type EmptyDirOptions struct {
	// SizeLimit is the volume's sizeLimit in bytes, above which [Tree.Exceeded] tells, so that the pod can be evicted.
	// Zero is none.
	SizeLimit int64
	// Memory is the medium Memory: nothing more than SizeLimit fits, and writing more is ENOSPC.
	Memory bool
	// FSGroup is the pod's fsGroup, or nil.
	FSGroup *int64
	// Seed is as in [TreeOptions].
	Seed uint64
}

// NewEmptyDir makes an emptyDir volume: empty, and everybody may write to it.
func NewEmptyDir(o EmptyDirOptions) *Tree {
	options := TreeOptions{Mode: fs.ModePerm, Limit: o.SizeLimit, Seed: o.Seed}
	if o.Memory {
		options.Limit, options.Capacity = 0, o.SizeLimit
		options.Mode |= fs.ModeSticky // as the root of a tmpfs is
	}
	t := NewTree(options)
	if o.FSGroup != nil {
		t.SetOwnership(*o.FSGroup, OwnershipOptions{})
	}
	return t
}
