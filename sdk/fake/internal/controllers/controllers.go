package controllers

import (
	"context"

	"github.com/podwright/podwright/sdk/fake/internal/api"
)

// Options are what the controllers must be told. The zero value gives a cluster without a root certificate.
type Options struct {
	CA []byte // the root certificate of the cluster, in PEM
}

// Controller is one row of [All]. Run blocks until its context ends or the store closes.
type Controller struct {
	Name string // by which it can be left out
	Run  func(context.Context)
}

// All returns every controller, ready to run once.
func All(a *api.API, o Options) []Controller {
	return []Controller{
		{"serviceaccount", NewServiceAccount(a).Run},
		{"rootca", NewRootCA(a, o.CA).Run},
		{"namespace", NewNamespace(a).Run},
		{"garbagecollector", NewGarbageCollector(a).Run},
		{"replicationcontroller", NewReplicationController(a).Run},
	}
}
