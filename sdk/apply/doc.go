// Package apply turns the Pods and ReplicationControllers you have, and any other typed object, into client-go's apply
// configurations, for server-side apply.
//
// The one thing people get wrong: whoever applies an object owns every field in it, so apply what you mean, not what
// the server answered. An object that was read has its defaults filled in and other managers' fields beside yours;
// applied, all of it is yours, and the next manager meets a conflict. Make the object anew each time and apply it whole:
// a field that you leave out the next time is removed, if nobody else owns it. To start from what is live, take
// client-go's ExtractPod.
//
//	config, err := apply.Pod(pod)
//	if err != nil {
//		return err
//	}
//	_, err = clientset.CoreV1().Pods("default").Apply(ctx, config, metav1.ApplyOptions{FieldManager: "bakery"})
//
// [Pod] and [ReplicationController] are for the everyday kinds, [Into] for all others. None of them changes the object,
// nothing in the result is shared with it, and all may be called concurrently. The result is a plain value: its With
// methods add to it what the object cannot say.
//
// # What is left out
//
// The JSON of a typed object says more than its author did, because encoding/json cannot omit an empty struct. Sent as it
// is, that JSON would own .status and .spec.containers[].resources of every pod. So these are left out:
//
//   - Structs that Go embeds by value and the API marks omitempty, while they are empty: resources: {}, strategy: {},
//     metadata: {} of a template; in the same way a zero quantity or port, as the divisor of a resourceFieldRef.
//     What a pointer says stays: emptyDir: {} and securityContext: {} are yours if you set them. So does what the API
//     requires, empty or not, as podSelector: {} of a NetworkPolicy, which selects all pods.
//   - What the server sets in metadata, of the object and of templates in it: uid, resourceVersion, generation,
//     creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, managedFields and selfLink. If the uid or the
//     resourceVersion are meant as a precondition, say so by WithUID or WithResourceVersion.
//   - The object's status. It belongs to controllers, who apply it by ApplyStatus with client-go's own builders.
//
// The kind and apiVersion are always there, from client-go's scheme; a type that the scheme does not know (of a CRD)
// must carry them in its TypeMeta.
//
// # What it cannot say
//
// A typed object does not tell zero from unset in a field that is omitempty and no pointer: hostNetwork: false of a pod,
// value: "" of an environment variable, and no labels at all. Unset is what is meant then, and somebody else's
// hostNetwork: true would stay. Where an explicit zero matters, add it to the result:
//
//	config.Spec.WithHostNetwork(false)
//
// In a pointer, zero is explicit: new(int32(0)) replicas are applied as 0. A scalar that the API does not mark omitempty,
// such as a container's name, is always said. Empty lists and maps cannot be applied at all: apply configurations omit
// them, however they are made.
//
// # What it does not do
//
// It neither fills in defaults nor validates; the server does. It refuses unstructured objects, since those are apply
// configurations as they are: the dynamic client's Apply takes them.
package apply
