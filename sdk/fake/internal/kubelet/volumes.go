package kubelet

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

// mount checks that what the pod's volumes are made of is there. The error is one of a volume, in the kubelet's words.
// Files are not made yet: programs have no file system.
func (w *worker) mount(pod *corev1.Pod) error {
	for i := range pod.Spec.Volumes {
		v := &pod.Spec.Volumes[i]
		if err := w.mountable(pod, &v.VolumeSource); err != nil {
			return fmt.Errorf("MountVolume.SetUp failed for volume %q : %w", v.Name, err)
		}
	}
	return nil
}

func (w *worker) mountable(pod *corev1.Pod, v *corev1.VolumeSource) error {
	switch {
	case v.EmptyDir != nil, v.DownwardAPI != nil, v.HostPath != nil:
		return nil
	case v.ConfigMap != nil:
		return w.present(registry.ConfigMaps, pod.Namespace, v.ConfigMap.Name, v.ConfigMap.Optional)
	case v.Secret != nil:
		return w.present(registry.Secrets, pod.Namespace, v.Secret.SecretName, v.Secret.Optional)
	case v.Projected != nil:
		return w.projectable(pod, v.Projected)
	}
	return fmt.Errorf("the fake kubelet has no volumes of this kind; it has configMap, downwardAPI, emptyDir, hostPath, projected and secret")
}

func (w *worker) projectable(pod *corev1.Pod, v *corev1.ProjectedVolumeSource) error {
	for i := range v.Sources {
		var err error
		switch s := &v.Sources[i]; {
		case s.ConfigMap != nil:
			err = w.present(registry.ConfigMaps, pod.Namespace, s.ConfigMap.Name, s.ConfigMap.Optional)
		case s.Secret != nil:
			err = w.present(registry.Secrets, pod.Namespace, s.Secret.Name, s.Secret.Optional)
		case s.DownwardAPI != nil, s.ServiceAccountToken != nil:
		default:
			err = fmt.Errorf("the fake kubelet cannot project this source; it has configMap, downwardAPI, secret and serviceAccountToken")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) present(r *registry.Resource, namespace, name string, optional *bool) error {
	if _, err := w.k.config.API.Get(r, namespace, name); err != nil {
		return missing(r.Singular, name, optional, err)
	}
	return nil
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
