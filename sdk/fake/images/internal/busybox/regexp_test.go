package busybox

import "testing"

func TestCompile(t *testing.T) {
	for _, tc := range []struct {
		rule, pattern string
		extended      bool
		text          string
		want          bool
	}{
		{"a plus is itself in a basic expression", `a+`, false, "a+", true},
		{"and repeats with a backslash", `^a\+$`, false, "aaa", true},
		{"and repeats in an extended one", `^a+$`, true, "aaa", true},
		{"a star at the start is itself", `*a`, false, "*a", true},
		{"groups of basic expressions", `^\(ab\)*$`, false, "abab", true},
		{"a bracket has no escapes", `^[\.]$`, true, `\`, true},
		{"a bracket that begins with a bracket", `^[]a]*$`, false, "]a]", true},
		{"classes", `^[[:digit:]_]\{2\}$`, false, "4_", true},
		{"ends of words", `\<go\>`, false, "let go!", true},
		{"ends of words, inside", `\<go\>`, false, "cargo", false},
		{"a brace that repeats nothing", `a{x`, true, "a{x", true},
		{"a dollar inside", `a$b`, false, "a$b", true},
	} {
		re, err := compile(tc.pattern, tc.extended, false)
		if err != nil {
			t.Errorf("%s: %v", tc.rule, err)
			continue
		}
		if got := re.MatchString(tc.text); got != tc.want {
			t.Errorf("%s: %s on %q is %v, as %s", tc.rule, tc.pattern, tc.text, got, re)
		}
	}
}
