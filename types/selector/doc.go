// Package selector parses label selectors and matches labels with them: the meaning of k8s.io/apimachinery's labels
// package to the letter, error texts included, many times faster where that is possible.
//
// What people get wrong: an empty selector selects everything. A selector that was never filled in, or came from an empty
// text, thus deletes all pods of a namespace. So there is [All], which is meant, beside the zero [Selector], which may be an
// accident: calls that destroy take the one and refuse the other. And there is [Nothing], whose text is no selector, so
// that it never becomes "everything" on its way through a URL.
//
//	sel, err := selector.Parse("app=web,env in (prod, qa),!canary")
//	...
//	for _, pod := range pods {
//		if sel.Matches(pod.Labels) {
//			...
//		}
//	}
//
// [Parse] takes what an API server takes; [ParseStrict] says where a text is wrong and what was probably meant. [New]
// makes selectors of requirements ([Eq], [In], [Has] and the like) and [FromSet] of labels. A [Parser] that is used again
// allocates nothing. [ParseFields] is for field selectors.
//
// To find objects by labels, do not match them one by one: see package index. What two selectors have in common is in
// package analyze.
package selector
