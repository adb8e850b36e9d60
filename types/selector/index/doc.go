// Package index finds objects by their labels without looking at each, and finds the selectors that select given labels: what
// listers, Services, controllers, disruption budgets and network policies do all day, hundreds of thousands of times faster than a scan
// where little is selected.
//
// What people get wrong: an index holds what it was given, and does not see what becomes of it. Labels are read when [Index.Set]
// is called; to change an object's labels, call Set again. (The map itself may be changed or thrown away: it is not kept.)
//
//	pods := index.New[types.NamespacedName, *corev1.Pod]()
//	pods.Set(key, pod.Namespace, pod.Labels, pod) // on every event of a watch
//	...
//	list = pods.ListIn("shop", selector.MustParse("app=web,!canary"), list[:0])
//
// [Index] is for objects. [Index.Plan] says how it answers, [Index.Live] keeps an answer up to date and tells of what comes and goes.
// [Selectors] is the reverse, and [Selectors.Conflicts] finds selectors that could select one object. [Join] is both, and tells when an
// object and a selector meet and part.
//
// Objects with equal labels in one namespace share a set of labels, and what is indexed are the sets: there are few, since the pods of a
// controller have the same labels. Where all labels differ, as those of StatefulSets do, there is a set for each object, and the index is
// slower and larger, but no worse than others. All types are safe for concurrent use, and none starts a goroutine.
package index
