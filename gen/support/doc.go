// Package support is what generated builders are made with at run time. It is exported because builders are generated
// into other modules too; programs use the builders, and nothing here.
//
// What people get wrong: this package only grows. Code that an older generator emitted must keep compiling, so no name
// here changes its meaning.
//
// A builder is a value with two fields, the object so far and its [Problems]:
//
//	type PodBuilder struct {
//		obj  corev1.Pod
//		errs support.Problems
//	}
//
// Its methods take and return it by value and never write through memory that another value could see: [Grow],
// [Set] and [Merge] copy first.
package support
