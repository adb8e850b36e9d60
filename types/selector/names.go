package selector

// What a byte may be in a selector, as bits.
const (
	alphanumeric = 1 << iota
	punctuation  // - _ .
	space
	special // = ! ( ) , > <
	lower   // lower-case letters and digits
)

// classes says what each byte may be. 0 is what stands nowhere in a valid selector.
var classes = func() (table [256]uint8) {
	mark := func(bytes string, class uint8) {
		for _, b := range []byte(bytes) {
			table[b] |= class
		}
	}
	mark("0123456789abcdefghijklmnopqrstuvwxyz", alphanumeric|lower)
	mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", alphanumeric)
	mark("-_.", punctuation)
	mark(" \t\r\n", space)
	mark("=!(),><", special)
	return table
}()

// The lengths that names may have.
const (
	maxName   = 63
	maxPrefix = 253
)

// IsKey reports whether s is a label key, as content.IsLabelKey of apimachinery does: a name, which may have a DNS name and a slash before it.
func IsKey(s string) bool { return isKey(s) }

// IsValue reports whether s is a label value: empty, or a name.
func IsValue(s string) bool { return isValue(s) }

func isKey(s string) bool {
	end := endOfName(s, 0)
	if end == len(s) {
		return isName(s)
	}
	if s[end] != '/' || !isPrefix(s[:end]) {
		return false
	}
	name := s[end+1:]
	return endOfName(name, 0) == len(name) && isName(name)
}

func isValue(s string) bool { return s == "" || endOfName(s, 0) == len(s) && isName(s) }

// endOfName finds the end of what may be a name at s[i:].
func endOfName(s string, i int) int {
	for i < len(s) && classes[s[i]]&(alphanumeric|punctuation) != 0 {
		i++
	}
	return i
}

// isName reports whether the bytes that may stand in a name are one.
func isName(s string) bool {
	return len(s)-1 < maxName && len(s) > 0 && classes[s[0]]&classes[s[len(s)-1]]&alphanumeric != 0
}

// isPrefix reports whether the bytes that may stand in a name are a DNS subdomain.
func isPrefix(s string) bool {
	last := len(s) - 1
	if last < 0 || last >= maxPrefix || classes[s[0]]&classes[s[last]]&lower == 0 {
		return false
	}
	for i := 1; i < last; i++ {
		if classes[s[i]]&lower != 0 || s[i] == '-' {
			continue
		}
		if s[i] != '.' || classes[s[i-1]]&classes[s[i+1]]&lower == 0 {
			return false
		}
	}
	return true
}
