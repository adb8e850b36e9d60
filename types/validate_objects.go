package types

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// namespace is ValidateNamespace.
func (r *report) namespace(ns *corev1.Namespace) {
	r.metadata(&ns.ObjectMeta, false, apivalidation.ValidateNamespaceName)
	at := field.NewPath("spec", "finalizers")
	for _, name := range ns.Spec.Finalizers {
		r.add(apivalidation.ValidateFinalizerName(string(name), at)...)
		r.kubeFinalizer(at, string(name))
	}
}

// node is ValidateNode; taints are reported under the metadata, as the server does.
func (r *report) node(node *corev1.Node) {
	r.metadata(&node.ObjectMeta, false, apivalidation.NameIsDNSSubdomain)
	r.taints(field.NewPath("metadata", "taints"), node.Spec.Taints)
	for _, part := range []struct {
		name string
		list corev1.ResourceList
	}{{"capacity", node.Status.Capacity}, {"allocatable", node.Status.Allocatable}} {
		for _, name := range sortedKeys(part.list) {
			r.quantity(field.NewPath("status", part.name, string(name)), name, part.list[name])
		}
	}
	r.podCIDRs(field.NewPath("spec", "podCIDRs"), node.Spec.PodCIDRs)
}

// podCIDRs wants one block for each IP family at most.
func (r *report) podCIDRs(at *field.Path, blocks []string) {
	families := map[bool]bool{}
	for i, block := range blocks {
		r.add(validation.IsValidCIDRForLegacyField(at.Index(i), block, false, nil)...)
		families[strings.Contains(block, ":")] = true
	}
	if len(blocks) < 2 {
		return
	}
	if len(families) != 2 || len(blocks) > 2 {
		r.invalid(at, blocks, "may specify no more than one CIDR for each IP family")
	}
	seen := map[string]bool{}
	for i, block := range blocks {
		if seen[block] {
			r.add(field.Duplicate(at.Index(i), block))
		}
		seen[block] = true
	}
}

// taints is validateNodeTaints.
func (r *report) taints(at *field.Path, taints []corev1.Taint) {
	seen := map[string]bool{}
	for i, t := range taints {
		one := at.Index(i)
		r.messages(one.Child("key"), t.Key, validation.IsQualifiedName(t.Key))
		if messages := validation.IsValidLabelValue(t.Value); len(messages) > 0 {
			r.invalid(one.Child("value"), t.Value, strings.Join(messages, ";"))
		}
		if t.Effect == "" {
			r.required(one.Child("effect"), "")
		} else {
			r.taintEffect(one.Child("effect"), t.Effect)
		}
		if id := string(t.Effect) + "/" + t.Key; seen[id] {
			twice := field.Duplicate(one, internal{t})
			twice.Detail = "taints must be unique by key and effect pair"
			r.add(twice)
		} else {
			seen[id] = true
		}
	}
}

// configMap is ValidateConfigMap.
func (r *report) configMap(m *corev1.ConfigMap) {
	r.metadata(&m.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	size := 0
	for _, key := range sortedKeys(m.Data) {
		at := field.NewPath("data").Key(key)
		r.messages(at, key, validation.IsConfigMapKey(key))
		if _, ok := m.BinaryData[key]; ok {
			r.invalid(at, key, "duplicate of key present in binaryData")
		}
		size += len(m.Data[key])
	}
	for _, key := range sortedKeys(m.BinaryData) {
		r.messages(field.NewPath("binaryData").Key(key), key, validation.IsConfigMapKey(key))
		size += len(m.BinaryData[key])
	}
	if size > corev1.MaxSecretSize {
		r.add(field.TooLong(field.NewPath(""), "", corev1.MaxSecretSize))
	}
}

// secretKeys are the data that secrets of a type must have; one of several rows of a type is enough if any is set.
var secretKeys = map[corev1.SecretType][]string{
	corev1.SecretTypeDockercfg:        {corev1.DockerConfigKey},
	corev1.SecretTypeDockerConfigJson: {corev1.DockerConfigJsonKey},
	corev1.SecretTypeSSHAuth:          {corev1.SSHAuthPrivateKey},
	corev1.SecretTypeTLS:              {corev1.TLSCertKey, corev1.TLSPrivateKeyKey},
}

// secret is ValidateSecret. What Data holds counts: the server has moved StringData there by then.
func (r *report) secret(s *corev1.Secret) {
	r.metadata(&s.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	data, size := field.NewPath("data"), 0
	for _, key := range sortedKeys(s.Data) {
		r.messages(data.Key(key), key, validation.IsConfigMapKey(key))
		size += len(s.Data[key])
	}
	if size > corev1.MaxSecretSize {
		r.add(field.TooLong(data, "", corev1.MaxSecretSize))
	}
	switch s.Type {
	case corev1.SecretTypeServiceAccountToken:
		r.present(field.NewPath("metadata", "annotations").Key(corev1.ServiceAccountNameKey), s.Annotations[corev1.ServiceAccountNameKey])
		return
	case corev1.SecretTypeBasicAuth:
		_, user := s.Data[corev1.BasicAuthUsernameKey]
		if _, password := s.Data[corev1.BasicAuthPasswordKey]; !user && !password {
			r.required(data.Key(corev1.BasicAuthUsernameKey), "")
			r.required(data.Key(corev1.BasicAuthPasswordKey), "")
		}
		return
	}
	for _, key := range secretKeys[s.Type] {
		value, ok := s.Data[key]
		if !ok || s.Type == corev1.SecretTypeSSHAuth && len(value) == 0 {
			r.required(data.Key(key), "")
			continue
		}
		if s.Type == corev1.SecretTypeDockercfg || s.Type == corev1.SecretTypeDockerConfigJson {
			if err := json.Unmarshal(value, &map[string]any{}); err != nil {
				r.invalid(data.Key(key), "<secret contents redacted>", err.Error())
			}
		}
	}
}

// event checks the namespace of what an event is about, as legacyValidateEvent does.
func (r *report) event(e *corev1.Event) {
	r.metadata(&e.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	about, at := e.InvolvedObject.Namespace, field.NewPath("involvedObject", "namespace")
	switch {
	case about == "" && e.Namespace != "" && e.Namespace != corev1.NamespaceDefault && e.Namespace != "kube-system":
		r.invalid(at, about, "does not match event.namespace")
	case about != "" && about != e.Namespace:
		r.invalid(at, about, "does not match event.namespace")
	}
}
