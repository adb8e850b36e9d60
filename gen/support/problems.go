package support

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/go-multierror"
	"github.com/podwright/podwright/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Problems are what is wrong with what a builder was told, with paths relative to that builder. It is a persistent
// list: adding to one never changes another. The zero value has none.
type Problems struct{ last *problem }

type problem struct {
	before *problem
	err    *field.Error
}

// And returns p with one problem more.
func (p Problems) And(err *field.Error) Problems { return Problems{&problem{p.last, err}} }

// Under returns p with the problems of a part that stands at path; an empty path stands for the builder itself.
func (p Problems) Under(path string, part Problems) Problems {
	for _, err := range part.list() {
		err.Field = join(path, err.Field)
		p = p.And(err)
	}
	return p
}

// At is Under for the i-th item of a list.
func (p Problems) At(path string, i int, part Problems) Problems {
	if part.last == nil {
		return p
	}
	return p.Under(fmt.Sprintf("%s[%d]", path, i), part)
}

// Key is Under for the entry of a map.
func (p Problems) Key(path, key string, part Problems) Problems {
	if part.last == nil {
		return p
	}
	return p.Under(fmt.Sprintf("%s[%s]", path, key), part)
}

func join(path, name string) string {
	if path == "" || name == "" || name[0] == '[' {
		return path + name
	}
	return path + "." + name
}

// list has copies of the problems, in the order in which they were found: whoever is given an error may write to it.
func (p Problems) list() field.ErrorList {
	var list field.ErrorList
	for one := p.last; one != nil; one = one.before {
		list = append(list, new(*one.err))
	}
	slices.Reverse(list)
	return list
}

// Err returns the problems as one *[multierror.Error] of *[field.Error], nil if there are none.
func (p Problems) Err() error { return types.Invalid("", p.list()) }

// Found turns the error of another package's builder back into problems. nil has none.
func Found(err error) Problems {
	if err == nil { // nearly always, so before anything is allocated
		return Problems{}
	}
	var (
		p    Problems
		many *multierror.Error
		one  *field.Error
	)
	switch {
	case errors.As(err, &many):
		for _, e := range many.Errors {
			p = p.Under("", Found(e))
		}
	case errors.As(err, &one):
		p = p.And(one)
	default:
		p = p.And(&field.Error{Type: field.ErrorTypeInternal, Detail: err.Error()})
	}
	return p
}

// Missing is the problem of a one-of field that was given nil.
func Missing(union string) Problems {
	return Problems{}.And(&field.Error{Type: field.ErrorTypeRequired, BadValue: "", Detail: "one " + union + " must be given, not nil"})
}
