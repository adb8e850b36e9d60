package types

import corev1 "k8s.io/api/core/v1"

// prepareClaim completes what a claim says of its data in two fields, as PrepareForCreate and PrepareForUpdate of claims do: one
// field follows from the other, and a source that no older client could have meant is dropped. old is nil on creation. The gate
// CrossNamespaceVolumeDataSource is off.
func prepareClaim(spec, old *corev1.PersistentVolumeClaimSpec) {
	if ref := spec.DataSourceRef; ref != nil && isSet(ref.Namespace) && (old == nil || old.DataSourceRef == nil) {
		spec.DataSourceRef = nil
	}
	inUse := old != nil && (old.DataSource != nil || old.DataSourceRef != nil)
	if !inUse && spec.DataSourceRef == nil && !isClaimOrSnapshot(spec.DataSource) {
		spec.DataSource = nil
	}
	completeDataSource(spec)
}

func isSet(text *string) bool { return text != nil && *text != "" }

func isClaimOrSnapshot(s *corev1.TypedLocalObjectReference) bool {
	if s == nil {
		return false
	}
	switch s.Kind {
	case "PersistentVolumeClaim":
		return !isSet(s.APIGroup)
	case "VolumeSnapshot":
		return s.APIGroup != nil && *s.APIGroup == "snapshot.storage.k8s.io"
	}
	return false
}

// completeDataSource is NormalizeDataSources.
func completeDataSource(spec *corev1.PersistentVolumeClaimSpec) {
	switch s, ref := spec.DataSource, spec.DataSourceRef; {
	case s != nil && ref == nil:
		spec.DataSourceRef = &corev1.TypedObjectReference{APIGroup: copyOf(s.APIGroup), Kind: s.Kind, Name: s.Name}
	case s == nil && ref != nil && !isSet(ref.Namespace):
		spec.DataSource = &corev1.TypedLocalObjectReference{APIGroup: copyOf(ref.APIGroup), Kind: ref.Kind, Name: ref.Name}
	}
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
