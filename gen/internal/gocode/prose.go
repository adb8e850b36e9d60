package gocode

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// Comment adds documentation to a file, in lines of at most 120 characters.
func Comment(f *jen.File, text string) {
	for _, line := range wrap(text) {
		f.Comment(line)
	}
}

// CommentIn adds documentation in a group: of fields, or of constants.
func CommentIn(g *jen.Group, text string) {
	for _, line := range wrap(text) {
		g.Comment(line)
	}
}

// wrap leaves room for the slashes of a comment.
func wrap(text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > 117 {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// Enumerate writes a, b and c. Of one it is that one, of none it is empty.
func Enumerate(list []string, last string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	list = slices.Clone(list)
	end := len(list) - 1
	return strings.Join(list[:end], ", ") + " " + last + " " + list[end]
}
