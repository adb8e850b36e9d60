package controllers

import (
	"context"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// PersistentVolume binds claims to volumes, makes the volumes of claims whose class has minikube's provisioner, takes back those that
// are released, and keeps claims and volumes that are in use from going: the persistentvolume-binder, the two protection controllers,
// and that provisioner. A volume has no content here.
type PersistentVolume struct {
	api         *api.API
	recorder    *events.Recorder
	provisioner *events.Recorder
	identity    string // of the provisioner
	queue       *queue[volumeKey]
}

// volumeKey is a claim or, without a namespace, a volume.
type volumeKey struct{ types.NamespacedName }

// NewPersistentVolume returns the controller. Run it once.
func NewPersistentVolume(a *api.API) *PersistentVolume {
	identity := string(a.NewUID("volume provisioner"))
	return &PersistentVolume{
		api: a, identity: identity, queue: newQueue[volumeKey](),
		recorder:    events.New(a, "persistentvolume-controller", ""),
		provisioner: events.New(a, Provisioner+"_minikube_"+identity, ""),
	}
}

// Run works until ctx ends.
func (c *PersistentVolume) Run(ctx context.Context) {
	more := func() []schema.GroupResource { return resourcesOf(registry.StorageClasses, registry.Pods) }
	watchOnceNeeded(ctx, c.api, c.queue, c.observe, c.sync, more, registry.PersistentVolumeClaims, registry.PersistentVolumes)
}

func (c *PersistentVolume) observe(e store.Event) {
	switch obj := e.Object.(type) {
	case *corev1.PersistentVolumeClaim:
		c.queue.add(volumeKey{nameOf(obj)})
		if obj.Spec.VolumeName != "" {
			c.queue.add(volumeKey{types.NamespacedName{Name: obj.Spec.VolumeName}})
		}
	case *corev1.PersistentVolume:
		c.queue.add(volumeKey{nameOf(obj)})
		if ref := obj.Spec.ClaimRef; ref != nil {
			c.queue.add(volumeKey{types.NamespacedName{Namespace: ref.Namespace, Name: ref.Name}})
		} else if obj.Status.Phase == corev1.VolumeAvailable {
			c.wakePending()
		}
	case *storagev1.StorageClass:
		if e.Type != deleted {
			c.wakePending()
		}
	case *corev1.Pod:
		if e.Type == deleted || e.Old == nil || e.Old.(*corev1.Pod).Status.Phase != obj.Status.Phase || e.Old.(*corev1.Pod).Spec.NodeName != obj.Spec.NodeName {
			c.wakeClaimsOf(obj)
		}
	}
}

// wakePending has all claims synced that wait for a volume. A real controller looks at them every 15 seconds.
func (c *PersistentVolume) wakePending() {
	objects, _ := c.api.List(registry.PersistentVolumeClaims, "")
	for _, obj := range objects {
		if obj.(*corev1.PersistentVolumeClaim).Status.Phase == corev1.ClaimPending {
			c.queue.add(volumeKey{nameOf(obj)})
		}
	}
}

func (c *PersistentVolume) wakeClaimsOf(pod *corev1.Pod) {
	for i := range pod.Spec.Volumes {
		if name := claimName(pod, &pod.Spec.Volumes[i]); name != "" {
			c.queue.add(volumeKey{types.NamespacedName{Namespace: pod.Namespace, Name: name}})
		}
	}
}

// claimName is the claim that a volume of a pod is, empty if it is none. The claim of an ephemeral volume is named after both.
func claimName(pod *corev1.Pod, v *corev1.Volume) string {
	switch {
	case v.PersistentVolumeClaim != nil:
		return v.PersistentVolumeClaim.ClaimName
	case v.Ephemeral != nil:
		return pod.Name + "-" + v.Name
	}
	return ""
}

// podsWith are the pods that refer to a claim, sorted by name.
func (c *PersistentVolume) podsWith(claim *corev1.PersistentVolumeClaim) []*corev1.Pod {
	objects, _ := c.api.List(registry.Pods, claim.Namespace)
	var pods []*corev1.Pod
	for _, obj := range objects {
		pod := obj.(*corev1.Pod)
		if slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool { return claimName(pod, &v) == claim.Name }) {
			pods = append(pods, pod)
		}
	}
	return pods
}

func (c *PersistentVolume) sync(_ context.Context, key volumeKey) error {
	if key.Namespace == "" {
		v := c.volume(key.Name)
		if v == nil {
			return nil
		}
		return ignoreNotFound(c.syncVolume(v))
	}
	claim := c.claim(key.Namespace, key.Name)
	if claim == nil {
		return nil
	}
	if err := c.syncClaim(claim); err != nil {
		return ignoreNotFound(err)
	}
	return ignoreNotFound(c.protectClaim(key.NamespacedName))
}

// volume finds a volume by its name; nil if there is none. So does claim.
func (c *PersistentVolume) volume(name string) *corev1.PersistentVolume {
	obj, err := c.api.Get(registry.PersistentVolumes, "", name)
	if err != nil {
		return nil
	}
	return obj.(*corev1.PersistentVolume)
}

func (c *PersistentVolume) claim(namespace, name string) *corev1.PersistentVolumeClaim {
	obj, err := c.api.Get(registry.PersistentVolumeClaims, namespace, name)
	if err != nil {
		return nil
	}
	return obj.(*corev1.PersistentVolumeClaim)
}

// updateClaim changes the very version of a claim that it is given, and returns what became of it. So does updateVolume.
func (c *PersistentVolume) updateClaim(claim *corev1.PersistentVolumeClaim, o api.WriteOptions, change func(*corev1.PersistentVolumeClaim)) (*corev1.PersistentVolumeClaim, error) {
	obj, err := c.api.Update(registry.PersistentVolumeClaims, claim.Namespace, claim.Name, o, func(obj store.Object) error {
		obj.SetResourceVersion(claim.ResourceVersion)
		change(obj.(*corev1.PersistentVolumeClaim))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return obj.(*corev1.PersistentVolumeClaim), nil
}

func (c *PersistentVolume) updateVolume(v *corev1.PersistentVolume, o api.WriteOptions, change func(*corev1.PersistentVolume)) (*corev1.PersistentVolume, error) {
	obj, err := c.api.Update(registry.PersistentVolumes, "", v.Name, o, func(obj store.Object) error {
		obj.SetResourceVersion(v.ResourceVersion)
		change(obj.(*corev1.PersistentVolume))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return obj.(*corev1.PersistentVolume), nil
}
