package controllers

import (
	"maps"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
)

const (
	rootCAName        = "kube-root-ca.crt"
	rootCAKey         = "ca.crt"
	descriptionKey    = "kubernetes.io/description"
	rootCADescription = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal " +
		"service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
)

// RootCA keeps a config map "kube-root-ca.crt" with the cluster's root certificate in every active namespace, which
// the token volume of each pod takes it from. One that was changed is put right.
type RootCA struct{ resident }

// NewRootCA returns the controller for a certificate in PEM. Run it once.
func NewRootCA(a *api.API, pem []byte) *RootCA {
	data := map[string]string{rootCAKey: string(pem)}
	return &RootCA{resident{
		api: a, row: registry.ConfigMaps, name: rootCAName, queue: newQueue[string](),
		set: func(o store.Object) {
			cm := o.(*corev1.ConfigMap)
			cm.Data = maps.Clone(data)
			if cm.Annotations == nil {
				cm.Annotations = map[string]string{}
			}
			cm.Annotations[descriptionKey] = rootCADescription
		},
		right: func(o store.Object) bool {
			cm := o.(*corev1.ConfigMap)
			return maps.Equal(cm.Data, data) && cm.Annotations[descriptionKey] != ""
		},
	}}
}
