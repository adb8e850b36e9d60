package descriptor

import (
	"regexp"
	"strconv"
)

// path is a field's path, written as Kubernetes writes paths. Its methods leave the receiver as it is.
type path string

func (p path) String() string { return string(p) }

// plainKey is what may follow a dot; other keys go into brackets, as spec.nodeSelector[disk/type].
var plainKey = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$-]*$`)

func (p path) field(name string) path {
	switch {
	case !plainKey.MatchString(name):
		return p + path("["+name+"]")
	case p == "":
		return path(name)
	default:
		return p + "." + path(name)
	}
}

func (p path) index(i int) path { return p + path("["+strconv.Itoa(i)+"]") }
