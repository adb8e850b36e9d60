// Package intent is what the two ways to apply an object have in common: which fields a typed object has as JSON, and what
// of that JSON its author said.
//
// The JSON of a typed object says more than that, because encoding/json cannot omit an empty struct: [Of] leaves out what
// the documentation of package sdk/apply lists.
//
//	said, err := intent.Of(pod, intent.ServerSet...)
package intent
