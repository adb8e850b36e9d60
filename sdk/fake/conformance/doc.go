// Package conformance drives the fake with the real kubectl of Kubernetes v1.37, and holds what it prints against
// what it printed for a real cluster.
//
// It is a module of its own, so that kubectl and all it needs stay out of the graph of those who use the fake:
//
//	cd sdk/fake/conformance && go test ./...
//
// Each command is a process of its own, since kubectl keeps state in globals and ends by exiting: the test binary is
// kubectl as well (see TestMain), so nothing has to be installed. The first run compiles it, which takes minutes.
// Where somebody would sit at a terminal, kubectl has a pseudo-terminal.
// Folder controllerruntime does for controller-runtime what is done here for kubectl.
//
// testdata/golden holds kubectl's output as a real v1.37.2 control plane gave it, whose node was played by a stand-in
// that ran nothing. Where that shows (container ids, image ids, the node's events), testdata/chapter holds what a
// real kubelet adds. A trace-*.txt holds the requests kubectl made too (-v=7): the fake must get the same ones. Ids,
// ages, times and random suffixes are left out of the comparison, and nothing else.
package conformance
