// Package events records what components did as Event objects, the way client-go's recorders do: repeats are counted,
// similar ones are combined, and one object cannot flood the cluster.
//
// The one thing people get wrong: not every call becomes an object of its own. The same event again raises the count
// of the one that is there, the tenth distinct message with the same reason within ten minutes is combined with those
// that follow, and after 25 events an object is heard only once every five minutes. A real cluster loses the rest too.
//
//	r := events.New(a, "kubelet", "minikube")
//	r.Event(pod, "spec.containers{crane}", corev1.EventTypeNormal, "Started", "Container started")
//
// [Recorder] writes core/v1 events as controllers and kubelets do; [Reporter] writes them in the form of
// events.k8s.io/v1 as the scheduler does. Neither ever fails its caller: an event that cannot be written, because its
// namespace is being deleted for example, is lost.
package events
