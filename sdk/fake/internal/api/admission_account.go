package api

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

const (
	// defaultAccount is the service account of pods that name none.
	defaultAccount = "default"
	// accountWait is how long a new pod waits for its namespace's service account, which a controller makes a moment
	// after the namespace, as the ServiceAccount admission plugin does.
	accountWait = 300 * time.Millisecond
	// enforceSecrets has the pods of a service account use only the secrets that the account lists.
	enforceSecrets = "kubernetes.io/enforce-mountable-secrets"
)

// accountOf returns the service account of a new pod, and refuses a pod whose account does not exist, as the
// ServiceAccount plugin does.
func (a *API) accountOf(pod *corev1.Pod) (*corev1.ServiceAccount, error) {
	accounts := registry.ServiceAccounts
	if a.Table.ForKind(accounts.GroupVersionKind().GroupKind()) == nil {
		return &corev1.ServiceAccount{}, nil
	}
	name := pod.Spec.ServiceAccountName
	if name == "" {
		name = defaultAccount
	}
	found, err := a.Store.Get(accounts.StoreKey(), pod.Namespace, name)
	if err != nil && name == defaultAccount && a.await(accounts, pod.Namespace, name) { // a controller makes that one
		found, err = a.Store.Get(accounts.StoreKey(), pod.Namespace, name)
	}
	if err != nil {
		return nil, forbidPod(pod, fmt.Errorf("error looking up service account %s/%s: serviceaccount %q not found", pod.Namespace, name, name))
	}
	return found.(*corev1.ServiceAccount), nil
}

func forbidPod(pod *corev1.Pod, why error) error {
	return apierrors.NewForbidden(registry.Pods.GroupResource(), nameOf(pod), why)
}

// pullSecretsOf are the pull secrets of a service account, as its pods have them.
func pullSecretsOf(account *corev1.ServiceAccount) []corev1.LocalObjectReference {
	return slices.Clone(account.ImagePullSecrets)
}

// enforcesSecrets says whether the pods of an account may use only the secrets that it lists.
func enforcesSecrets(account *corev1.ServiceAccount) bool {
	enforce, _ := strconv.ParseBool(account.Annotations[enforceSecrets])
	return enforce
}

// limitSecrets refuses a pod that refers to a secret that its service account does not list, if the account asks for that, as
// limitSecretReferences does.
func limitSecrets(pod *corev1.Pod, account *corev1.ServiceAccount) error {
	if !enforcesSecrets(account) {
		return nil
	}
	const why = "is not allowed because service account %s does not reference that"
	for _, v := range pod.Spec.Volumes {
		if s := v.Secret; s != nil && !lists(account, s.SecretName) {
			return forbidPod(pod, fmt.Errorf("volume with secret.secretName=\"%s\" "+why+" secret", s.SecretName, account.Name))
		}
	}
	for _, c := range pod.Spec.InitContainers {
		if err := limitEnv("init container", c.Name, c.Env, c.EnvFrom, account); err != nil {
			return forbidPod(pod, err)
		}
	}
	for _, c := range pod.Spec.Containers {
		if err := limitEnv("container", c.Name, c.Env, c.EnvFrom, account); err != nil {
			return forbidPod(pod, err)
		}
	}
	for i, s := range pod.Spec.ImagePullSecrets {
		if !slices.Contains(account.ImagePullSecrets, s) {
			return forbidPod(pod, fmt.Errorf("imagePullSecrets[%d].name=\"%s\" "+why+" imagePullSecret", i, s.Name, account.Name))
		}
	}
	return nil
}

// limitEnv is limitSecrets for the environment of one container.
func limitEnv(what, container string, env []corev1.EnvVar, from []corev1.EnvFromSource, account *corev1.ServiceAccount) error {
	refuse := func(by, secret string) error {
		return fmt.Errorf("%s %s with %s referencing secret.secretName=\"%s\" is not allowed because service account %s does not reference that secret",
			what, container, by, secret, account.Name)
	}
	for _, e := range env {
		if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil && !lists(account, e.ValueFrom.SecretKeyRef.Name) {
			return refuse("envVar "+e.Name, e.ValueFrom.SecretKeyRef.Name)
		}
	}
	for _, f := range from {
		if f.SecretRef != nil && !lists(account, f.SecretRef.Name) {
			return refuse("envFrom", f.SecretRef.Name)
		}
	}
	return nil
}

func lists(account *corev1.ServiceAccount, secret string) bool {
	return slices.ContainsFunc(account.Secrets, func(r corev1.ObjectReference) bool { return r.Name == secret })
}

// checkEphemeralSecrets is limitSecrets for ephemeral containers, whose refusal a real server does not dress up as Forbidden.
func (a *API) checkEphemeralSecrets(pod *corev1.Pod, o WriteOptions) error {
	if o.Subresource != "ephemeralcontainers" {
		return nil
	}
	account, err := a.accountOf(pod)
	if err != nil || !enforcesSecrets(account) {
		return err
	}
	for _, c := range pod.Spec.EphemeralContainers {
		if err := limitEnv("ephemeral container", c.Name, c.Env, c.EnvFrom, account); err != nil {
			return err
		}
	}
	return nil
}

// await says whether an object is there, or comes within accountWait.
func (a *API) await(r *registry.Resource, namespace, name string) bool {
	exists := func() bool {
		_, err := a.Store.Get(r.StoreKey(), namespace, name)
		return err == nil
	}
	if exists() {
		return true
	}
	w, err := a.Store.Watch(a.Store.Version(), r.StoreKey())
	if err != nil {
		return false
	}
	defer w.Close()
	timeout := time.NewTimer(accountWait)
	defer timeout.Stop()
	for !exists() {
		select {
		case <-w.Ready():
			for {
				if _, more, err := w.Poll(); err != nil {
					return false
				} else if !more {
					break
				}
			}
		case <-timeout.C:
			return exists()
		}
	}
	return true
}
