package controllers

import (
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
)

// ServiceAccount keeps a service account "default" in every active namespace, without which no pod can be created
// there.
type ServiceAccount struct{ resident }

// NewServiceAccount returns the controller. Run it once.
func NewServiceAccount(a *api.API) *ServiceAccount {
	return &ServiceAccount{resident{
		api: a, row: registry.ServiceAccounts, name: "default", queue: newQueue[string](),
		set:   func(store.Object) {},
		right: func(store.Object) bool { return true },
	}}
}
