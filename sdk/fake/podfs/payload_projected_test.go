package podfs

import (
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestProjectedPayload(t *testing.T) {
	missing := apierrors.NewNotFound(schema.GroupResource{Resource: "configmaps"}, "gone")
	p := Projection{
		Pod: pod, DefaultMode: standard,
		ConfigMap: func(name string) (*corev1.ConfigMap, error) {
			if name == "gone" {
				return nil, missing
			}
			return &corev1.ConfigMap{Data: map[string]string{"a": name, "b": name}}, nil
		},
		Secret: func(string) (*corev1.Secret, error) {
			return &corev1.Secret{Data: map[string][]byte{"b": []byte("secret")}}, nil
		},
		Token: func(s *corev1.ServiceAccountTokenProjection) (string, error) { return "token for " + s.Audience, nil },
	}
	local := func(name string) corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: name} }
	sources := []corev1.VolumeProjection{
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: local("ca")}},
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: local("gone"), Optional: new(true)}},
		{Secret: &corev1.SecretProjection{LocalObjectReference: local("s")}},
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", Audience: "api"}},
		{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
			{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}}}}},
	}
	want := Payload{
		"a": {Data: []byte("ca"), Mode: 0o644}, "b": {Data: []byte("secret"), Mode: 0o644},
		"token": {Data: []byte("token for api"), Mode: 0o644}, "namespace": {Data: []byte("shop"), Mode: 0o644},
	}
	got, err := ProjectedPayload(sources, p)
	ok(t, err)
	equal(t, want, got)

	p.FSGroup, p.FSUser = new(int64(5)), new(int64(6))
	got, err = ProjectedPayload(sources, p)
	ok(t, err)
	equal(t, PayloadFile{Data: []byte("token for api"), Mode: 0o600, User: new(int64(6))}, got["token"])

	bad := []corev1.VolumeProjection{
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: local("gone")}},
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: local("x"), Items: []corev1.KeyToPath{{Key: "k", Path: "k"}}}},
		{ClusterTrustBundle: &corev1.ClusterTrustBundleProjection{}},
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}},
	}
	p.Token = func(*corev1.ServiceAccountTokenProjection) (string, error) { return "", errors.New("no key") }
	_, err = ProjectedPayload(bad, p)
	words(t, `[configmaps "gone" not found, configmap references non-existent config key: k, `+errNoSource.Error()+`, no key]`, err)
	_, err = ProjectedPayload(bad[:1], Projection{DefaultMode: standard})
	words(t, errNoLookup.Error(), err)
}
