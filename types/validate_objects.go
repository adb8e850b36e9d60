package types

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// namespace is ValidateNamespace.
func (r *report) namespace(ns *corev1.Namespace) {
	r.Metadata(&ns.ObjectMeta, false, apivalidation.ValidateNamespaceName)
	at := field.NewPath("spec", "finalizers")
	for _, name := range ns.Spec.Finalizers {
		r.Add(apivalidation.ValidateFinalizerName(string(name), at)...)
		r.KubeFinalizer(at, string(name))
	}
}

// configMap is ValidateConfigMap.
func (r *report) configMap(m *corev1.ConfigMap) {
	r.Metadata(&m.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	size := 0
	for _, key := range sortedKeys(m.Data) {
		at := field.NewPath("data").Key(key)
		r.Messages(at, key, validation.IsConfigMapKey(key))
		if _, ok := m.BinaryData[key]; ok {
			r.Invalid(at, key, "duplicate of key present in binaryData")
		}
		size += len(m.Data[key])
	}
	for _, key := range sortedKeys(m.BinaryData) {
		r.Messages(field.NewPath("binaryData").Key(key), key, validation.IsConfigMapKey(key))
		size += len(m.BinaryData[key])
	}
	if size > corev1.MaxSecretSize {
		r.Add(field.TooLong(field.NewPath(""), "", corev1.MaxSecretSize))
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
	r.Metadata(&s.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	data, size := field.NewPath("data"), 0
	for _, key := range sortedKeys(s.Data) {
		r.Messages(data.Key(key), key, validation.IsConfigMapKey(key))
		size += len(s.Data[key])
	}
	if size > corev1.MaxSecretSize {
		r.Add(field.TooLong(data, "", corev1.MaxSecretSize))
	}
	switch s.Type {
	case corev1.SecretTypeServiceAccountToken:
		r.Present(field.NewPath("metadata", "annotations").Key(corev1.ServiceAccountNameKey), s.Annotations[corev1.ServiceAccountNameKey])
		return
	case corev1.SecretTypeBasicAuth:
		_, user := s.Data[corev1.BasicAuthUsernameKey]
		if _, password := s.Data[corev1.BasicAuthPasswordKey]; !user && !password {
			r.Required(data.Key(corev1.BasicAuthUsernameKey), "")
			r.Required(data.Key(corev1.BasicAuthPasswordKey), "")
		}
		return
	}
	for _, key := range secretKeys[s.Type] {
		value, ok := s.Data[key]
		if !ok || s.Type == corev1.SecretTypeSSHAuth && len(value) == 0 {
			r.Required(data.Key(key), "")
			continue
		}
		if s.Type == corev1.SecretTypeDockercfg || s.Type == corev1.SecretTypeDockerConfigJson {
			if err := json.Unmarshal(value, &map[string]any{}); err != nil {
				r.Invalid(data.Key(key), "<secret contents redacted>", err.Error())
			}
		}
	}
}
