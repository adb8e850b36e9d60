package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

func TestDiagnoseImages(t *testing.T) {
	runFaults(t, []fault{
		{name: "the image cannot be pulled", objects: []sdk.Object{faulty("nowhere/crane:v9")}, want: []string{"problem ImagePull: app main"},
			says: []string{"Pod default/app is not running", "waits for its image nowhere/crane:v9, which cannot be pulled (tried 3 times)", "no program is registered for this image"}},
		{name: "the image's name is none", objects: []sdk.Object{faulty("Crane")}, want: []string{"fatal InvalidImageName: app main"},
			says: []string{"couldn't parse image name"}},
		{name: "the image must not be pulled", objects: []sdk.Object{faulty("nowhere/crane:v9", func(p *corev1.Pod) { main(p).ImagePullPolicy = corev1.PullNever })},
			want: []string{"problem ErrImageNeverPull: app main"}, says: []string{"not present with pull policy of Never", "imagePullPolicy"}},
		{name: "a pull secret is missing", objects: []sdk.Object{faulty("nowhere/crane:v9", func(p *corev1.Pod) {
			p.Spec.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
		})}, want: []string{"problem ImagePull: app main", "problem SecretMissing: app"}, says: []string{"image pull secret registry, which is not there"}},
	})
}
