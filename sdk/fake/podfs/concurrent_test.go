package podfs

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
)

// TestConcurrency lets containers of one image do everything to a volume that they share, and to each other's root never.
func TestConcurrency(t *testing.T) {
	image := NewImage(website)
	shared := NewEmptyDir(EmptyDirOptions{SizeLimit: block})
	config, err := NewProjected(Payload{"a": {Data: []byte("0"), Mode: 0o644}}, nil, 1)
	ok(t, err)
	var group sync.WaitGroup
	var roots []*Tree
	for i := range 6 {
		root := NewTree(TreeOptions{Image: image})
		roots = append(roots, root)
		ns := NewNamespace(root, NamespaceOptions{})
		ok(t, ns.Mount(Mount{Path: "/w", Volume: shared}, Mount{Path: "/c", Volume: config}))
		f := ns.FS(Credentials{}, "/")
		watch, err := f.Watch("/w")
		ok(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			for watch.Wait(ctx) == nil {
				_, _ = f.Stat("/w/a")
			}
			_ = watch.Close()
		})
		group.Go(func() {
			defer cancel()
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for range 300 {
				drawOp(random).do(podWorld{f.In("/w")})
			}
			for j := range 20 {
				_, err := config.Update(Payload{"a": {Data: fmt.Append(nil, i, j), Mode: 0o644}})
				if err == nil {
					err = f.WriteFile("/srv/index.html", fmt.Append(nil, i), 0o644)
				}
				if err != nil {
					t.Error(err)
				}
				<-shared.Exceeded()
			}
			has(t, f, "/srv/index.html", fmt.Sprint(i))
		})
		group.Go(func() {
			for range 100 {
				_, _ = f.ReadFile("/c/a")
				_ = f.Rename("/srv/css", "/srv/style")
				_ = f.Rename("/srv/style", "/srv/css")
			}
		})
	}
	ok(t, shared.FS().WriteFile("full", make([]byte, 2*block), 0o644))
	group.Wait()
	consistent(t, shared)
	for _, root := range roots {
		consistent(t, root)
	}
}

// TestRenameIsAtomic holds that a name which is renamed over is never missing, half written or empty.
func TestRenameIsAtomic(t *testing.T) {
	f := NewTree(TreeOptions{}).FS()
	version := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 3*block) }
	ok(t, f.WriteFile("f", version(0), 0o644))
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 500 {
			if err := f.WriteFile("new", version(i), 0o644); err != nil {
				t.Error(err)
			}
			if err := f.Rename("new", "f"); err != nil {
				t.Error(err)
			}
		}
	})
	group.Go(func() {
		for range 500 {
			got, err := f.ReadFile("f")
			if err != nil || len(got) != 3*block || bytes.Count(got, got[:1]) != len(got) {
				t.Errorf("%d bytes, %v", len(got), err)
				return
			}
		}
	})
	group.Wait()
	consistent(t, f.ns.root.root.tree)
}
