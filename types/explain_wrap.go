package types

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapped breaks the lines of a text at white space so that they have at most width characters, as far as words
// are no longer than that. White space is kept but where a line is broken. The choices are those of the WrapString
// that kubectl uses: a word moves to the next line only if at least two columns before it are taken, counting the space.
func wrapped(text string, width int) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		wrapLine(&b, line, width)
	}
	return b.String()
}

func wrapLine(b *strings.Builder, line string, width int) {
	column := 0
	for line != "" {
		var space, word string
		space, line = cutAt(line, func(r rune) bool { return !isBreak(r) })
		word, line = cutAt(line, isBreak)
		before, long := column+utf8.RuneCountInString(space), utf8.RuneCountInString(word)
		switch {
		case word == "" && before > width: // white space at the end that has no room
			return
		case word != "" && before > 1 && before+long > width:
			space, before = "\n", 0
		}
		b.WriteString(space)
		b.WriteString(word)
		column = before + long
	}
}

// isBreak says whether a line may be broken at r, which is not so at a no-break space.
func isBreak(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' }

// cutAt cuts s before the first character of which stop holds.
func cutAt(s string, stop func(rune) bool) (head, tail string) {
	if i := strings.IndexFunc(s, stop); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// indented puts so many spaces before every line, empty ones too.
func indented(text string, spaces int) string {
	pad := strings.Repeat(" ", spaces)
	return pad + strings.ReplaceAll(text, "\n", "\n"+pad)
}
