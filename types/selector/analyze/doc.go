// Package analyze answers questions about selectors themselves: whether two overlap, whether one implies the other, how
// to say one with less, and why one does not select an object.
//
// What people get wrong: a selector that cannot select anything is not Nothing. "tier=web,tier=api" parses, runs, and
// matches no object for ever, so ask [Satisfiable] and not IsNothing. And two controllers whose selectors differ may still
// select the same pod, which they then fight over, one creating what the other deletes: ask [Overlaps], not ==.
//
//	if pod, ok := analyze.Witness(web, api); ok {
//		return fmt.Errorf("both controllers would select a pod with the labels %v", pod)
//	}
//
// The answers are exact. A selector is a conjunction, so it is decided key by key, in the time that it takes to sort the
// values of each. They are about the labels that there can be, which are valid ones unless an [Option] says otherwise. That
// matters for numbers: no valid value is less than 0, and "x>1,x<3,x!=2" selects "02".
//
// All functions are safe for concurrent use.
package analyze
