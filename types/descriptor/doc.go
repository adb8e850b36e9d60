// Package descriptor reads and writes Kubernetes descriptors: YAML or JSON text in, typed objects out, and back.
//
// What people get wrong: a misspelt field in a descriptor is silently dropped by most decoders. Here it is an error, as
// is a field set twice or of the wrong type, and every such mistake of every document is reported in one go,
// with its file, line and path:
//
//	crane.yaml:9: spec.template.spec.containers[0].imagee: unknown field, did you mean "image"?
//
// [Decode] reads exactly one object, [DecodeAll] all of them, [DecodeInto] one of a known type:
//
//	pod, err := descriptor.DecodeInto[corev1.Pod](data, descriptor.File("pod.yaml"))
//
// [Encode] and [EncodeAll] write them; with [Clean] what a server added is left out, so that the text can go under
// version control.
//
// An error of the decoders is always one [*multierror.Error] of [*Error], in source order; each wraps one of
// [ErrSyntax], [ErrUnknownField], [ErrDuplicateField], [ErrWrongType], [ErrKind] and [ErrCount].
//
// Scalars follow YAML 1.1 as the API server's own decoder does: unquoted yes, on and y are booleans, 0400 and 0o400 are octal.
// The objects keep their TypeMeta. Defaults are not applied; see package types for that.
package descriptor
