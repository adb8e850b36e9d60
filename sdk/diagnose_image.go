package sdk

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// pullHints say what the words of registries and container runtimes mean. The first whose words are in the message counts.
var pullHints = []struct{ words, hint string }{
	{"toomanyrequests", "the registry limits how often one may pull: wait, or pull with credentials"},
	{"no basic auth", credentialsHint},
	{"unauthorized", credentialsHint},
	{"authentication required", credentialsHint},
	{"denied", credentialsHint},
	{"403 Forbidden", credentialsHint},
	{"no matching manifest", "the image is not built for the node's architecture"},
	{"no match for platform", "the image is not built for the node's architecture"},
	{"manifest unknown", "the registry has no such tag: check the image's name and tag"},
	{"not found", "the registry has no such image or tag: check its name"},
	{"does not exist", "the registry has no such image or tag: check its name"},
	{"x509", "the node does not trust the registry's certificate"},
	{"HTTP response to HTTPS client", "the registry speaks plain HTTP, which the node's container runtime must be told"},
	{"no such host", "the node cannot find the registry's address: check the name, and the node's DNS"},
	{"i/o timeout", reachHint},
	{"connection refused", reachHint},
	{"context deadline exceeded", reachHint},
	{"no space left", "the node's disk is full"},
}

const (
	credentialsHint = "the registry wants credentials, or has no such image: check its name, and give the pod imagePullSecrets"
	reachHint       = "the node does not reach the registry: check the network between them"
)

// imageNotPulled says why, how often it was tried, and whether the secrets for it are there.
func imageNotPulled(ctx context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	cause := w.Message
	failed, _ := lastEvent(c.events, func(e *corev1.Event) bool {
		return e.Reason == "Failed" && aboutContainer(e, c.status.Name) && strings.HasPrefix(e.Message, "Failed to pull image")
	})
	if w.Reason == "ImagePullBackOff" && failed != nil { // the status may tell of the pause only
		_, text, ok := strings.Cut(failed.Message, ": ")
		if ok {
			cause = text
		}
	}
	_, tries := lastEvent(c.events, func(e *corev1.Event) bool { return e.Reason == "Pulling" && aboutContainer(e, c.status.Name) })
	hint := ""
	for _, h := range pullHints {
		if hint == "" && strings.Contains(cause, h.words) {
			hint = h.hint
		}
	}
	tried := ""
	if tries > 1 {
		tried = fmt.Sprintf(" (tried %d times)", tries)
	}
	f := c.says(SeverityProblem, FindingImagePull, hint, "waits for its image %s, which cannot be pulled%s: %s", c.image(), tried, cause)
	return append(one(f), c.pullSecrets(ctx)...)
}

// pullSecrets looks for the secrets that are to open the registry. A node passes over those that are missing.
func (c *containerCase) pullSecrets(ctx context.Context) []Finding {
	var found []Finding
	for _, ref := range c.pod.Spec.ImagePullSecrets {
		if ref.Name != "" && c.read(ctx, secretKind, c.pod.Namespace, ref.Name, &corev1.Secret{}).missing {
			found = append(found, c.podCase.says(SeverityProblem, FindingSecretMissing, "create it, of type kubernetes.io/dockerconfigjson",
				"names the image pull secret %s, which is not there", ref.Name))
		}
	}
	return found
}

// imageMisnamed is fatal: nothing that happens elsewhere makes a name of it.
func imageMisnamed(_ context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	return one(c.says(SeverityFatal, FindingImageName, "write it as registry/name:tag, in lower case",
		"has an image whose name is none, %q: %s", c.image(), w.Message))
}

func imageAbsent(_ context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	return one(c.says(SeverityProblem, FindingImageAbsent, "load the image onto the node, or let imagePullPolicy be IfNotPresent",
		"may not pull its image %s: %s", c.image(), w.Message))
}

func (c *containerCase) image() string {
	if c.spec != nil {
		return c.spec.Image
	}
	return c.status.Image
}
