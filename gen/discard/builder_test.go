package discard

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/support"
)

// The packages in testdata have a Problems of their own, so this ties the name to the real one.
func TestProblemsIsTheRealType(t *testing.T) {
	problems := reflect.TypeFor[support.Problems]()
	if diff := cmp.Diff([]string{problemsPackage, problemsName}, []string{problems.PkgPath(), problems.Name()}); diff != "" {
		t.Error(diff)
	}
}
