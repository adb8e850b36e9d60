package selector

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseStrictExplains(t *testing.T) {
	name64, prefix254 := strings.Repeat("x", 64), strings.Repeat("a", 254)
	tests := []struct {
		rule, text string
		offset     int
		got, hint  string
	}{
		{"a word for >", "x gt 1", 2, "gt", "write x>1"},
		{"a word for <", "x lt 1", 2, "lt", "write x<1"},
		{"a word for >=", "x gte 5", 2, "gte", "there is no >=: write x>4"},
		{">= is > of one less", "x>=5", 2, "=", "there is no >=: write x>4"},
		{"<= is < of one more", "x <= 5", 3, "=", "there is no <=: write x<6"},
		{"=> is meant to be >=", "x=>5", 2, ">", "there is no >=: write x>4"},
		{">=0 is every number", "x>=0", 2, "=", "there is no >=, and no label value is negative: write x"},
		{">= of no number", "x>=a", 2, "=", "there is no >=: >4 is as good as >=5"},
		{"<= of the last number", "x<=9223372036854775807", 2, "=", "there is no <="},
		{"<> is !=", "x<>a", 2, ">", "write x!=a"},
		{"negative bounds", "x>-1", 2, "-1", "no label value is negative, and no bound can be"},
		{"signs", "x>+1", 2, "+1", "numbers have no sign"},
		{"fractions", "x>1.5", 2, "1.5", "numbers have no fractions or exponents"},
		{"exponents", "x>1e3", 2, "1e3", "numbers have no fractions or exponents"},
		{"numbers that are too large", "x<9223372036854775808", 2, "9223372036854775808", "numbers end at 9223372036854775807"},
		{"texts have no order", "x>web", 2, "web", "> compares numbers: for texts there are = and in"},
		{"a missing number", "x>", 2, "", "write x>5, for example"},
		{"quotes around a number", `x>"5"`, 2, `"5"`, "keys and values take no quotation marks"},

		{"capital IN", "x IN (a)", 2, "IN", "in is written in small letters"},
		{"capital In", "x In (a)", 2, "In", "in is written in small letters"},
		{"capital NOTIN", "x NOTIN (a)", 2, "NOTIN", "notin is written in small letters"},
		{"notin in two words", "x not in (a)", 2, "not", "write x notin (...)"},
		{"in without parentheses", "x in a", 5, "a", "values stand in parentheses: write x in (a)"},
		{"in with brackets", "x notin [a]", 8, "[a]", "values stand in parentheses: write x notin (a)"},
		{"in without anything", "x in", 4, "", "values stand in parentheses: write x in (a,b)"},
		{"a list without an end", "x in (a", 7, "", "the list has no end: ')' is missing"},
		{"a list without commas", "x in (a b)", 8, "b", "values are separated by ','"},
		{"nested lists", "x in ((a))", 6, "(", "lists are not nested"},
		{"a negated value in a list", "x in (!a)", 6, "!", "a list has no '!': notin selects what is not in it"},
		{"no blank before in", "xin (a)", 4, "(", "write x in (...)"},
		{"no operator before a list", "x (a)", 2, "(", "in or notin belongs before '('"},
		{"a list after =", "x=(a,b)", 2, "(", "write x in (...)"},
		{"a list after !=", "x!=(a,b)", 3, "(", "write x notin (...)"},
		{"a parenthesis too many", "x in (a))", 8, ")", "no '(' belongs to it"},

		{"quotes around a value", `x="a"`, 2, `"a"`, "keys and values take no quotation marks"},
		{"quotes around a listed value", "x in ('a')", 6, "'a'", "keys and values take no quotation marks"},
		{"semicolons", "x=a;y=b", 3, "a;y", "requirements are separated by ','"},
		{"ampersands", "x=a&&y=b", 3, "a&&y", "requirements are separated by ','"},
		{"ampersands with blanks", "x=a && y=b", 4, "&&", "requirements are separated by ','"},
		{"and", "x=a and y=b", 4, "and", "requirements are separated by ','"},
		{"AND after a key", "x AND y", 2, "AND", "requirements are separated by ','"},
		{"or", "x=a or x=b", 4, "or", `there is no "or": key in (a,b) is as near as it gets`},
		{"bars", "x=a||x=b", 3, "a||x", `there is no "or": key in (a,b) is as near as it gets`},
		{"a value with a blank", "x=a b", 4, "b", "requirements are separated by ',', and values have no blanks"},
		{"a value with an equals sign", "x=a=b", 3, "=", "requirements are separated by ',', and values have no equals signs"},
		{"two keys", "x y", 2, "y", "requirements are separated by ','"},
		{"groups", "(x=a),y", 0, "(", "requirements are not grouped: there are only lists of values, as in key in (a,b)"},

		{"a ! in the place of !=", "x!a", 1, "!", "write x!=a"},
		{"a ! behind its key", "x!", 1, "!", "write !x"},
		{"a second !", "!!x", 1, "!", "one '!' is enough"},
		{"! without a key", "!", 1, "", "'!' stands before a key that must not be there"},
		{"! and =", "!x=a", 2, "=", "write x!=a"},
		{"! and in", "!x in (a)", 3, "in", "write x notin (...)"},
		{"! and >", "!x>1", 2, ">", "!x wants the key not to be there, and has no operator"},
		{"not for !", "not x", 4, "x", "write !x"},
		{"exists", "x exists", 2, "exists", "a key alone wants the key to be there: write x"},
		{"is", "x is a", 2, "is", "write x=a"},
		{"ne", "x ne a", 2, "ne", "write x!=a"},
		{"===", "x===a", 3, "=", "write x=a"},
		{"=!", "x=!a", 2, "!", "write x!=a"},

		{"a comma at the end", "x=a,", 4, "", "take the last ',' away"},
		{"two commas", "x,,y", 2, ",", "take one ',' away"},
		{"a comma at the beginning", ",x", 0, ",", "take one ',' away"},
		{"no key", "=a", 0, "=", "a key belongs before it"},

		{"two slashes", "a/b/c=d", 3, "a/b/c", "a key has at most one slash, after a DNS name"},
		{"nothing before a slash", "/x=a", 0, "/x", "a DNS name belongs before the slash: write x for a key without one"},
		{"nothing after a slash", "a/=b", 2, "a/", "a name belongs after the slash"},
		{"capitals before a slash", "Example.com/x", 0, "Example.com/x", "what stands before the slash has small letters: write example.com/x"},
		{"no DNS name before a slash", "a..b/x=a", 2, "a..b/x", "what stands before the slash is a DNS name, such as example.com"},
		{"a dash before a slash", "a-/x=a", 1, "a-/x", "what stands before the slash is a DNS name, such as example.com"},
		{"a long prefix", prefix254 + "/x", 253, prefix254 + "/x", "what stands before the slash has 254 bytes, and may have 253"},
		{"a long key", name64, 63, name64, "it has 64 bytes, and may have 63"},
		{"a long value", "x=" + name64, 65, name64, "it has 64 bytes, and may have 63"},
		{"a dash at the beginning", "x=-a", 2, "-a", "it begins and ends with a letter or digit"},
		{"a dot at the end", "x.=a", 1, "x.", "it begins and ends with a letter or digit"},
		{"a slash in a value", "x=a/b", 3, "a/b", "values have no slashes"},
		{"stars", "x=web*", 5, "web*", "there are no patterns: a key alone selects every value of it"},
		{"regular expressions", "x=~a", 2, "~a", "there are no regular expressions"},
		{"a colon", "x:a", 1, "x:a", "write x=a"},
		{"a colon and a blank", "x: a", 1, "x:", "write x=a"},
		{"braces", "{x=a}", 0, "{x", "values of in and notin stand in parentheses"},
		{"letters with accents", "x=café", 5, "café", "letters, digits, '-', '_' and '.' are all there is"},
		{"NUL", "x=a\x00", 3, "\x00", "a NUL byte is never part of a selector"},
		{"NUL first", "\x00x=a", 0, "\x00", "a NUL byte is never part of a selector"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := ParseStrict(tt.text)
			var got *SyntaxError
			if !errors.As(err, &got) {
				t.Fatalf("ParseStrict(%q): error %v, want a SyntaxError", tt.text, err)
			}
			want := &SyntaxError{Text: tt.text, Offset: tt.offset, Got: tt.got, Want: got.Want, Hint: tt.hint}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ParseStrict(%q) (-want +got):\n%s", tt.text, diff)
			}
			if got.Want == "" {
				t.Errorf("ParseStrict(%q) does not say what belongs there", tt.text)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	_, err := ParseStrict("app=web,x>=5")
	want := `parse selector "app=web,x>=5": byte 10: found "=" where a whole number belongs: there is no >=: write x>4`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	_, err = ParseStrict("x in (a")
	want = `parse selector "x in (a": byte 7: found nothing where ',' or ')' belongs: the list has no end: ')' is missing`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestCaret(t *testing.T) {
	tests := []struct{ rule, text, want string }{
		{"under what is wrong", "x in a", "x in a\n     ^"},
		{"behind the end", "x,", "x,\n  ^"},
		{"a letter is one place", "x=é,ü", "x=é,ü\n  ^"},
		{"what does not print is a dot", "x=a\t\x00", "x=a..\n    ^"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := ParseStrict(tt.text)
			if diff := cmp.Diff(tt.want, err.(*SyntaxError).Caret()); diff != "" {
				t.Errorf("caret (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseStrictTakesWhatParseTakes(t *testing.T) {
	for _, text := range []string{"", " ", "in in (in)", "x==a", "x in (,a,,)", "! x", "x>007", "x=", "notin=in"} {
		got, err := ParseStrict(text)
		if err != nil {
			t.Errorf("ParseStrict(%q): %v", text, err)
		}
		if want := MustParse(text); want.String() != got.String() {
			t.Errorf("ParseStrict(%q) = %q, want %q", text, got, want)
		}
	}
}
