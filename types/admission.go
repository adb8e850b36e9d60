package types

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
)

const (
	// defaultAccount is the service account of pods that name none.
	defaultAccount = "default"
	// accountPath is where every container finds its service account's token.
	accountPath   = "/var/run/secrets/kubernetes.io/serviceaccount"
	accountPrefix = "kube-api-access-"
	// accountTokenSeconds is how long the token lives, with a margin by which a pod is told from a user's own choice.
	accountTokenSeconds = 3607
	rootCAConfigMap     = "kube-root-ca.crt"
	// defaultTolerationSeconds is how long a pod stays on a node that has gone away.
	defaultTolerationSeconds = 300
)

// Admit applies to pod what the built-in admission plugins change in every pod that is created (the service account's
// token volume, default tolerations, priority), in place. tokenSuffix is the random part of the volume's name
// (kube-api-access-<suffix>). It comes after [Default] and before [Errors], as on the server.
func Admit(pod *corev1.Pod, tokenSuffix string) {
	admitPriority(&pod.Spec)
	admitTolerations(&pod.Spec)
	admitServiceAccount(&pod.Spec, tokenSuffix)
}

// AdmitUpdate applies to pod what the built-in admission plugins change in an updated pod, in place: the default tolerations come
// back, at the end, if the update left them out. It comes after [Default] and before [UpdateErrors], as on the server.
func AdmitUpdate(pod *corev1.Pod) { admitTolerations(&pod.Spec) }

// admitPriority is the Priority plugin for pods that name no class.
func admitPriority(spec *corev1.PodSpec) {
	if spec.Priority == nil {
		spec.Priority = ptr.To[int32](0)
	}
	if spec.PreemptionPolicy == nil {
		spec.PreemptionPolicy = ptr.To(corev1.PreemptLowerPriority)
	}
}

// admitTolerations is the DefaultTolerationSeconds plugin.
func admitTolerations(spec *corev1.PodSpec) {
	for _, key := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable} {
		if !toleratesNoExecute(spec.Tolerations, key) {
			spec.Tolerations = append(spec.Tolerations, corev1.Toleration{
				Key: key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute,
				TolerationSeconds: ptr.To[int64](defaultTolerationSeconds),
			})
		}
	}
}

func toleratesNoExecute(tolerations []corev1.Toleration, key string) bool {
	for _, t := range tolerations {
		if (t.Key == key || t.Key == "") && (t.Effect == corev1.TaintEffectNoExecute || t.Effect == "") {
			return true
		}
	}
	return false
}

// admitServiceAccount is the ServiceAccount plugin: an account, and its token in every container that has nothing of
// its own at that path.
func admitServiceAccount(spec *corev1.PodSpec, suffix string) {
	if spec.ServiceAccountName == "" {
		spec.ServiceAccountName = defaultAccount
	}
	spec.DeprecatedServiceAccount = spec.ServiceAccountName
	if !ptr.Deref(spec.AutomountServiceAccountToken, true) {
		return
	}
	name := accountPrefix + suffix
	mounted := mountToken(spec.InitContainers, name)
	mounted = mountToken(spec.Containers, name) || mounted
	if mounted {
		spec.Volumes = append(spec.Volumes, tokenVolume(name))
	}
}

// mountToken says whether any container needed the mount.
func mountToken(containers []corev1.Container, volume string) bool {
	mounted := false
	for i := range containers {
		if mountsAt(containers[i].VolumeMounts, accountPath) {
			continue
		}
		containers[i].VolumeMounts = append(containers[i].VolumeMounts,
			corev1.VolumeMount{Name: volume, ReadOnly: true, MountPath: accountPath})
		mounted = true
	}
	return mounted
}

func mountsAt(mounts []corev1.VolumeMount, path string) bool {
	for _, m := range mounts {
		if m.MountPath == path {
			return true
		}
	}
	return false
}

func tokenVolume(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
		DefaultMode: ptr.To[int32](0o644),
		Sources: []corev1.VolumeProjection{
			{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", ExpirationSeconds: ptr.To[int64](accountTokenSeconds)}},
			{ConfigMap: &corev1.ConfigMapProjection{
				LocalObjectReference: corev1.LocalObjectReference{Name: rootCAConfigMap},
				Items:                []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}},
			}},
			{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
				{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"}},
			}}},
		},
	}}}
}
