package podfs

import "io/fs"

// NewPersistent makes the storage behind a persistentVolumeClaim. It is a tree that outlives pods: mount it in one after
// the other. Everybody may write to it, as with common provisioners of local volumes. Nothing more than capacity bytes
// fits; zero is no limit.
func NewPersistent(capacity int64, seed uint64) *Tree {
	return NewTree(TreeOptions{Mode: fs.ModePerm, Capacity: capacity, Seed: seed})
}
