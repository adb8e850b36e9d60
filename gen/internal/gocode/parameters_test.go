package gocode

import (
	"testing"

	"github.com/dave/jennifer/jen"
	gocmp "github.com/google/go-cmp/cmp"
)

// TestParameters shows that only neighbours share the name of their type.
func TestParameters(t *testing.T) {
	var p Parameters
	for _, one := range [][2]string{{"name", "string"}, {"image", "string"}, {"port", "int32"}, {"host", "string"}} {
		p.Add(one[0], jen.Id(one[1]))
	}
	if diff := gocmp.Diff("func f(name, image string, port int32, host string)", jen.Func().Id("f").Params(p.Codes()...).GoString()); diff != "" {
		t.Error(diff)
	}
}
