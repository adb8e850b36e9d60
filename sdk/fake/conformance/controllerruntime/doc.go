// Package controllerruntime runs sigs.k8s.io/controller-runtime v0.25, unmodified, against the fake: managers, caches,
// clients, reconcilers and leader election, each over memory (Cluster.RESTConfig) and over TCP (a kubeconfig of
// Cluster.Serve), and where time matters in a bubble (fake.Bubble). It holds tests only:
//
//	cd sdk/fake/conformance && go test ./controllerruntime
//
// The one thing people get wrong: in a bubble a manager must not be stopped before it has started. While a manager waits
// for its caches, the end of its context makes it spin (runnableGroup.Start selects on the ended context without leaving
// the loop) until the wait is over, and the wait polls each 100 ms (WaitForCacheSync): on a real clock that is a busy
// moment, but the bubble's clock stands still as long as one goroutine spins. Let a runnable of the manager say that it
// began, as the tests here do, or wait for Elected, before the context is cancelled.
//
// Nothing else of a manager minds a bubble: its goroutines, timers and channels are all made by it, and all end with it.
// What to keep in mind:
//
//   - no sockets: switch metrics off (BindAddress "0"), and give no address for health, pprof and webhooks;
//   - names of controllers are unique in a process unless SkipNameValidation is set, so parallel tests want that;
//   - each work queue wakes up twice a second for its metrics, so a day of one controller takes some 200 ms of real time;
//   - leader election draws its jitter from a random source of its own, so moments differ by seconds from run to run, and
//     a lease must last a second or more, as the API counts it in whole seconds.
//
// Events of GetEventRecorder are those of events.k8s.io, and those of GetEventRecorderFor are of the core group: a cluster keeps
// both as one, so whoever lists either sees all of them. The former counts what happens again itself, and writes the count when
// it happens the second time, each half hour, and some minutes after the last.
//
// A ReplicationController that is deleted without a propagation policy leaves what it owns behind, on a real cluster too:
// give client.PropagationPolicy where owned objects should go with it.
package controllerruntime
