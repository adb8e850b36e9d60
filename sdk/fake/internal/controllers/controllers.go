package controllers

import (
	"context"
	"net/netip"

	"github.com/podwright/podwright/sdk/fake/internal/api"
)

// Options are what the controllers must be told. The zero value gives a cluster without a root certificate.
type Options struct {
	// Server is where the API server is, which the service kubernetes leads to; invalid: nowhere.
	Server netip.Addr
	CA     []byte // the root certificate of the cluster, in PEM
	// Alive says whether a node's kubelet runs, which promises to renew its lease once more before it stops; nil: none does.
	Alive func(node string) bool
}

// Controller is one row of [All]. Run blocks until its context ends or the store closes.
type Controller struct {
	Name string // by which it can be left out
	Run  func(context.Context)
}

// All returns every controller, ready to run once.
func All(a *api.API, o Options) []Controller {
	return []Controller{
		{"customresourcedefinition", NewCustomResourceDefinition(a).Run},
		{"serviceaccount", NewServiceAccount(a).Run},
		{"rootca", NewRootCA(a, o.CA).Run},
		{"namespace", NewNamespace(a).Run},
		{"garbagecollector", NewGarbageCollector(a).Run},
		{"resourcequota", NewResourceQuota(a).Run},
		{"disruption", NewDisruption(a).Run},
		{"persistentvolume", NewPersistentVolume(a).Run},
		{"nodelifecycle", NewNodeLifecycle(a, o.Alive).Run},
		{"tainteviction", NewTaintEviction(a).Run},
		{"podgc", NewPodGC(a).Run},
		{"endpoints", NewEndpoints(a).Run},
		{"endpointslice", NewEndpointSlice(a).Run},
		{"endpointslicemirroring", NewEndpointSliceMirroring(a).Run},
		{"replicationcontroller", NewReplicationController(a).Run},
	}
}
