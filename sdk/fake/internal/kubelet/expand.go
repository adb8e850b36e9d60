package kubelet

import "strings"

// expand replaces the references $(NAME) in text by their values, as the API says of command, args and env. $$ is a
// dollar sign, and a reference that nothing is known about stays as it is.
func expand(text string, lookup func(name string) (string, bool)) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		value, rest := expandOne(after, lookup)
		out.WriteString(value)
		text = rest
	}
}

// expandOne returns what the text after a dollar sign stands for, and what follows it.
func expandOne(text string, lookup func(name string) (string, bool)) (value, rest string) {
	switch {
	case strings.HasPrefix(text, "$"):
		return "$", text[1:]
	case !strings.HasPrefix(text, "("):
		return "$", text
	}
	name, rest, closed := strings.Cut(text[1:], ")")
	if !closed {
		return "$(", text[1:]
	}
	if value, ok := lookup(name); ok {
		return value, rest
	}
	return "$(" + name + ")", rest
}
