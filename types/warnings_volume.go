package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// deprecatedVolumes are the kinds of volumes that no kubelet mounts any more.
var deprecatedVolumes = []struct {
	name, text string
	set        func(*corev1.Volume) bool
}{
	{"photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+", func(v *corev1.Volume) bool { return v.PhotonPersistentDisk != nil }},
	{"gitRepo", "deprecated in v1.11, and disabled by default in v1.33+", func(v *corev1.Volume) bool { return v.GitRepo != nil }},
	{"scaleIO", "deprecated in v1.16, non-functional in v1.22+", func(v *corev1.Volume) bool { return v.ScaleIO != nil }},
	{"flocker", "deprecated in v1.22, non-functional in v1.25+", func(v *corev1.Volume) bool { return v.Flocker != nil }},
	{"storageOS", "deprecated in v1.22, non-functional in v1.25+", func(v *corev1.Volume) bool { return v.StorageOS != nil }},
	{"quobyte", "deprecated in v1.22, non-functional in v1.25+", func(v *corev1.Volume) bool { return v.Quobyte != nil }},
	{"glusterfs", "deprecated in v1.25, non-functional in v1.26+", func(v *corev1.Volume) bool { return v.Glusterfs != nil }},
	{"cephfs", "deprecated in v1.28, non-functional in v1.31+", func(v *corev1.Volume) bool { return v.CephFS != nil }},
	{"rbd", "deprecated in v1.28, non-functional in v1.31+", func(v *corev1.Volume) bool { return v.RBD != nil }},
}

func (w *warnings) volumes(at *field.Path, volumes []corev1.Volume) {
	for i := range volumes {
		for _, old := range deprecatedVolumes {
			if old.set(&volumes[i]) {
				w.add(at.Index(i).Child(old.name), old.text)
			}
		}
		maybe(volumes[i].Ephemeral, func(s *corev1.EphemeralVolumeSource) {
			maybe(s.VolumeClaimTemplate, func(t *corev1.PersistentVolumeClaimTemplate) {
				w.claim(at.Index(i).Child("ephemeral", "volumeClaimTemplate", "spec"), &t.Spec)
			})
		})
	}
	w.tokenPaths(at, volumes)
}

// tokenPaths warns of files that would hide a service account token.
func (w *warnings) tokenPaths(at *field.Path, volumes []corev1.Volume) {
	tokens := map[string]bool{}
	for _, v := range volumes {
		if v.Projected != nil {
			for _, s := range v.Projected.Sources {
				if s.ServiceAccountToken != nil {
					tokens[s.ServiceAccountToken.Path] = true
				}
			}
		}
	}
	for i, v := range volumes {
		if v.Projected == nil {
			continue
		}
		at := at.Index(i).Child("projected", "sources")
		taken := func(at *field.Path, path string) {
			if tokens[path] {
				w.add(at, fmt.Sprintf("has duplicated path with ServiceAccountToken %q", path))
			}
		}
		for _, s := range v.Projected.Sources {
			for j, item := range keys(s) {
				taken(at.Child(item.source).Index(j), item.path)
			}
			if s.ClusterTrustBundle != nil {
				taken(at.Child("ClusterTrustBundle"), s.ClusterTrustBundle.Path)
			}
		}
	}
}

type projectedFile struct{ source, path string }

// keys are the files of one source.
func keys(s corev1.VolumeProjection) (files []projectedFile) {
	if s.ConfigMap != nil {
		for _, item := range s.ConfigMap.Items {
			files = append(files, projectedFile{"configMap", item.Path})
		}
	}
	if s.Secret != nil {
		for _, item := range s.Secret.Items {
			files = append(files, projectedFile{"secrets", item.Path})
		}
	}
	if s.DownwardAPI != nil {
		for _, item := range s.DownwardAPI.Items {
			files = append(files, projectedFile{"downwardAPI", item.Path})
		}
	}
	return files
}
