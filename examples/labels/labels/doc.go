// Package labels is the labels of the shop: typed keys and values, labels as a struct, and what the shop selects by them. All of
// it is generated from labels.yaml.
//
// What people get wrong: they write labels as text in twenty places, one of them with a typo, and a Service finds no pods. Here
// a key has its values, another's does not compile, and the generator refuses selectors that nothing can meet, controllers that
// do not select their own pods, and two controllers that select the same.
//
//	pod := builders.Pod("web").Labels(labels.Labels{App: labels.AppUI, Rel: labels.RelBeta}.Map())
//	...
//	sel, err := selector.New(labels.App.Eq(labels.AppUI), labels.Rel.NotEq(labels.RelStable))
package labels

//go:generate go tool podwright selectors -config labels.yaml
