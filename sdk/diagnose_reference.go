package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// podReference is one place where a pod's spec names a ConfigMap, a Secret or a ServiceAccount.
type podReference struct {
	kind
	name      string
	key       string // of the ConfigMap or Secret; empty for all
	container string // that wants it; empty for the pod as a whole
}

// missingReferences looks for what a pod waits for that is not there.
func missingReferences(ctx context.Context, p *podCase) []Finding {
	if !waitsForReferences(p.pod) {
		return nil
	}
	var found []Finding
	for _, r := range referencesOf(&p.pod.Spec) {
		if f, missing := p.missing(ctx, r); missing {
			found = append(found, f)
		}
	}
	return found
}

// waitsForReferences reports whether a container is in a state in which what is missing may be why. With a secret that cannot be read there
// is no need to ask for it where the pod runs.
func waitsForReferences(pod *corev1.Pod) bool {
	if pod.Spec.NodeName == "" || hasEnded(pod) || pod.DeletionTimestamp != nil {
		return false
	}
	return slices.ContainsFunc(statusesOf(pod), func(s corev1.ContainerStatus) bool {
		w := s.State.Waiting
		return w != nil && slices.Contains([]string{"ContainerCreating", "PodInitializing", "CreateContainerConfigError"}, w.Reason)
	})
}

// statusesOf are the statuses of all containers, in the order in which they start.
func statusesOf(pod *corev1.Pod) []corev1.ContainerStatus {
	return slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses)
}

// missing says what is not there of a reference.
func (p *podCase) missing(ctx context.Context, r podReference) (Finding, bool) {
	var has func(string) bool
	a := answer{}
	reason := FindingConfigMapMissing
	switch r.kind {
	case configMapKind:
		a = p.read(ctx, configMapKind, p.pod.Namespace, r.name, &corev1.ConfigMap{})
		if cm, ok := a.object.(*corev1.ConfigMap); ok {
			has = func(key string) bool { return hasKey(cm.Data, key) || hasKey(cm.BinaryData, key) }
		}
	case secretKind:
		reason = FindingSecretMissing
		a = p.read(ctx, secretKind, p.pod.Namespace, r.name, &corev1.Secret{})
		if s, ok := a.object.(*corev1.Secret); ok {
			has = func(key string) bool { return hasKey(s.Data, key) }
		}
	case serviceAccountKind:
		reason = FindingServiceAccountMissing
		a = p.read(ctx, serviceAccountKind, p.pod.Namespace, r.name, &corev1.ServiceAccount{})
	}
	f := Finding{Severity: SeverityProblem, Subject: subjectOf(p.pod, r.container)}
	switch {
	case a.missing:
		f.Reason, f.Message = reason, fmt.Sprintf("waits for the %s %s, which is not there", r.Kind, r.name)
		f.Hint = fmt.Sprintf("create it in namespace %s, and the pod goes on", p.pod.Namespace)
		return f, true
	case r.key != "" && has != nil && !has(r.key):
		f.Reason, f.Message = FindingKeyMissing, fmt.Sprintf("waits for the key %s of the %s %s, which has no such key", r.key, r.Kind, r.name)
		f.Hint = "add the key, or name one that is there"
		return f, true
	}
	return f, false
}

func hasKey[V any](m map[string]V, key string) bool {
	_, ok := m[key]
	return ok
}

// referencesOf lists what a pod cannot run without, each place once, in the order of the spec.
func referencesOf(spec *corev1.PodSpec) []podReference {
	var all []podReference
	add := func(k kind, name, key, container string, optional *bool) {
		r := podReference{k, name, key, container}
		if name != "" && (optional == nil || !*optional) && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	add(serviceAccountKind, spec.ServiceAccountName, "", "", nil)
	for _, v := range spec.Volumes {
		volumeReferences(v, add)
	}
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		for _, from := range c.EnvFrom {
			if r := from.ConfigMapRef; r != nil {
				add(configMapKind, r.Name, "", c.Name, r.Optional)
			}
			if r := from.SecretRef; r != nil {
				add(secretKind, r.Name, "", c.Name, r.Optional)
			}
		}
		for _, e := range c.Env {
			if e.ValueFrom == nil {
				continue
			}
			if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
				add(configMapKind, r.Name, r.Key, c.Name, r.Optional)
			}
			if r := e.ValueFrom.SecretKeyRef; r != nil {
				add(secretKind, r.Name, r.Key, c.Name, r.Optional)
			}
		}
	}
	return all
}

func volumeReferences(v corev1.Volume, add func(k kind, name, key, container string, optional *bool)) {
	items := func(k kind, name string, items []corev1.KeyToPath, optional *bool) {
		if len(items) == 0 {
			add(k, name, "", "", optional)
		}
		for _, item := range items {
			add(k, name, item.Key, "", optional)
		}
	}
	if s := v.ConfigMap; s != nil {
		items(configMapKind, s.Name, s.Items, s.Optional)
	}
	if s := v.Secret; s != nil {
		items(secretKind, s.SecretName, s.Items, s.Optional)
	}
	if v.Projected == nil {
		return
	}
	for _, s := range v.Projected.Sources {
		if s.ConfigMap != nil {
			items(configMapKind, s.ConfigMap.Name, s.ConfigMap.Items, s.ConfigMap.Optional)
		}
		if s.Secret != nil {
			items(secretKind, s.Secret.Name, s.Secret.Items, s.Secret.Optional)
		}
	}
}

// unmountedPod looks at what the node says of volumes and of the pod's network, before the first container has started.
func unmountedPod(_ context.Context, p *podCase) []Finding {
	if p.pod.Spec.NodeName == "" || hasEnded(p.pod) || p.pod.DeletionTimestamp != nil || anyStarted(p.pod) {
		return nil
	}
	var found []Finding
	mount, n := lastEvent(p.events, becauseOf("FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedMountOnFilesystemMismatch"))
	if mount != nil && !hasFinding(p.found, "", FindingConfigMapMissing, FindingSecretMissing, FindingKeyMissing, FindingClaimMissing,
		FindingClaimPending) {
		found = append(found, p.says(SeverityProblem, FindingMountFailed, "", "waits for its volumes%s: %s", times(n), mount.Message))
	}
	sandbox, n := lastEvent(p.events, becauseOf("FailedCreatePodSandBox", "NetworkNotReady"))
	if sandbox != nil {
		hint := "look at the network plugin and the container runtime of node " + p.pod.Spec.NodeName
		found = append(found, p.says(SeverityProblem, FindingSandboxFailed, hint, "has no network namespace yet%s: %s", times(n), sandbox.Message))
	}
	return found
}

func anyStarted(pod *corev1.Pod) bool {
	return slices.ContainsFunc(statusesOf(pod), func(s corev1.ContainerStatus) bool {
		return s.State.Running != nil || s.State.Terminated != nil || s.RestartCount > 0 ||
			s.State.Waiting != nil && strings.Contains(s.State.Waiting.Reason, "Image")
	})
}
