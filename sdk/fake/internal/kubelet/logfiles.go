package kubelet

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// Where a node has the logs of containers, in the format of CRI. Collectors find them by the second, whose links say in their names whose
// they are: pod, namespace, container and its id.
const (
	podLogs       = "/var/log/pods"
	containerLogs = "/var/log/containers"
)

// filesWithLogs are the files of a node, for somebody who may look for the logs of its containers there. They are not shown before, so that
// a pod whose node nobody looks at does not pay for them.
func (k *Kubelet) filesWithLogs(n *node) *podfs.Tree {
	tree := n.files()
	n.mu.Lock()
	first := !n.showsLogs
	n.showsLogs = true
	n.mu.Unlock()
	if !first {
		return tree
	}
	for _, dir := range []string{podLogs, containerLogs} {
		_ = tree.FS().MkdirAll(dir, 0o755)
	}
	k.mu.Lock()
	var here []*worker
	for _, w := range k.workers {
		if w.node == n {
			here = append(here, w)
		}
	}
	k.mu.Unlock()
	for _, w := range here {
		for _, r := range w.runs() {
			w.showLog(r.in, r.restarts)
		}
	}
	return tree
}

// runOf is a run of a container, and how often it had been restarted by then.
type runOf struct {
	in       *instance
	restarts int32
}

// runs are those of which there are logs.
func (w *worker) runs() (all []runOf) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.slots {
		s := &w.slots[i]
		if s.previous != nil {
			all = append(all, runOf{s.previous, s.restarts - 1})
		}
		if s.current != nil {
			all = append(all, runOf{s.current, s.restarts})
		}
	}
	return all
}

// showLog makes the log of a run of a container a file of its node. A kubelet keeps those of two runs. That it is there already is no error:
// a container may begin while somebody looks for the first time.
func (w *worker) showLog(in *instance, restarts int32) {
	n := w.node
	n.mu.Lock()
	shows, disk := n.showsLogs, n.disk
	n.mu.Unlock()
	if !shows {
		return
	}
	files := disk.FS()
	dir := path.Join(w.logDir(), in.name)
	_ = files.MkdirAll(dir, 0o755)
	name := path.Join(dir, fmt.Sprintf("%d.log", restarts))
	if files.Show(name, 0o640, in.log.Newest()) != nil {
		return
	}
	_, id, _ := strings.Cut(in.id, "://")
	_ = files.Symlink(name, path.Join(containerLogs, fmt.Sprintf("%s_%s_%s-%s.log", w.name, w.namespace, in.name, id)))
	rotated := &rotatedFiles{files: files, name: name, log: in.log, names: map[int64]string{}}
	in.log.OnRotate(rotated.update)
	rotated.update()
	w.hideLogs(files, path.Join(dir, fmt.Sprintf("%d.log", restarts-2)))
}

func (w *worker) logDir() string {
	return path.Join(podLogs, fmt.Sprintf("%s_%s_%s", w.namespace, w.name, w.uid))
}

// removeLogs takes the logs of a pod that is gone from its node.
func (w *worker) removeLogs() {
	w.node.mu.Lock()
	shows, disk := w.node.showsLogs, w.node.disk
	w.node.mu.Unlock()
	if shows {
		w.hideLogs(disk.FS(), w.logDir()+"/")
		_ = disk.FS().RemoveAll(w.logDir())
	}
}

// hideLogs removes files whose names begin so, and the links to them.
func (w *worker) hideLogs(files *podfs.FS, prefix string) {
	links, _ := files.ReadDir(containerLogs)
	for _, l := range links {
		link := path.Join(containerLogs, l.Name())
		if target, err := files.ReadLink(link); err == nil && strings.HasPrefix(target, prefix) {
			_ = files.Remove(link)
		}
	}
	entries, _ := files.ReadDir(path.Dir(prefix))
	for _, e := range entries {
		if strings.HasPrefix(path.Join(path.Dir(prefix), e.Name()), prefix) {
			_ = files.RemoveAll(path.Join(path.Dir(prefix), e.Name()))
		}
	}
}

// rotatedFiles are the older files of a log. As in ContainerLogManager of the kubelet, their names end with the time of the rotation, and
// all but the newest of them are compressed.
type rotatedFiles struct {
	files *podfs.FS
	name  string
	log   *podlog.Log

	mu    sync.Mutex
	names map[int64]string // by the time of the last record, which no two have
}

// update makes the files those that the log has.
func (r *rotatedFiles) update() {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := map[int64]bool{}
	rotated := r.log.Rotated()
	for i, f := range rotated {
		ended := f.ModTime()
		kept[ended.UnixNano()] = true
		name := r.names[ended.UnixNano()]
		newest := i == len(rotated)-1
		for second := ended.UTC(); name == ""; second = second.Add(1e9) { // which it takes until a kubelet looks again
			name = r.name + "." + second.Format("20060102-150405")
			if r.taken(name) {
				name = ""
			}
		}
		switch {
		case newest:
			_ = r.files.Show(name, 0o640, f)
		case !strings.HasSuffix(name, ".gz"):
			_ = r.files.Remove(name)
			name += ".gz"
			_ = r.files.WriteFile(name, compressed(f), 0o640)
		}
		r.names[ended.UnixNano()] = name
	}
	for ended, name := range r.names {
		if !kept[ended] {
			_ = r.files.Remove(name)
			delete(r.names, ended)
		}
	}
}

func (r *rotatedFiles) taken(name string) bool {
	for _, other := range r.names {
		if strings.TrimSuffix(other, ".gz") == name {
			return true
		}
	}
	return false
}

func compressed(f *podlog.File) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.Copy(z, io.NewSectionReader(f, 0, f.Size()))
	_ = z.Close()
	return b.Bytes()
}
