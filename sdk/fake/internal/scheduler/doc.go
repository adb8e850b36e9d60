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
// extended resources. Among those that do, it prefers nodes without PreferNoSchedule taints, preferred node affinity,
// few pods of the same controller, and much that is free.
//
// A pod that fits nowhere pushes pods of lower priority out, as few and as unimportant ones as will do, and waits on its nominated node
// until they have stopped.
//
// What it does not do. Required pod affinity and anti-affinity, and topology spread constraints with DoNotSchedule, are not understood:
// a pod that has them is not placed, and the event names the gap; the preferred kinds of them are ignored. Volumes,
// resource claims, extenders and profiles play no part.
package scheduler
