package busybox

import (
	"context"
	"path"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	corev1 "k8s.io/api/core/v1"
)

func du(_ context.Context, p *unix.Proc) int {
	o := parse(p, "aHLsxhmkcd:", "max-depth=d", "summarize=s", "human-readable=h")
	if o == nil {
		return 1
	}
	deepest, ok := o.number(p, "d", 1<<30)
	if !ok {
		return 1
	}
	if o.has("s") {
		deepest = 0
	}
	names := o.rest
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	for _, name := range names {
		if _, err := diskUse(p, o, name, 0, deepest); err != nil {
			code = failed(p, name, err)
		}
	}
	return code
}

func diskUse(p *unix.Proc, o *options, name string, depth, deepest int) (int64, error) {
	info, err := p.FS().Lstat(name)
	if err != nil {
		return 0, err
	}
	size := (info.Size() + 4095) / 4096 * 4096
	if info.IsDir() {
		size = 4096
		entries, err := p.FS().ReadDir(name)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			n, err := diskUse(p, o, joinName(name, e.Name()), depth+1, deepest)
			if err == nil {
				size += n
			}
		}
	}
	if depth <= deepest && (info.IsDir() || o.has("a") || depth == 0) {
		text := strconv.FormatInt(size/1024, 10)
		switch {
		case o.has("h"):
			text = human(size)
		case o.has("m"):
			text = strconv.FormatInt((size+1<<20-1)>>20, 10)
		}
		p.Printf("%s\t%s\n", text, name)
	}
	return size, nil
}

// mounted is one mount of the container, by what its pod says.
type mounted struct {
	path, device, kind string
	readOnly           bool
}

// mounts lists what is mounted, the root first.
func mounts(p *unix.Proc) []mounted {
	all := []mounted{
		{"/", "overlay", "overlay", false}, {"/proc", "proc", "proc", false}, {"/dev", "tmpfs", "tmpfs", false},
	}
	spec, pod := p.Container(), p.Pod()
	if spec == nil {
		return all
	}
	if s := spec.SecurityContext; s != nil && s.ReadOnlyRootFilesystem != nil {
		all[0].readOnly = *s.ReadOnlyRootFilesystem
	}
	kinds := map[string]string{}
	for _, v := range pod.Spec.Volumes {
		kinds[v.Name] = "ext4"
		if v.EmptyDir != nil && v.EmptyDir.Medium == corev1.StorageMediumMemory || v.Secret != nil || v.Projected != nil || v.DownwardAPI != nil {
			kinds[v.Name] = "tmpfs"
		}
	}
	for _, m := range spec.VolumeMounts {
		device := "/dev/vda1"
		if kinds[m.Name] == "tmpfs" {
			device = "tmpfs"
		}
		all = append(all, mounted{path.Clean("/" + m.MountPath), device, kinds[m.Name], m.ReadOnly})
	}
	return all
}

// MountOf is the kind of file system that a file is on, as statfs(2) would tell.
func MountOf(p *unix.Proc, name string) string {
	if !path.IsAbs(name) {
		name = path.Join(p.Dir, name)
	}
	best := mounts(p)[0]
	for _, m := range mounts(p) {
		if (name == m.path || strings.HasPrefix(name, strings.TrimSuffix(m.path, "/")+"/")) && len(m.path) >= len(best.path) {
			best = m
		}
	}
	return best.kind
}

func mount(_ context.Context, p *unix.Proc) int {
	if len(p.Args) > 1 {
		return p.Errorf("mounting is not permitted in a container (are you root?)")
	}
	for _, m := range mounts(p) {
		mode := "rw"
		if m.readOnly {
			mode = "ro"
		}
		p.Printf("%s on %s type %s (%s,relatime)\n", m.device, m.path, m.kind, mode)
	}
	return 0
}

func mountpoint(_ context.Context, p *unix.Proc) int {
	o := parse(p, "qdn")
	if o == nil || len(o.rest) != 1 {
		return 1
	}
	name := o.rest[0]
	if info, err := p.FS().Stat(name); err != nil || !info.IsDir() {
		return p.Errorf("%s: No such file or directory", name)
	}
	for _, m := range mounts(p) {
		if m.path == path.Join(p.Dir, name) || m.path == path.Clean(name) {
			if !o.has("q") {
				p.Printf("%s is a mountpoint\n", name)
			}
			return 0
		}
	}
	if !o.has("q") {
		p.Printf("%s is not a mountpoint\n", name)
	}
	return 1
}

// nodeDisk is how large the disk of a node is that has no limit of its own.
const nodeDisk = 100 << 30

func df(_ context.Context, p *unix.Proc) int {
	o := parse(p, "PkmhTaiB:")
	if o == nil {
		return 1
	}
	names := o.rest
	if len(names) == 0 {
		for _, m := range mounts(p) {
			names = append(names, m.path)
		}
	}
	heads := [2]string{"1K-blocks", "Used Available"}
	if o.has("h") {
		heads = [2]string{"Size", "Used Available"}
	}
	p.Printf("%-20s %9s %14s %4s %s\n", "Filesystem", heads[0], heads[1], "Use%", "Mounted on")
	code := 0
	for _, name := range names {
		u, err := p.FS().Usage(name)
		if err != nil {
			code = failed(p, name, err)
			continue
		}
		size := u.Capacity
		if size == 0 {
			size = nodeDisk
		}
		write := func(n int64) string {
			if o.has("h") {
				return human(n)
			}
			return strconv.FormatInt(n/1024, 10)
		}
		device, at := "overlay", "/"
		for _, m := range mounts(p) {
			if strings.HasPrefix(path.Join(p.Dir, name)+"/", strings.TrimSuffix(m.path, "/")+"/") || strings.HasPrefix(name+"/", strings.TrimSuffix(m.path, "/")+"/") {
				device, at = m.device, m.path
			}
		}
		p.Printf("%-20s %9s %9s %9s %3d%% %s\n", device, write(size), write(u.Used), write(size-u.Used), (u.Used*100+size-1)/size, at)
	}
	return code
}
