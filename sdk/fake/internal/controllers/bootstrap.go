package controllers

import (
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/ptr"
)

const (
	// serviceIP is the first address of the default service network, which the API server takes for itself.
	serviceIP = "10.96.0.1"
	// securePort is where kube-apiserver listens by default.
	securePort = 6443
)

// initialNamespaces are those of a fresh cluster.
var initialNamespaces = []string{metav1.NamespaceDefault, corev1.NamespaceNodeLease, metav1.NamespacePublic, metav1.NamespaceSystem}

// Bootstrap makes what a fresh cluster holds: its namespaces, each with its service account and root certificate, the
// service of the API, the priority classes of the system, minikube's storage class, and what the API server keeps in kube-system. Kinds that a does not serve are left out. It is
// done when it returns, so that nobody has to wait for controllers; call it once, before anything else writes.
func Bootstrap(a *api.API, o Options) error {
	for _, obj := range initialObjects(o) {
		row := a.Table.ForKind(obj.GetObjectKind().GroupVersionKind().GroupKind())
		if row == nil {
			continue
		}
		asServer := api.WriteOptions{Manager: "kube-apiserver", Shape: obj.GetName()}
		if _, err := a.Create(row, obj, asServer); err != nil {
			return fmt.Errorf("bootstrap: %s %s: %w", row.Singular, obj.GetName(), err)
		}
	}
	if err := bootstrapClass(a); err != nil {
		return fmt.Errorf("bootstrap: storage class: %w", err)
	}
	for _, c := range []*resident{&NewServiceAccount(a).resident, &NewRootCA(a, o.CA).resident} {
		if a.Table.ForKind(c.row.GroupVersionKind().GroupKind()) == nil {
			continue
		}
		for _, namespace := range initialNamespaces {
			if err := c.ensure(namespace); err != nil {
				return fmt.Errorf("bootstrap: %s %s/%s: %w", c.row.Singular, namespace, c.name, err)
			}
		}
	}
	return nil
}

// initialObjects are what the API server itself makes when it starts.
func initialObjects(o Options) []store.Object {
	var objects []store.Object
	for _, name := range initialNamespaces {
		objects = append(objects, of(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: map[string]string{corev1.LabelMetadataName: name},
		}}))
	}
	objects = append(objects, priorityClasses()...)
	objects = append(objects,
		of(registry.ConfigMaps, systemConfig("kube-apiserver-legacy-service-account-token-tracking", "since", time.Now().UTC().Format(time.DateOnly))),
		of(registry.ConfigMaps, systemConfig("extension-apiserver-authentication", "client-ca-file", string(o.CA))),
		of(registry.Services, apiService()),
	)
	return append(objects, apiEndpoints(o.Server)...)
}

func of(r *registry.Resource, obj store.Object) store.Object {
	obj.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	return obj
}

func systemConfig(name, key, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: metav1.NamespaceSystem, Name: name},
		Data:       map[string]string{key: value},
	}
}

// apiService is the service "kubernetes" by which pods reach the API.
func apiService() *corev1.Service {
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: metav1.NamespaceDefault, Name: "kubernetes",
			Labels: map[string]string{"component": "apiserver", "provider": "kubernetes"},
		},
		Spec: corev1.ServiceSpec{
			Ports: []corev1.ServicePort{{
				Name: "https", Protocol: corev1.ProtocolTCP, Port: 443, TargetPort: intstr.FromInt32(securePort),
			}},
			ClusterIP:             serviceIP,
			ClusterIPs:            []string{serviceIP},
			Type:                  corev1.ServiceTypeClusterIP,
			SessionAffinity:       corev1.ServiceAffinityNone,
			IPFamilies:            []corev1.IPFamily{corev1.IPv4Protocol},
			IPFamilyPolicy:        ptr.To(corev1.IPFamilyPolicySingleStack),
			InternalTrafficPolicy: ptr.To(corev1.ServiceInternalTrafficPolicyCluster),
		},
	}
}
