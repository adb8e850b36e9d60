package kubelet

import (
	"fmt"
	"hash/fnv"
	"path"
	"sync"

	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// files are those of one run of a container: its image's, what it writes over them, and the pod's volumes. They are made when the
// program first asks for them, or at its start if something about them has to be so from the start.
type files struct {
	once sync.Once
	ns   *podfs.Namespace
	err  error
	// message is where the program leaves its last words; nil until the files are made.
	message *podfs.Tree
}

// namespace returns the files of in.
func (in *instance) namespace() (*podfs.Namespace, error) {
	in.files.once.Do(func() {
		in.files.ns, in.files.err = in.openFiles()
		if in.files.err != nil && !in.isDead() {
			in.w.warn(in.w.latest(), nil, eventFailedMount, in.files.err.Error())
		}
	})
	return in.files.ns, in.files.err
}

// closeFiles ends who waits for files, and reads the program's last words.
func (in *instance) closeFiles() (message string) {
	in.files.once.Do(func() { in.files.err = errEnded }) // there will be none
	if in.files.ns == nil {
		return ""
	}
	if text, err := in.files.message.FS().ReadFile(messageFile); err == nil {
		message = string(text[:min(len(text), messageLimit)])
	}
	in.files.ns.Close()
	return message
}

const (
	messageFile = "termination-log"
	// messageLimit is how much of it is kept, as MaxContainerTerminationMessageLength.
	messageLimit = 4096
)

func (in *instance) openFiles() (*podfs.Namespace, error) {
	pod := in.w.latest()
	spec := specOf(pod, in.name)
	if spec == nil {
		return nil, errEnded
	}
	security := effective(pod, spec)
	root := podfs.NewTree(podfs.TreeOptions{Image: in.imageFiles, Seed: in.w.seed(in.id)})
	ns := podfs.NewNamespace(root, podfs.NamespaceOptions{Container: in.name, ReadOnly: isTrue(security.ReadOnlyRootFilesystem)})
	mounts, err := in.mounts(pod, spec)
	if err == nil {
		err = ns.Mount(mounts...)
	}
	if err != nil {
		ns.Close()
		return nil, err
	}
	return ns, nil
}

// mounts are what every container has, and what its spec asks for.
func (in *instance) mounts(pod *corev1.Pod, spec *corev1.Container) ([]podfs.Mount, error) {
	etc := in.w.etc(pod)
	in.files.message = podfs.NewTree(podfs.TreeOptions{})
	if err := in.files.message.FS().WriteFile(messageFile, nil, 0o666); err != nil {
		return nil, err
	}
	mounts := []podfs.Mount{
		{Name: "dev", Path: "/dev", Volume: podfs.NewDev(in.w.seed(in.id))},
		{Name: "proc", Path: "/proc", Volume: in.proc()},
	}
	for _, file := range etcFiles {
		mounts = append(mounts, podfs.Mount{Name: "etc", Path: "/etc/" + file, Volume: etc, SubPath: file})
	}
	if spec.TerminationMessagePath != "" {
		mounts = append(mounts, podfs.Mount{Name: "message", Path: spec.TerminationMessagePath, Volume: in.files.message, SubPath: messageFile})
	}
	for i := range spec.VolumeMounts {
		m := &spec.VolumeMounts[i]
		subPath, err := in.subPath(m)
		if err != nil {
			return nil, err
		}
		source, err := in.w.volume(pod, m.Name)
		if err != nil {
			return nil, err
		}
		mount := podfs.Mount{Name: m.Name, Path: m.MountPath, Volume: source, SubPath: subPath, ReadOnly: m.ReadOnly}
		if !path.IsAbs(mount.Path) {
			mount.Path = "/" + mount.Path
		}
		mounts = append(mounts, mount)
	}
	return mounts, nil
}

// subPath is the part of the volume that is mounted, with the container's variables put in.
func (in *instance) subPath(m *corev1.VolumeMount) (string, error) {
	subPath := m.SubPath
	if m.SubPathExpr != "" {
		missing := ""
		subPath = expand(m.SubPathExpr, func(name string) (string, bool) {
			value, ok := variables(in.env).lookup(name)
			if !ok && missing == "" {
				missing = name
			}
			return value, ok
		})
		if missing != "" {
			return "", fmt.Errorf("failed to expand subPath for volumeMount %q of container %q: missing value for %q", m.Name, in.name, missing)
		}
	}
	return subPath, podfs.CheckSubPath(subPath)
}

// early says whether the files of a container have to be made before it starts: a subPath shows what is there at that moment, and
// what cannot be mounted must keep the container from starting.
func early(spec *corev1.Container) bool {
	for i := range spec.VolumeMounts {
		if spec.VolumeMounts[i].SubPath != "" || spec.VolumeMounts[i].SubPathExpr != "" {
			return true
		}
	}
	return false
}

// proc is what stands at /proc: the streams of the container's own program.
func (in *instance) proc() *podfs.Tree {
	tree := podfs.NewTree(podfs.TreeOptions{Mode: 0o555})
	fs := tree.FS()
	streams := []podfs.Device{
		podfs.Stream(in.console.stdin(), nil), podfs.Stream(nil, in.console.stdout()), podfs.Stream(nil, in.console.stderr()),
	}
	for _, dir := range []string{"1/fd", "self/fd"} {
		_ = fs.MkdirAll(dir, 0o555)
		for i, s := range streams {
			_ = fs.Mknod(fmt.Sprintf("%s/%d", dir, i), 0o666, s)
		}
	}
	return tree
}

// seed is for what is drawn at random in files, and the same in every run.
func (w *worker) seed(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(string(w.uid) + "/" + name))
	return h.Sum64()
}
