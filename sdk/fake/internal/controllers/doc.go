// Package controllers is the part of kube-controller-manager that pods need: the ReplicationController controller, the
// garbage collector, the namespace controller, those that give each namespace its service account and root
// certificate, those that fill in resource quotas and disruption budgets and bind claims to volumes, and those that find
// silent nodes, taint them, and delete the pods of nodes that are tainted or gone. [Bootstrap] makes what a fresh cluster holds before any of them runs.
//
// The one thing people get wrong: a controller does not see what another client wrote until it has read the store's
// log that far, but it does see its own writes, since they are in the log before the call returns. So there are no
// expectations here as there are in a real controller manager: each controller reads the log to its end before it
// acts, from one goroutine.
//
//	for _, c := range controllers.All(a, controllers.Options{CA: pem}) {
//		go c.Run(ctx)
//	}
//
// Run ends when its context does, or when the store closes; nothing that it started outlives it.
package controllers
