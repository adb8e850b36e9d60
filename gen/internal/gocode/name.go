package gocode

import (
	"strings"
	"unicode"
)

// Camel makes WebServer of web-server. What is neither letter nor digit is left out, so that the name can be empty, or
// start with a digit.
func Camel(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = true
			continue
		case up:
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}
