package registry

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// packedMeta is the metadata of a packedEvent. It has what an event that fits has, and lets the store set what the store sets.
type packedMeta struct {
	namespace, name, version string
	uid                      types.UID
	created                  int64
	managers                 []metav1.ManagedFieldsEntry
}

func (m *packedMeta) GetNamespace() string        { return m.namespace }
func (m *packedMeta) GetName() string             { return m.name }
func (m *packedMeta) GetUID() types.UID           { return m.uid }
func (m *packedMeta) GetResourceVersion() string  { return m.version }
func (m *packedMeta) SetResourceVersion(v string) { m.version = v }

func (m *packedMeta) GetCreationTimestamp() metav1.Time {
	return metav1.Time{Time: unpackTime(m.created)}
}
func (m *packedMeta) GetManagedFields() []metav1.ManagedFieldsEntry  { return m.managers }
func (m *packedMeta) SetManagedFields(e []metav1.ManagedFieldsEntry) { m.managers = e }

// What it has not.

func (*packedMeta) GetGenerateName() string                     { return "" }
func (*packedMeta) GetGeneration() int64                        { return 0 }
func (*packedMeta) GetSelfLink() string                         { return "" }
func (*packedMeta) GetDeletionTimestamp() *metav1.Time          { return nil }
func (*packedMeta) GetDeletionGracePeriodSeconds() *int64       { return nil }
func (*packedMeta) GetLabels() map[string]string                { return nil }
func (*packedMeta) GetAnnotations() map[string]string           { return nil }
func (*packedMeta) GetFinalizers() []string                     { return nil }
func (*packedMeta) GetOwnerReferences() []metav1.OwnerReference { return nil }

// What nobody sets of an object that is stored: a change is made to what EventOf answers.

func (*packedMeta) SetNamespace(string)                        { fixed() }
func (*packedMeta) SetName(string)                             { fixed() }
func (*packedMeta) SetUID(types.UID)                           { fixed() }
func (*packedMeta) SetCreationTimestamp(metav1.Time)           { fixed() }
func (*packedMeta) SetGenerateName(string)                     { fixed() }
func (*packedMeta) SetGeneration(int64)                        { fixed() }
func (*packedMeta) SetSelfLink(string)                         { fixed() }
func (*packedMeta) SetDeletionTimestamp(*metav1.Time)          { fixed() }
func (*packedMeta) SetDeletionGracePeriodSeconds(*int64)       { fixed() }
func (*packedMeta) SetLabels(map[string]string)                { fixed() }
func (*packedMeta) SetAnnotations(map[string]string)           { fixed() }
func (*packedMeta) SetFinalizers([]string)                     { fixed() }
func (*packedMeta) SetOwnerReferences([]metav1.OwnerReference) { fixed() }

func fixed() {
	panic("registry: a stored event is changed in place; change a copy of what EventOf answers")
}
