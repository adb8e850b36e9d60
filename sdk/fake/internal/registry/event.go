package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Events say what happened to other objects.
var Events = &Resource{
	Version: "v1", Kind: "Event", Name: "events", Singular: "event", ShortNames: []string{"ev"}, Namespaced: true,
	New:     func() store.Object { return &corev1.Event{} },
	NewList: func() runtime.Object { return &corev1.EventList{} },
	Columns: eventColumns,
	Cells:   eventCells,
}
