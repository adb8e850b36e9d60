package kubelet

import (
	"errors"
	"fmt"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// volumes are what the containers of a pod have mounted. Each is made when the first container needs its files, which most programs
// never do; that it can be made is checked before any container starts.
type volumes struct {
	mu     sync.Mutex
	opened map[string]podfs.Source // by name
	etc    *podfs.Tree             // nil before it is needed
}

// volumeKind is how a kind of volume comes about.
type volumeKind struct {
	name string
	has  func(*corev1.VolumeSource) bool
	// check finds what would keep it from being made; nil: nothing does. It makes nothing.
	check func(*worker, *corev1.Pod, *corev1.VolumeSource) error
	open  func(*worker, *corev1.Pod, *corev1.Volume) (podfs.Source, error)
}

// volumeKinds are those that the fake has.
var volumeKinds = []volumeKind{
	{"configMap", func(v *corev1.VolumeSource) bool { return v.ConfigMap != nil }, checkPayload, openPayload},
	{"downwardAPI", func(v *corev1.VolumeSource) bool { return v.DownwardAPI != nil }, checkPayload, openPayload},
	{"emptyDir", func(v *corev1.VolumeSource) bool { return v.EmptyDir != nil }, nil, (*worker).openEmptyDir},
	{"hostPath", func(v *corev1.VolumeSource) bool { return v.HostPath != nil }, (*worker).checkHostPath, (*worker).openHostPath},
	{"image", func(v *corev1.VolumeSource) bool { return v.Image != nil }, (*worker).checkImage, (*worker).openImage},
	{"persistentVolumeClaim", func(v *corev1.VolumeSource) bool { return v.PersistentVolumeClaim != nil }, (*worker).checkClaim, (*worker).openClaim},
	{"projected", func(v *corev1.VolumeSource) bool { return v.Projected != nil }, checkPayload, openPayload},
	{"secret", func(v *corev1.VolumeSource) bool { return v.Secret != nil }, checkPayload, openPayload},
}

func kindOfVolume(v *corev1.VolumeSource) (volumeKind, error) {
	names := ""
	for i, k := range volumeKinds {
		if k.has(v) {
			return k, nil
		}
		if i > 0 {
			names += ", "
		}
		names += k.name
	}
	return volumeKind{}, fmt.Errorf("the fake kubelet has no volumes of this kind; it has %s", names)
}

// mount checks that the pod's volumes can be made. The error is one of a volume, in the kubelet's words.
func (w *worker) mount(pod *corev1.Pod) error {
	for i := range pod.Spec.Volumes {
		v := &pod.Spec.Volumes[i]
		k, err := kindOfVolume(&v.VolumeSource)
		if err == nil && k.check != nil {
			err = k.check(w, pod, &v.VolumeSource)
		}
		if err != nil {
			return fmt.Errorf("MountVolume.SetUp failed for volume %q : %w", v.Name, err)
		}
	}
	return nil
}

// volume returns the files of a volume of the pod, which it makes at the first call.
func (w *worker) volume(pod *corev1.Pod, name string) (podfs.Source, error) {
	w.volumes.mu.Lock()
	defer w.volumes.mu.Unlock()
	if source := w.volumes.opened[name]; source != nil {
		return source, nil
	}
	for i := range pod.Spec.Volumes {
		v := &pod.Spec.Volumes[i]
		if v.Name != name {
			continue
		}
		k, err := kindOfVolume(&v.VolumeSource)
		if err != nil {
			return nil, err
		}
		source, err := k.open(w, pod, v)
		if err != nil {
			return nil, err
		}
		if w.volumes.opened == nil {
			w.volumes.opened = map[string]podfs.Source{}
		}
		w.volumes.opened[name] = source
		return source, nil
	}
	return nil, fmt.Errorf("volume %q is not among the pod's", name)
}

func checkPayload(w *worker, pod *corev1.Pod, v *corev1.VolumeSource) error {
	_, err := w.payload(pod, v, func(*corev1.Pod, *corev1.ServiceAccountTokenProjection) (string, error) { return "", nil })
	return err
}

func openPayload(w *worker, pod *corev1.Pod, v *corev1.Volume) (podfs.Source, error) {
	payload, err := w.payload(pod, &v.VolumeSource, w.k.config.Token)
	if err != nil {
		return nil, err
	}
	source, err := podfs.NewProjected(payload, fsGroup(pod), w.seed(v.Name))
	if err == nil {
		w.k.follows(w)
	}
	return source, err
}

// fsGroup is the group that owns the pod's volumes, nil for none.
func fsGroup(pod *corev1.Pod) *int64 {
	if pod.Spec.SecurityContext == nil {
		return nil
	}
	return pod.Spec.SecurityContext.FSGroup
}

// openEmptyDir makes a directory that lives as long as the pod. One that outgrows its limit evicts it.
func (w *worker) openEmptyDir(pod *corev1.Pod, v *corev1.Volume) (podfs.Source, error) {
	o := podfs.EmptyDirOptions{Memory: v.EmptyDir.Medium == corev1.StorageMediumMemory, FSGroup: fsGroup(pod), Seed: w.seed(v.Name)}
	limit := v.EmptyDir.SizeLimit
	if limit != nil {
		o.SizeLimit = limit.Value()
	}
	tree := podfs.NewEmptyDir(o)
	if o.SizeLimit > 0 && !o.Memory {
		w.k.loops.Go(func() {
			select {
			case <-tree.Exceeded():
				w.evict(fmt.Sprintf("Usage of EmptyDir volume %q exceeds the limit %q. ", v.Name, limit.String()))
			case <-w.ended():
			case <-w.k.stopping:
			}
		})
	}
	return tree, nil
}

func (w *worker) checkHostPath(_ *corev1.Pod, v *corev1.VolumeSource) error {
	if v.HostPath.Type == nil || *v.HostPath.Type == corev1.HostPathUnset {
		return nil // it is made if it is missing
	}
	_, err := podfs.HostPath(w.k.filesWithLogs(w.node), v.HostPath.Path, v.HostPath.Type)
	return err
}

func (w *worker) openHostPath(_ *corev1.Pod, v *corev1.Volume) (podfs.Source, error) {
	return podfs.HostPath(w.k.filesWithLogs(w.node), v.HostPath.Path, v.HostPath.Type)
}

func (w *worker) checkImage(_ *corev1.Pod, v *corev1.VolumeSource) error {
	if _, known := w.k.config.Images.Lookup(v.Image.Reference); !known {
		return unknownImage(v.Image.Reference)
	}
	return nil
}

// openImage mounts the files of an image, which nobody can write to.
func (w *worker) openImage(_ *corev1.Pod, v *corev1.Volume) (podfs.Source, error) {
	image, known := w.k.config.Images.Lookup(v.Image.Reference)
	if !known {
		return nil, unknownImage(v.Image.Reference)
	}
	return podfs.NewTree(podfs.TreeOptions{Image: image.files()}), nil
}

var errUnbound = errors.New("pod has unbound immediate PersistentVolumeClaims")

// claimed is the name of the volume that a claim of the pod's namespace is bound to.
func (w *worker) claimed(pod *corev1.Pod, v *corev1.VolumeSource) (string, error) {
	obj, err := w.k.config.API.Get(registry.PersistentVolumeClaims, pod.Namespace, v.PersistentVolumeClaim.ClaimName)
	if err != nil {
		return "", missing("persistentvolumeclaim", v.PersistentVolumeClaim.ClaimName, nil, err)
	}
	claim := obj.(*corev1.PersistentVolumeClaim)
	if claim.Status.Phase != corev1.ClaimBound || claim.Spec.VolumeName == "" {
		return "", errUnbound
	}
	return claim.Spec.VolumeName, nil
}

func (w *worker) checkClaim(pod *corev1.Pod, v *corev1.VolumeSource) error {
	_, err := w.claimed(pod, v)
	return err
}

// openClaim mounts the volume that a claim is bound to, which any number of pods may have, on whatever node.
func (w *worker) openClaim(pod *corev1.Pod, v *corev1.Volume) (podfs.Source, error) {
	name, err := w.claimed(pod, &v.VolumeSource)
	if err != nil {
		return nil, err
	}
	tree := w.k.persistent(name)
	if group := fsGroup(pod); group != nil {
		tree.SetOwnership(*group, podfs.OwnershipOptions{ReadOnly: v.PersistentVolumeClaim.ReadOnly})
	}
	return tree, nil
}

// volumeMounts are what a container's status says of its mounts.
func volumeMounts(spec *corev1.Container) []corev1.VolumeMountStatus {
	if len(spec.VolumeMounts) == 0 {
		return nil
	}
	mounts := make([]corev1.VolumeMountStatus, len(spec.VolumeMounts))
	for i, m := range spec.VolumeMounts {
		mounts[i] = corev1.VolumeMountStatus{Name: m.Name, MountPath: m.MountPath, ReadOnly: m.ReadOnly}
		if m.ReadOnly {
			mounts[i].RecursiveReadOnly = new(corev1.RecursiveReadOnlyDisabled)
		}
	}
	return mounts
}
