// Package scheduler puts pods onto nodes: it is the default-scheduler of one cluster.
//
// The one thing people get wrong: its choice is deterministic where the real one draws lots. Of nodes with the same
// score, the one with fewer pods wins, then the first by name; and a pod that did not fit is tried again at once when
// something changed that may help it, not a second later (only from the second failure on does a pause build up).
//
//	s := scheduler.New(a)
//	go s.Run(ctx)
//
// A node must be ready and not cordoned, its taints tolerated, it must match the pod's node selector and required node
// affinity, have the pod's host ports free, and room for what it requests: CPU, memory, ephemeral storage, pods and
// extended resources. Topology spread constraints with DoNotSchedule must hold there, required pod affinity and anti-affinity too, and that
// of the pods which are there already. Among those that do, it prefers nodes without PreferNoSchedule taints, preferred node affinity, much
// that is free, few pods of the same controller, the emptier domains of constraints with ScheduleAnyway, and the places that preferred pod
// affinity, its own and others', speaks for.
//
// Each plugin of kube-scheduler is a function and a row of a table: plugins refuse nodes and know which changes are worth another try,
// scorers compare those that are left. What a plugin has to know of all nodes together stands in the attempt.
//
// A pod that fits nowhere pushes pods of lower priority out, as few and as unimportant ones as will do, and waits on its nominated node
// until they have stopped.
//
// What it does not do. Volumes, resource claims, images that are there already, extenders and profiles play no part. Without constraints of
// its own a pod is kept apart from those of its controller by nodes, but not by zones, nor from those of its services.
package scheduler
