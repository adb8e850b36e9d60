package types

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// imageReference is the grammar of image names: an optional registry, lower-case path parts, an optional tag and an optional digest.
var imageReference = func() *regexp.Regexp {
	const (
		label  = `(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])`
		host   = `(?:` + label + `(?:\.` + label + `)*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?`
		part   = `[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`
		tag    = `[\w][\w.-]{0,127}`
		digest = `[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}`
	)
	return regexp.MustCompile(`^(?:(` + host + `)/)?(` + part + `(?:/` + part + `)*)(?::(` + tag + `))?(?:@(` + digest + `))?$`)
}()

var imageID = regexp.MustCompile(`^[a-f0-9]{64}$`)

// imageTag is the tag that an image name pulls, as ParseImageName of k8s.io/kubernetes/pkg/util/parsers says: latest if it has neither
// tag nor digest, and "" if it has only a digest or is no image name.
func imageTag(image string) string {
	m := imageReference.FindStringSubmatch(withRegistry(image))
	if m == nil || imageID.MatchString(image) || len(m[1])+1+len(m[2]) > 255 {
		return ""
	}
	if tag, digest := m[3], m[4]; tag != "" || digest != "" {
		return tag
	}
	return "latest"
}

// withRegistry completes short names, as docker does: what stands before the first slash is a registry only if it looks like one.
func withRegistry(image string) string {
	first, rest, ok := strings.Cut(image, "/")
	switch {
	case !ok:
		return "docker.io/library/" + image
	case strings.ContainsAny(first, ".:") || first == "localhost" || strings.ToLower(first) != first:
		return first + "/" + rest
	default:
		return "docker.io/" + image
	}
}

// pullPolicy is the default of an image's pull policy, as in SetDefaults_Container: what may change is pulled always.
func pullPolicy(image string) corev1.PullPolicy {
	if imageTag(image) == "latest" {
		return corev1.PullAlways
	}
	return corev1.PullIfNotPresent
}
