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
// builder was told wrongly, then what [types.Check] finds. What Check finds where the builder was told something wrong is left
// out: it is about what is therefore missing there.
func Build[T any, P Object[T]](obj P, errs Problems) (P, error) {
	list := errs.list()
	told := map[string]bool{}
	for _, err := range list {
		told[err.Field] = true
	}
	for _, err := range Found(types.Check(obj)).list() {
		if !told[err.Field] {
			list = append(list, err)
		}
	}
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
