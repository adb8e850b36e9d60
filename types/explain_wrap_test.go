package types

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrapped(t *testing.T) {
	for _, tt := range []struct{ rule, text, want string }{
		{"nothing stays nothing", "", ""},
		{"what fits stays", "one two 90", "one two 90"},
		{"a word that does not fit goes down, its space is lost", "one two 900", "one two\n900"},
		{"so do many", "one  two   three   four", "one  two\nthree\nfour"},
		{"lines are broken on their own", "one two\nthree four", "one two\nthree four"},
		{"white space inside is kept", "a\t  b\nc", "a\t  b\nc"},
		{"at the start too", "  one two", "  one two"},
		{"at the end as far as it fits", "one       \ntwo        ", "one       \ntwo"},
		{"a long word is not broken", "onetwothree four", "onetwothree\nfour"},
		{"it gets a line of its own", "one twothreefour", "one\ntwothreefour"},
		{"but for less than two columns", " twothreefour", " twothreefour"},
		{"two suffice", "a twothreefour", "a\ntwothreefour"},
		{"a no-break space is part of a word", "one two\u00a0900", "one\ntwo\u00a0900"},
		{"characters count, not bytes", "äöü äöü äö", "äöü äöü äö"},
		{"empty lines are kept", "one\n\n\ntwo\n", "one\n\n\ntwo\n"},
	} {
		if diff := cmp.Diff(tt.want, wrapped(tt.text, 10)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestIndented(t *testing.T) {
	if diff := cmp.Diff("  one\n  \n  two\n  ", indented("one\n\ntwo\n", 2)); diff != "" {
		t.Errorf("empty lines are indented as well (-want +got):\n%s", diff)
	}
	if got := indented("one", 0); got != "one" {
		t.Errorf("no spaces: %q", got)
	}
}
