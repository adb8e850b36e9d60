package kubelet

import (
	"errors"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// tokens makes tokens of a pod's service account.
type tokens func(*corev1.Pod, *corev1.ServiceAccountTokenProjection) (string, error)

// payload is what a volume shows of objects of the API, as they are now.
func (w *worker) payload(pod *corev1.Pod, v *corev1.VolumeSource, token tokens) (podfs.Payload, error) {
	switch {
	case v.ConfigMap != nil:
		object, err := w.configMapObject(pod.Namespace, v.ConfigMap.Name, isTrue(v.ConfigMap.Optional))
		if err != nil {
			return nil, err
		}
		return podfs.ConfigMapPayload(object, v.ConfigMap.Items, v.ConfigMap.DefaultMode, isTrue(v.ConfigMap.Optional))
	case v.Secret != nil:
		object, err := w.secretObject(pod.Namespace, v.Secret.SecretName, isTrue(v.Secret.Optional))
		if err != nil {
			return nil, err
		}
		return podfs.SecretPayload(object, v.Secret.Items, v.Secret.DefaultMode, isTrue(v.Secret.Optional))
	case v.DownwardAPI != nil:
		return podfs.DownwardPayload(pod, v.DownwardAPI.Items, v.DownwardAPI.DefaultMode, w.resourceOf(pod))
	}
	p := podfs.Projection{
		Pod: pod, DefaultMode: v.Projected.DefaultMode, FSGroup: fsGroup(pod), FSUser: fsUser(pod), Resource: w.resourceOf(pod),
		ConfigMap: func(name string) (*corev1.ConfigMap, error) { return w.configMapObject(pod.Namespace, name, false) },
		Secret:    func(name string) (*corev1.Secret, error) { return w.secretObject(pod.Namespace, name, false) },
		Token: func(t *corev1.ServiceAccountTokenProjection) (string, error) {
			if token == nil {
				return "", errors.New("nobody gives out tokens")
			}
			return token(pod, t)
		},
	}
	return podfs.ProjectedPayload(v.Projected.Sources, p)
}

// fsUser is the one user that all containers of the pod run as, nil if there is none.
func fsUser(pod *corev1.Pod) *int64 {
	var user *int64
	for i := range pod.Spec.Containers {
		u := effective(pod, &pod.Spec.Containers[i]).RunAsUser
		if u == nil || user != nil && *u != *user {
			return nil
		}
		user = u
	}
	return user
}

func (w *worker) resourceOf(pod *corev1.Pod) podfs.ResourceValue {
	return func(ref *corev1.ResourceFieldSelector) (string, error) { return w.resourceValue(pod, nil, ref) }
}

// configMapObject is a ConfigMap; one that is optional and missing is nil. Otherwise it answers the API's NotFound, in the kubelet's words.
func (w *worker) configMapObject(namespace, name string, optional bool) (*corev1.ConfigMap, error) {
	obj, err := w.k.config.API.Get(registry.ConfigMaps, namespace, name)
	if err != nil {
		return nil, absent(missing("configmap", name, &optional, err), err)
	}
	return obj.(*corev1.ConfigMap), nil
}

func (w *worker) secretObject(namespace, name string, optional bool) (*corev1.Secret, error) {
	obj, err := w.k.config.API.Get(registry.Secrets, namespace, name)
	if err != nil {
		return nil, absent(missing("secret", name, &optional, err), err)
	}
	return obj.(*corev1.Secret), nil
}

// absent is err in other words, and still is what it was.
func absent(worded, err error) error {
	if worded == nil {
		return nil
	}
	return notFound{worded, err}
}

// notFound reads as one error and is another.
type notFound struct {
	error
	is error
}

func (e notFound) Unwrap() error { return e.is }

// refresh brings the volumes that show objects of the API up to date. A kubelet does so within a minute or two; here it is at once.
func (w *worker) refresh(pod *corev1.Pod) {
	w.volumes.mu.Lock()
	defer w.volumes.mu.Unlock()
	for i := range pod.Spec.Volumes {
		v := &pod.Spec.Volumes[i]
		shown, ok := w.volumes.opened[v.Name].(*podfs.Projected)
		if !ok {
			continue
		}
		payload, err := w.payload(pod, &v.VolumeSource, w.k.config.Token)
		if err == nil {
			_, err = shown.Update(payload)
		}
		if err != nil { // it stays as it was
			w.warn(pod, nil, eventFailedMount, "MountVolume.SetUp failed for volume \""+v.Name+"\" : "+err.Error())
		}
	}
}
