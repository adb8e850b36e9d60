package api_test

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestAccountsThatLimitSecrets: the pods of an account that asks for it use only the secrets that it lists.
func TestAccountsThatLimitSecrets(t *testing.T) {
	const why = " is not allowed because service account careful does not reference that "
	env := func(secret string) []corev1.EnvVar {
		return []corev1.EnvVar{{Name: "E", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: secret}, Key: "k",
		}}}}
	}
	from := func(secret string) []corev1.EnvFromSource {
		return []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: secret}}}}
	}
	for _, tt := range []struct {
		rule   string
		change func(*corev1.PodSpec)
		want   string // after "is forbidden: "
	}{
		{"none", func(*corev1.PodSpec) {}, ""},
		{"one that is listed", func(s *corev1.PodSpec) { s.Containers[0].Env = env("mine") }, ""},
		{"a volume", func(s *corev1.PodSpec) {
			s.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "other"}}}}
		}, `volume with secret.secretName="other"` + why + "secret"},
		{"a variable", func(s *corev1.PodSpec) { s.Containers[0].Env = env("other") },
			`container c with envVar E referencing secret.secretName="other"` + why + "secret"},
		{"all variables of an init container", func(s *corev1.PodSpec) {
			s.InitContainers = []corev1.Container{{Name: "i", Image: "i", EnvFrom: from("other")}}
		}, `init container i with envFrom referencing secret.secretName="other"` + why + "secret"},
		{"a pull secret", func(s *corev1.PodSpec) { s.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "other"}} },
			`imagePullSecrets[0].name="other"` + why + "imagePullSecret"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a := newAPI(t)
			mustCreate(t, a, registry.ServiceAccounts, &corev1.ServiceAccount{
				ObjectMeta: metav1.ObjectMeta{Name: "careful", Namespace: "default", Annotations: map[string]string{"kubernetes.io/enforce-mountable-secrets": "true"}},
				Secrets:    []corev1.ObjectReference{{Name: "mine"}}, ImagePullSecrets: []corev1.LocalObjectReference{{Name: "pull"}},
			})
			p := pod("p")
			p.Spec.ServiceAccountName = "careful"
			tt.change(&p.Spec)
			_, err := a.Create(registry.Pods, p, api.WriteOptions{Manager: "test"})
			if want := `pods "p" is forbidden: ` + tt.want; tt.want != "" && (err == nil || err.Error() != want) || tt.want == "" && err != nil {
				t.Errorf("err = %v\nwant  %s", err, want)
			}
		})
	}
}
