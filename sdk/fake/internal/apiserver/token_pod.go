package apiserver

import (
	"fmt"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
)

// PodToken gives out a token of a pod's service account that is bound to the pod, as its kubelet asks for one for a volume.
func (s *Server) PodToken(pod *corev1.Pod, projection *corev1.ServiceAccountTokenProjection) (string, error) {
	r := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: projection.ExpirationSeconds,
		BoundObjectRef:    &authenticationv1.BoundObjectReference{APIVersion: "v1", Kind: "Pod", Name: pod.Name, UID: pod.UID},
	}}
	if projection.Audience != "" {
		r.Spec.Audiences = []string{projection.Audience}
	}
	account := pod.Spec.ServiceAccountName
	obj, err := s.requestToken(nil, r, target{namespace: pod.Namespace, name: account})
	if err != nil {
		return "", fmt.Errorf("failed to fetch token: %w", err)
	}
	return obj.(*authenticationv1.TokenRequest).Status.Token, nil
}
