package main

import (
	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/examples/internal/anywhere"
)

// webServer answers on port 8080; at /hostname it says which pod it is.
var webServer = builders.Container("web", anywhere.Agnhost).
	Args("netexec", "--http-port=8080", "--udp-port=-1").
	Port("http", 8080).
	ReadinessProbe(builders.Probe(builders.HTTPGetAction("http").Path("/hostname")).PeriodSeconds(1).FailureThreshold(60))

// controller keeps three of them running. Its selector is how it knows its pods: they have the label, and so are its own.
func controller() builders.ReplicationControllerBuilder {
	return builders.ReplicationController("web").
		Replicas(3).
		Selector("app", "web").
		Template(builders.Pod("").Label("app", "web").Label("example", "replicas").
			TerminationGracePeriodSeconds(1).
			Containers(webServer))
}
