// Package workloads makes package types know the kinds outside the core group that run pods, or stand beside them: deployments,
// replica sets, stateful sets, daemon sets, jobs, cron jobs, horizontal pod autoscalers, pod disruption budgets, leases, endpoint
// slices, priority classes and the events of events.k8s.io. It has nothing to call: import it for its effect, as one imports a database driver.
//
//	import (
//		"github.com/podwright/podwright/types"
//		_ "github.com/podwright/podwright/types/workloads"
//	)
//
//	types.Default(deployment)
//	if err := types.Validate(deployment); err != nil {
//		return err // spec.selector: Required value
//	}
//
// What one gets wrong: without this import types takes these kinds for ones it has no rules for. It fills in the defaults that
// package facts declares, checks the metadata and finds nothing else wrong. That is the price of programs that do not pay for eight API
// groups. The fake has the import.
//
// Each kind has a file with its rules and a row in the table of this package, each group of rules the name of the function in
// k8s.io/kubernetes whose behaviour it copies. Feature gates have their v1.37 default values. Field selectors of jobs know
// status.successful, those of events what the event is about (regarding.kind and the like).
//
// # What it does not do
//
// spec.scheduling of jobs belongs to a gate that is off, and is dropped. Of a selector in a job that has not been at a server yet, it
// checks that the server could complete it; the labels that the server adds are not there. What needs other objects (does the target of
// an autoscaler exist) is the server's.
package workloads
