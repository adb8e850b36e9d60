package gocode

import (
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	gocmp "github.com/google/go-cmp/cmp"
)

func TestEnumerate(t *testing.T) {
	for _, tt := range []struct {
		list []string
		want string
	}{{nil, ""}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a or b"}, {[]string{"a", "b", "c"}, "a, b or c"}} {
		before := strings.Join(tt.list, "")
		if diff := gocmp.Diff(tt.want, Enumerate(tt.list, "or")); diff != "" {
			t.Error(diff)
		}
		if strings.Join(tt.list, "") != before {
			t.Errorf("Enumerate changes its list to %v", tt.list)
		}
	}
}

// TestComment shows that lines are as long as they can be, and that a word which is longer has one of its own.
func TestComment(t *testing.T) {
	short, long := strings.Repeat("x", 58), strings.Repeat("y", 200)
	f := jen.NewFile("p")
	Comment(f, short+" "+short+"  "+short+"\n"+long)
	want := "package p\n\n// " + short + " " + short + "\n// " + short + "\n// " + long + "\n"
	if diff := gocmp.Diff(want, f.GoString()); diff != "" {
		t.Error(diff)
	}
}
