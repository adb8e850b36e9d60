package support

import (
	"github.com/podwright/podwright/types"
	"k8s.io/apimachinery/pkg/runtime"
)

// Object is a pointer to a T that is a kind of the API.
type Object[T any] interface {
	*T
	runtime.Object
}

// Build ends the chain of a kind's builder: obj, which it may keep, or everything that is wrong with it: first what the
// builder was told wrongly, then what [types.Check] finds.
func Build[T any, P Object[T]](obj P, errs Problems) (P, error) {
	list := append(errs.list(), Found(types.Check(obj)).list()...)
	if len(list) > 0 {
		return nil, types.Invalid(types.Title(obj), list)
	}
	return obj, nil
}

// BuildPart ends the chain of a builder of something that only a kind holds, and that is validated there.
func BuildPart[T any](obj *T, errs Problems) (*T, error) {
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return obj, nil
}

// Must returns obj, or panics with err.
func Must[T any](obj *T, err error) *T {
	if err != nil {
		panic(err)
	}
	return obj
}
