package kubelet

import (
	"fmt"
	"slices"

	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// effective is the security context of a container, with what it takes over from its pod.
func effective(pod *corev1.Pod, spec *corev1.Container) corev1.SecurityContext {
	var s corev1.SecurityContext
	if spec.SecurityContext != nil {
		s = *spec.SecurityContext
	}
	if p := pod.Spec.SecurityContext; p != nil {
		if s.RunAsUser == nil {
			s.RunAsUser = p.RunAsUser
		}
		if s.RunAsGroup == nil {
			s.RunAsGroup = p.RunAsGroup
		}
		if s.RunAsNonRoot == nil {
			s.RunAsNonRoot = p.RunAsNonRoot
		}
	}
	return s
}

// credentials are who the processes of a container run as: as the specs say, or else as the image does, which is root unless it
// names somebody.
func credentials(image *Image, pod *corev1.Pod, spec *corev1.Container) podfs.Credentials {
	s := effective(pod, spec)
	who := podfs.Credentials{UID: image.User}
	if s.RunAsUser != nil {
		who.UID = int(*s.RunAsUser)
	}
	if s.RunAsGroup != nil {
		who.GID = int(*s.RunAsGroup)
	}
	if p := pod.Spec.SecurityContext; p != nil {
		for _, g := range p.SupplementalGroups {
			who.Groups = append(who.Groups, int(g))
		}
		if p.FSGroup != nil && !slices.Contains(who.Groups, int(*p.FSGroup)) {
			who.Groups = append(who.Groups, int(*p.FSGroup))
		}
	}
	return who
}

// verifyNonRoot refuses a container that must not run as root and would, as verifyRunAsNonRoot does.
func verifyNonRoot(image *Image, pod *corev1.Pod, spec *corev1.Container) error {
	s := effective(pod, spec)
	about := fmt.Sprintf("(pod: %q, container: %s)", podText(pod), spec.Name)
	switch {
	case !isTrue(s.RunAsNonRoot):
		return nil
	case s.RunAsUser != nil && *s.RunAsUser == 0:
		return fmt.Errorf("container's runAsUser breaks non-root policy %s", about)
	case s.RunAsUser == nil && image.User == 0:
		return fmt.Errorf("container has runAsNonRoot and image will run as root %s", about)
	}
	return nil
}
