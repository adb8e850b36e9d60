package descriptor

import "k8s.io/apimachinery/pkg/runtime"

// DecodeOption changes how [Decode], [DecodeAll] and [DecodeInto] read.
type DecodeOption interface{ decodeWith(*decoder) }

// EncodeOption changes how [Encode] and [EncodeAll] write.
type EncodeOption interface{ encodeWith(*encoder) }

// Option is good for reading and writing.
type Option interface {
	DecodeOption
	EncodeOption
}

// File sets the file name that errors carry. Nothing is read from it.
func File(name string) DecodeOption {
	return decodeOption(func(d *decoder) { d.problems.file = name })
}

// Lax ignores unknown fields, and takes the last of a field set several times, as the API server does with
// fieldValidation=Ignore. Wrong types stay errors. The default is strict.
func Lax() DecodeOption {
	return decodeOption(func(d *decoder) { d.lax = true })
}

// WithScheme adds the kinds of s to the built-in ones, which are those of [Kinds]. A kind that both know is
// taken from s. Given several times, the first scheme that knows a kind wins. s is only read; nil is ignored.
func WithScheme(s *runtime.Scheme) Option { return schemeOption{s} }

// JSON writes JSON, indented by four spaces as kubectl does; several objects become one List. The default is YAML.
func JSON() EncodeOption {
	return encodeOption(func(e *encoder) { e.json = true })
}

// Clean leaves out what a server or its controllers added to an object, so that the text can go under version
// control and create the object again: status; in the metadata managedFields, uid, resourceVersion, generation, selfLink,
// the time stamps, ownerReferences (their uids mean nothing elsewhere) and kubectl's last-applied-configuration; in a Pod the node, the
// service account's token volume with its mounts, the default tolerations, priority and service account. Empty structs and
// lists, which say nothing, go too.
//
// Values that equal their defaults stay: a reader of the file sees what holds. A Pod without a uid has never been
// on a server, so its nodeName is the author's and stays.
func Clean() EncodeOption {
	return encodeOption(func(e *encoder) { e.clean = true })
}

type decodeOption func(*decoder)

func (o decodeOption) decodeWith(d *decoder) { o(d) }

type encodeOption func(*encoder)

func (o encodeOption) encodeWith(e *encoder) { o(e) }

type schemeOption struct{ scheme *runtime.Scheme }

func (o schemeOption) decodeWith(d *decoder) { d.kinds.add(o.scheme) }
func (o schemeOption) encodeWith(e *encoder) { e.kinds.add(o.scheme) }
