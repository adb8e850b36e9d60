// Package builders makes Pods, ReplicationControllers and what a test needs beside them: typed, checked by the compiler as far as it
// can, and by the API server's own rules for the rest.
//
// What people get wrong: a builder is a value, like a time.Time. A method returns a changed copy, and a result that is
// dropped is a change that is lost:
//
//	pod.Label("app", "web")       // does nothing
//	pod = pod.Label("app", "web") // does
//
// (go vet does not see it; gen/cmd/podwright-vet does.) In return, every builder is a base to start others from, safe to
// share between goroutines, and nobody's Clone is needed.
//
//	pod, err := builders.Pod("web").
//		Label("app", "web").
//		Containers(builders.Container("app", "nginx:1.27").Port("http", 80)).
//		Build()
//
// The everyday names:
//
//   - kinds: [Pod], [ReplicationController], [Service], [ConfigMap], [Secret], [Namespace], [Node]
//   - containers: [Container], [ContainerBuilder.Port], [ContainerBuilder.Setenv], [ContainerBuilder.Mount],
//     [ContainerBuilder.Request], [ContainerBuilder.Limit], [Probe], [HTTPGetAction]
//   - volumes: [Volume], [EmptyDirVolumeSource], [ConfigMapVolumeSource], [SecretVolumeSource], [HostPathVolumeSource]
//   - labels: Label and Labels of whatever has some, [ReplicationControllerBuilder.Select], [ServiceBuilder.Select]
//   - every builder: Build, MustBuild, Unchecked, With, Edit
//
// A constructor is called as the API's type is and takes what that cannot do without; a method is called as the field
// is. So whoever knows the YAML knows the Go: spec.terminationGracePeriodSeconds is
// [PodBuilder.TerminationGracePeriodSeconds]. Methods of lists add, those of maps set (Label) or merge (Labels). Quantities are texts,
// and one that does not parse is an error of Build. Where the API wants exactly one of several (a volume's source, a probe's
// handler), the parameter is an interface that only those satisfy. metadata and spec of a kind are not spelled out, and the
// template of a ReplicationController is a [PodBuilder].
//
// Build returns what was said, without defaults, or one error that holds everything that is wrong with it, each problem with its path. A function
// that fits any builder with the methods it uses is a mixin, see the example of With. What no method covers (status,
// deprecated fields, taking something away) is for Edit.
package builders

//go:generate go tool podwright builders -config ../gen/core.yaml
