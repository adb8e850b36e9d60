package support_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-multierror"
	"github.com/podwright/podwright/gen/support"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// problem is one that a builder has at a path of its own.
func problem(path string) support.Problems {
	return support.Problems{}.And(&field.Error{Type: field.ErrorTypeRequired, Field: path, BadValue: ""})
}

// paths are the fields of an error, in order.
func paths(err error) []string {
	var many *multierror.Error
	if !errors.As(err, &many) {
		return nil
	}
	var list []string
	for _, e := range many.Errors {
		list = append(list, e.(*field.Error).Field)
	}
	return list
}

func TestProblemsGetThePathOfTheirPart(t *testing.T) {
	none := support.Problems{}
	for _, tt := range []struct {
		rule string
		got  support.Problems
		want []string
	}{
		{"none is no error", none.Under("spec", none).At("spec.volumes", 1, none).Key("data", "k", none), nil},
		{"under a field", none.Under("spec", problem("name")), []string{"spec.name"}},
		{"a part's own index follows without a dot", none.Under("spec.limits", problem("[cpu]")), []string{"spec.limits[cpu]"}},
		{"a problem of the whole part", none.Under("spec.volumes", problem("")), []string{"spec.volumes"}},
		{"an embedded part has no path", none.Under("", problem("exec")), []string{"exec"}},
		{"in a list", none.At("volumes", 2, problem("name")), []string{"volumes[2].name"}},
		{"a whole item", none.At("volumes", 0, problem("")), []string{"volumes[0]"}},
		{"in a map", none.Key("items", "a.b/c", problem("size")), []string{"items[a.b/c].size"}},
		{"in the order of discovery", problem("a").Under("x", problem("b").And(&field.Error{Field: "c"})).Under("y", problem("d")),
			[]string{"a", "x.b", "x.c", "y.d"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, paths(tt.got.Err())); diff != "" {
				t.Errorf("(-want, +got):\n%s", diff)
			}
		})
	}
}

func TestNoProblemsAreNoError(t *testing.T) {
	if err := (support.Problems{}).Err(); err != nil {
		t.Errorf("got %#v", err)
	}
}

func TestProblemsArePersistent(t *testing.T) {
	base := problem("a")
	one, other := base.And(&field.Error{Field: "b"}), base.And(&field.Error{Field: "c"})
	moved := support.Problems{}.Under("spec", base)
	for want, p := range map[string]support.Problems{"a": base, "a b": one, "a c": other, "spec.a": moved} {
		if got := strings.Join(paths(p.Err()), " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	one.Err().(*multierror.Error).Errors[0].(*field.Error).Field = "changed"
	if got := strings.Join(paths(base.Err()), " "); got != "a" {
		t.Errorf("whoever is given an error changes the builder's: %s", got)
	}
}

func TestFoundReadsTheErrorOfAnotherBuilder(t *testing.T) {
	for _, tt := range []struct {
		rule string
		err  error
		want string
	}{
		{"nil is none", nil, ""},
		{"many", problem("a").And(&field.Error{Field: "b"}).Err(), "x.a x.b"},
		{"one", &field.Error{Field: "a"}, "x.a"},
		{"wrapped", fmt.Errorf("making it: %w", problem("a").Err()), "x.a"},
		{"any other error is a problem of the whole", io.ErrUnexpectedEOF, "x"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := support.Problems{}.Under("x", support.Found(tt.err)).Err()
			if got := strings.Join(paths(err), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := support.Found(io.ErrUnexpectedEOF).Err().Error(); !strings.Contains(got, io.ErrUnexpectedEOF.Error()) {
		t.Errorf("the text is lost: %s", got)
	}
}

func TestMissingNamesTheUnion(t *testing.T) {
	got := support.Problems{}.At("volumes", 1, support.Missing("VolumeSource")).Err().Error()
	if want := "volumes[1]: Required value: one VolumeSource must be given, not nil"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
