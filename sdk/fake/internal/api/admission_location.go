package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

// nodeKind is the kind of what pods are bound to.
const nodeKind = "Node"

// locate gives a binding to a node the labels that say where that node is, as the PodTopologyLabels plugin does; the pod has them from there.
func (a *API) locate(b *corev1.Binding) *corev1.Binding {
	where := a.locationOf(b.Target.Name)
	if b.Target.Kind != nodeKind || len(where) == 0 {
		return b
	}
	b = b.DeepCopy()
	b.Labels = merged(b.Labels, where)
	return b
}

// locationOf are the labels of a node that say where it is; none of a node that does not exist.
func (a *API) locationOf(node string) map[string]string {
	obj, err := a.Store.Get(registry.Nodes.StoreKey(), "", node)
	if err != nil {
		return nil
	}
	where := map[string]string{}
	for _, key := range []string{corev1.LabelTopologyZone, corev1.LabelTopologyRegion} {
		if value, ok := obj.GetLabels()[key]; ok {
			where[key] = value
		}
	}
	return where
}
