// Package podwright is the map of an SDK for Kubernetes pods: typed objects, a client, and a fake runtime in which
// container images are Go functions. It holds no code itself; these packages do, in reading order:
//
//   - types: what a Pod is: aliases of k8s.io/api, the API server's defaults and its validation.
//   - types/descriptor: YAML and JSON in, with errors that name line and path, and out again, clean.
//   - builders: Pods and ReplicationControllers made in Go, checked by the compiler and by the server's rules.
//   - sdk: one small client: create, select, label, scale, wait, read logs, port-forward. The same on a real cluster.
//   - sdk/fake: a Kubernetes in one process, for tests: an API that real clients and kubectl speak to, controllers, a
//     scheduler, and nodes that run pods.
//   - sdk/apply: objects as client-go's apply configurations.
//   - gen: the generator of builders, for Kubernetes' types and for yours; gen/cmd/podwright is its command.
//   - examples: whole programs, each with a test.
//
// The one thing people get wrong: a program that runs as an image must open its ports with Process.Listen. A bare
// net.Listen opens one of the machine that the test runs on, which no pod sees.
package podwright
