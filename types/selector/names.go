package selector

// What a byte may be in a selector, as bits.
const (
	alphanumeric = 1 << iota
	punctuation  // - _ .
	space
	special // = ! ( ) , > <
	lower   // lower-case letters and digits
	slash
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
	mark("/", slash)
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
	end, at := word(s, 0)
	if end != len(s) {
		return false
	}
	if at < 0 {
		return isName(s)
	}
	return isPrefix(s[:at]) && isName(s[at+1:])
}

func isValue(s string) bool {
	if s == "" {
		return true
	}
	end, at := word(s, 0)
	return end == len(s) && at < 0 && isName(s)
}

// word finds the end of what may be a key or value at s[i:], and where its slash is, -1 if there is none. A second slash ends it.
func word(s string, i int) (end, at int) {
	at = -1
	for ; i < len(s); i++ {
		class := classes[s[i]]
		if class&(alphanumeric|punctuation) != 0 {
			continue
		}
		if class != slash || at >= 0 {
			break
		}
		at = i
	}
	return i, at
}

// isName reports whether a word without slash is a name.
func isName(s string) bool {
	return len(s) > 0 && len(s) <= maxName && classes[s[0]]&alphanumeric != 0 && classes[s[len(s)-1]]&alphanumeric != 0
}

// isPrefix reports whether a word without slash is a DNS subdomain.
func isPrefix(s string) bool {
	if len(s) == 0 || len(s) > maxPrefix {
		return false
	}
	before := byte('.')
	for i := range len(s) {
		c := s[i]
		switch {
		case classes[c]&lower != 0:
		case c == '-' && before != '.':
		case c == '.' && before != '.' && before != '-':
		default:
			return false
		}
		before = c
	}
	return before != '.' && before != '-'
}
