package podfs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Projected is a volume that the kubelet writes and programs only read: configMap, secret, downwardAPI or projected. Its files
// are replaced together: a program that opens "..data" sees all of one update, and a [Watch] of any file sees each update.
//
// A Projected can be used by any number of goroutines.
type Projected struct {
	tree    *Tree
	fsGroup *int64
	mu      sync.Mutex // one update at a time
}

// The names that an update needs, as AtomicWriter has them. No file of a payload may begin so.
const (
	dataDir    = "..data"
	newDataDir = "..data_tmp"
)

// NewProjected makes a volume and writes the first payload. It belongs to fsGroup unless that is nil.
func NewProjected(payload Payload, fsGroup *int64, seed uint64) (*Projected, error) {
	p := &Projected{tree: NewTree(TreeOptions{Mode: fs.ModePerm, Seed: seed}), fsGroup: fsGroup}
	if _, err := p.Update(payload); err != nil {
		return nil, err
	}
	return p, nil
}

// FS is the volume as the node sees it.
func (p *Projected) FS() *FS { return p.tree.FS() }

// source is always read-only, as the kubelet's Attributes of these volumes say.
func (p *Projected) source() (*inode, bool) { return p.tree.root, true }

// Update replaces the content, as AtomicWriter.Write does, and tells whether that was needed: the same files with the
// same bytes stay as they are, even if their modes differ. Each update has a directory of its own, named by the time; the links
// lead to it through "..data", which is renamed into place; then the old one is removed. So what a subPath mounted stays
// as it was. On an error the volume is as before.
func (p *Projected) Update(payload Payload) (changed bool, err error) {
	clean, err := cleanPayload(payload)
	if err != nil {
		return false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	volume := p.tree.FS()
	old, err := volume.ReadLink(dataDir)
	if err = ignoreMissing(err); err != nil {
		return false, err
	}
	gone := p.stale(volume, old, clean)
	changed = old == "" || len(gone) > 0 || p.differs(volume, old, clean)
	if changed {
		if err := p.replace(volume, clean); err != nil {
			return false, err
		}
	}
	if err := p.show(volume, clean); err != nil {
		return changed, err
	}
	for _, name := range gone {
		if !strings.Contains(name, "/") {
			err = errors.Join(err, ignoreMissing(volume.Remove(name)))
		}
	}
	if changed && old != "" {
		err = errors.Join(err, volume.RemoveAll(old))
	}
	return changed, err
}

// cleanPayload checks the paths with the texts of validatePath.
func cleanPayload(payload Payload) (Payload, error) {
	clean := make(Payload, len(payload))
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		if err := checkPayloadPath(name); err != nil {
			return nil, err
		}
		clean[path.Clean(name)] = payload[name]
	}
	return clean, nil
}

func checkPayloadPath(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("invalid path: must not be empty: %q", name)
	case path.IsAbs(name):
		return fmt.Errorf("invalid path: must be relative path: %s", name)
	case len(name) > maxPath:
		return fmt.Errorf("invalid path: must be less than or equal to %d characters", maxPath)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return fmt.Errorf("invalid path: must not contain '..': %s", name)
		}
		if len(part) > maxName {
			return fmt.Errorf("invalid path: filenames must be less than or equal to %d characters", maxName)
		}
	}
	if strings.HasPrefix(name, "..") {
		return fmt.Errorf("invalid path: must not start with '..': %s", name)
	}
	return nil
}

// stale lists what the old directory has and the payload has not, by name.
func (p *Projected) stale(volume *FS, old string, payload Payload) []string {
	if old == "" {
		return nil
	}
	keep := map[string]bool{".": true}
	for name := range payload {
		for ; name != "."; name = path.Dir(name) {
			keep[name] = true
		}
	}
	var gone []string
	_ = fs.WalkDir(volume.In(old), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && !keep[name] {
			gone = append(gone, name)
		}
		return nil
	})
	return gone
}

// differs tells whether a file is missing or has other bytes.
func (p *Projected) differs(volume *FS, old string, payload Payload) bool {
	for name, file := range payload {
		have, err := volume.ReadFile(path.Join(old, name))
		if err != nil || !bytes.Equal(have, file.Data) {
			return true
		}
	}
	return false
}

// replace writes a new directory and makes it the current one.
func (p *Projected) replace(volume *FS, payload Payload) error {
	dir, err := volume.MkdirTemp("/", time.Now().UTC().Format("..2006_01_02_15_04_05."))
	if err != nil {
		return err
	}
	name := path.Base(dir)
	if err := volume.Chmod(name, 0o755); err != nil {
		return err
	}
	err = p.fill(volume.In(name), payload)
	if err == nil && p.fsGroup != nil {
		p.tree.SetOwnership(*p.fsGroup, OwnershipOptions{ReadOnly: true})
	}
	if err == nil {
		err = volume.Symlink(name, newDataDir)
	}
	if err == nil {
		err = volume.Rename(newDataDir, dataDir)
	}
	if err != nil {
		err = errors.Join(err, volume.RemoveAll(name))
	}
	return err
}

func (p *Projected) fill(dir *FS, payload Payload) error {
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		file := payload[name]
		if err := dir.MkdirAll(path.Dir(name), fs.ModePerm&^0o022); err != nil {
			return err
		}
		if err := dir.lend(name, file.Data, file.Mode.Perm()); err != nil {
			return err
		}
		if file.User == nil {
			continue
		}
		if err := dir.Lchown(name, int(*file.User), -1); err != nil {
			return err
		}
	}
	return nil
}

// lend makes a file with bytes that it does not copy: many pods have the same.
func (f *FS) lend(name string, data []byte, perm fs.FileMode) error {
	w, err := f.vacancy(name)
	if err != nil {
		return err
	}
	t := w.dir.ino.tree
	n := t.newInode(0, perm, &f.who)
	n.data, n.size, n.borrowed = data, int64(len(data)), true
	if err := f.make(&w, n); err != nil {
		return pathError("open", name, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.charge(n, 0, len(data))
	return nil
}

// show makes the links that programs see: one for each first part of a path.
func (p *Projected) show(volume *FS, payload Payload) error {
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		first, _, _ := strings.Cut(name, "/")
		if _, err := volume.ReadLink(first); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := volume.Symlink(path.Join(dataDir, first), first); err != nil {
			return err
		}
		if user := payload[name].User; user != nil {
			if err := volume.Lchown(first, int(*user), -1); err != nil {
				return err
			}
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
