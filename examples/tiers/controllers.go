package main

import (
	"net"

	"github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
)

// The labels of everything here: what it belongs to, and which part of that it is.
const (
	appLabel  = "app"
	tierLabel = "tier"
)

// base is what the pods of both tiers have in common. A builder is a value: each tier adds to a copy of its own, and
// base stays what it is.
var base = builders.Pod("").TerminationGracePeriodSeconds(5)

// guestbook is a mixin: it labels whatever can be labelled, here pods and their controllers.
func guestbook[B interface{ Label(k, v string) B }](b B) B { return b.Label(appLabel, "guestbook") }

// small is a mixin for containers that need little.
func small(c builders.ContainerBuilder) builders.ContainerBuilder {
	return c.Request(corev1.ResourceCPU, "100m").Request(corev1.ResourceMemory, "32Mi").Limit(corev1.ResourceMemory, "64Mi")
}

// controller keeps one pod of a tier, until it is scaled.
func controller(tier string, container builders.ContainerBuilder) builders.ReplicationControllerBuilder {
	return builders.ReplicationController(tier).
		With(guestbook).Label(tierLabel, tier).
		Replicas(1).
		Selector(tierLabel, tier).
		Template(base.With(guestbook).Label(tierLabel, tier).Containers(container.With(small)))
}

func databaseController() builders.ReplicationControllerBuilder {
	return controller("database", builders.Container("database", databaseImage).Port("db", 5432))
}

// frontendController is told the IP of the database's pod. That holds while this pod lives: a new one has a new IP. In a real
// cluster a Service would stand before it, with a name that stays; the fake has no IPs and names of Services yet.
func frontendController(databaseIP string) builders.ReplicationControllerBuilder {
	return controller("frontend", builders.Container("frontend", frontendImage).
		Port("http", 8080).
		Setenv("DATABASE", net.JoinHostPort(databaseIP, "5432")))
}
