package fake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/draw"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// drawnPods are the pods to draw, those of one owner side by side.
func (c *Cluster) drawnPods(d *drawing) []*corev1.Pod {
	objs, _ := c.api.List(registry.Pods, d.namespace)
	pods := make([]*corev1.Pod, len(objs))
	for i, obj := range objs {
		pods[i] = obj.(*corev1.Pod)
	}
	slices.SortStableFunc(pods, func(a, b *corev1.Pod) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(ownerOf(a), ownerOf(b)), cmp.Compare(a.Name, b.Name))
	})
	return pods
}

func podID(namespace, name string) string { return namespace + "/" + name }

// ownerOf names the controller of a pod, or "".
func ownerOf(pod *corev1.Pod) string {
	if ref := metav1.GetControllerOfNoCopy(pod); ref != nil {
		return ref.Kind + " " + ref.Name
	}
	return ""
}

// shownName has the namespace with it where it is not the usual one.
func (d *drawing) shownName(obj metav1.Object) string {
	if d.namespace == "" && obj.GetNamespace() != metav1.NamespaceDefault {
		return obj.GetNamespace() + "/" + obj.GetName()
	}
	return obj.GetName()
}

func (d *drawing) pod(pod *corev1.Pod) draw.Pod {
	p := draw.Pod{
		ID: podID(pod.Namespace, pod.Name), Name: d.shownName(pod), State: podState(pod), IP: pod.Status.PodIP, OnHost: pod.Spec.HostNetwork,
		Owner: ownerOf(pod), Labels: labelTexts(pod, nil),
	}
	if !d.compact {
		p.Containers, p.Volumes = drawContainers(pod), drawVolumes(pod)
	}
	return p
}

// labelTexts are the labels of a pod by key, but for some.
func labelTexts(pod *corev1.Pod, but []string) []string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(pod.Labels)) {
		if !slices.Contains(but, k) {
			all = append(all, k+"="+pod.Labels[k])
		}
	}
	return all
}

// podState is the phase of a pod, unless there is something that tells more: it is being deleted, or a container cannot run.
func podState(pod *corev1.Pod) string {
	if pod.DeletionTimestamp != nil {
		return "Terminating"
	}
	if pod.Status.Reason != "" {
		return pod.Status.Reason
	}
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if w := s.State.Waiting; w != nil && w.Reason != "" && w.Reason != "ContainerCreating" && w.Reason != "PodInitializing" {
			return w.Reason
		}
	}
	return string(pod.Status.Phase)
}

func drawContainers(pod *corev1.Pod) []draw.Container {
	var all []draw.Container
	add := func(kind string, c *corev1.Container, statuses []corev1.ContainerStatus) {
		all = append(all, draw.Container{
			Name: c.Name, Image: c.Image, Kind: kind, State: containerState(kind, c.Name, statuses), Ports: portTexts(c), Mounts: mountTexts(c),
		})
	}
	for i := range pod.Spec.InitContainers {
		c, kind := &pod.Spec.InitContainers[i], "init"
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			kind = "sidecar"
		}
		add(kind, c, pod.Status.InitContainerStatuses)
	}
	for i := range pod.Spec.Containers {
		add("", &pod.Spec.Containers[i], pod.Status.ContainerStatuses)
	}
	for i := range pod.Spec.EphemeralContainers {
		c := corev1.Container(pod.Spec.EphemeralContainers[i].EphemeralContainerCommon)
		add("ephemeral", &c, pod.Status.EphemeralContainerStatuses)
	}
	for i := range all {
		if len(all) > 1 {
			all[i].Own = "/ (its own files)"
		}
	}
	return all
}

// containerState says in a few words how a container is; nothing, if its node has not said so yet.
func containerState(kind, name string, statuses []corev1.ContainerStatus) string {
	i := slices.IndexFunc(statuses, func(s corev1.ContainerStatus) bool { return s.Name == name })
	if i < 0 {
		return ""
	}
	s := &statuses[i]
	switch {
	case s.State.Terminated != nil:
		return fmt.Sprintf("exit %d", s.State.Terminated.ExitCode)
	case s.State.Running == nil:
		return "waiting"
	case !s.Ready && (kind == "" || kind == "sidecar"):
		return "not ready"
	}
	return "running"
}

func portTexts(c *corev1.Container) []string {
	var all []string
	for _, p := range c.Ports {
		text := strconv.Itoa(int(p.ContainerPort))
		if p.Protocol != "" && p.Protocol != corev1.ProtocolTCP {
			text += "/" + strings.ToLower(string(p.Protocol))
		}
		all = append(all, text)
	}
	return all
}

func mountTexts(c *corev1.Container) []draw.Mount {
	var all []draw.Mount
	for _, m := range c.VolumeMounts {
		if !isTokenVolume(m.Name) {
			all = append(all, draw.Mount{Volume: m.Name, Path: m.MountPath, ReadOnly: m.ReadOnly})
		}
	}
	return all
}

// isTokenVolume says whether a volume is the one that every pod is given for its service account.
func isTokenVolume(name string) bool { return strings.HasPrefix(name, "kube-api-access-") }

func drawVolumes(pod *corev1.Pod) []draw.Volume {
	var all []draw.Volume
	for i := range pod.Spec.Volumes {
		if v := &pod.Spec.Volumes[i]; !isTokenVolume(v.Name) {
			all = append(all, draw.Volume{Name: v.Name, Kind: volumeKind(&v.VolumeSource)})
		}
	}
	return all
}

// volumeKind is the field of a volume's source that is set: the kinds are the API's.
func volumeKind(s *corev1.VolumeSource) string {
	switch {
	case s.EmptyDir != nil:
		return "emptyDir"
	case s.ConfigMap != nil:
		return "configMap"
	case s.Secret != nil:
		return "secret"
	case s.DownwardAPI != nil:
		return "downwardAPI"
	case s.Projected != nil:
		return "projected"
	case s.HostPath != nil:
		return "hostPath"
	case s.PersistentVolumeClaim != nil:
		return "claim " + s.PersistentVolumeClaim.ClaimName
	case s.Ephemeral != nil:
		return "ephemeral"
	case s.Image != nil:
		return "image"
	case s.CSI != nil:
		return "csi"
	case s.NFS != nil:
		return "nfs"
	}
	return "volume"
}
