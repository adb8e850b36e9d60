package busybox

import (
	"regexp"
	"strings"
)

// compile makes a Go regular expression of a POSIX one, basic or extended. Back-references in patterns are refused by package regexp.
func compile(pattern string, extended, fold bool) (*regexp.Regexp, error) {
	if !extended {
		pattern = basic(pattern)
	} else {
		pattern = classes(pattern)
	}
	flags := "(?m)"
	if fold {
		flags = "(?mi)"
	}
	return regexp.Compile(flags + pattern)
}

// basic turns \( \) \{ \} \| \+ \? around, which are operators in a basic expression with a backslash only.
func basic(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '[':
			n := bracket(s[i:])
			b.WriteString(inClass(s[i : i+n]))
			i += n - 1
		case c == '\\' && i+1 < len(s):
			i++
			switch {
			case strings.IndexByte("(){}|+?", s[i]) >= 0:
				b.WriteByte(s[i])
			case s[i] == '<', s[i] == '>':
				b.WriteString(`\b`)
			default:
				b.WriteString(`\` + string(s[i]))
			}
		case strings.IndexByte("(){}|+?", c) >= 0:
			b.WriteString(`\` + string(c))
		case c == '*' && (i == 0 || s[i-1] == '(' && i > 1 && s[i-2] == '\\' || i == 1 && s[0] == '^'):
			b.WriteString(`\*`)
		case c == '^' && i > 0 && !(i > 1 && s[i-2] == '\\' && (s[i-1] == '(' || s[i-1] == '|')):
			b.WriteString(`\^`)
		case c == '$' && i+1 < len(s) && !strings.HasPrefix(s[i+1:], `\)`) && !strings.HasPrefix(s[i+1:], `\|`):
			b.WriteString(`\$`)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// classes is for extended expressions: brackets have no escapes, and \< and \> are ends of words.
func classes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '[':
			n := bracket(s[i:])
			b.WriteString(inClass(s[i : i+n]))
			i += n - 1
		case s[i] == '\\' && i+1 < len(s):
			i++
			if s[i] == '<' || s[i] == '>' {
				b.WriteString(`\b`)
			} else {
				b.WriteString(`\` + string(s[i]))
			}
		case s[i] == '{' && (i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9'):
			b.WriteString(`\{`)
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// bracket is how long the bracket expression is that s begins with.
func bracket(s string) int {
	i := 1
	if i < len(s) && s[i] == '^' {
		i++
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	for i < len(s) && s[i] != ']' {
		if s[i] == '[' && i+1 < len(s) && s[i+1] == ':' {
			if end := strings.Index(s[i:], ":]"); end > 0 {
				i += end + 1
			}
		}
		i++
	}
	return min(i+1, len(s))
}

// inClass escapes what only Go reads as something else.
func inClass(s string) string {
	s = strings.ReplaceAll(s, `\`, `\\`)
	for _, c := range []string{`\\n`, `\\t`} { // busybox reads these
		s = strings.ReplaceAll(s, c, c[1:])
	}
	if rest, ok := strings.CutPrefix(s, "[]"); ok {
		return `[\]` + rest
	}
	if rest, ok := strings.CutPrefix(s, "[^]"); ok {
		return `[^\]` + rest
	}
	return s
}
