package selector

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// What people mean when they write what no selector says, by the place where a parser stumbles over it.

const (
	hintComma  = "requirements are separated by ','"
	hintOr     = "there is no \"or\": key in (a,b) is as near as it gets"
	hintQuotes = "keys and values take no quotation marks"
)

// words are what people write between requirements, in small letters.
var words = map[string]string{
	"and": hintComma, "&&": hintComma, "&": hintComma, ";": hintComma,
	"or": hintOr, "||": hintOr, "|": hintOr,
}

// hintAfter is for what follows a complete requirement.
func hintAfter(d *doctor) string {
	if hint := words[strings.ToLower(d.got())]; hint != "" {
		return hint
	}
	switch d.kind {
	case tokenWord:
		return "requirements are separated by ',', and values have no blanks"
	case tokenEqual:
		return hintComma + ", and values have no equals signs"
	case tokenClose:
		return "no '(' belongs to it"
	}
	return hintComma
}

// hintKey is for where a requirement should begin.
func hintKey(d *doctor, negated bool) string {
	switch {
	case negated && d.kind == tokenNot:
		return "one '!' is enough"
	case d.kind == tokenOpen:
		return "requirements are not grouped: there are only lists of values, as in key in (a,b)"
	case negated:
		return "'!' stands before a key that must not be there"
	case d.kind == tokenEnd:
		return "take the last ',' away"
	case d.kind == tokenComma:
		return "take one ',' away"
	case d.kind == tokenEqual || d.kind == tokenThan:
		return "a key belongs before it"
	}
	return ""
}

// hintNegated is for what follows !key.
func hintNegated(d *doctor) string {
	switch got := d.got(); {
	case d.kind == tokenEqual && got != "!=":
		return fmt.Sprintf("write %s!=%s", d.key, valueAfter(d))
	case strings.EqualFold(got, "in"):
		return fmt.Sprintf("write %s notin (...)", d.key)
	}
	return fmt.Sprintf("!%s wants the key not to be there, and has no operator", d.key)
}

// hintOperator is for what follows a key and is no operator.
func hintOperator(d *doctor) string {
	got := strings.ToLower(d.got())
	if than, ok := map[string]string{"gt": ">", "lt": "<"}[got]; ok {
		return fmt.Sprintf("write %s%s%s", d.key, than, valueAfter(d))
	}
	if than, ok := map[string]string{"ge": ">=", "gte": ">=", "le": "<=", "lte": "<="}[got]; ok {
		return inclusive(d.key, than, wordAfter(d))
	}
	switch after := wordAfter(d); {
	case got == "in" || got == "notin":
		return fmt.Sprintf("%s is written in small letters", got)
	case got == "not" && strings.EqualFold(after, "in"):
		return fmt.Sprintf("write %s notin (...)", d.key)
	case strings.EqualFold(d.key, "not") && d.kind == tokenWord:
		return fmt.Sprintf("write !%s", d.got())
	case got == "exists":
		return fmt.Sprintf("a key alone wants the key to be there: write %s", d.key)
	case got == "eq" || got == "is" || got == "equals":
		return fmt.Sprintf("write %s=%s", d.key, valueAfter(d))
	case got == "ne":
		return fmt.Sprintf("write %s!=%s", d.key, valueAfter(d))
	case words[got] != "":
		return words[got]
	case d.kind == tokenNot && after == "":
		return fmt.Sprintf("write !%s", d.key)
	case d.kind == tokenNot:
		return fmt.Sprintf("write %s!=%s", d.key, after)
	case d.kind == tokenOpen:
		return hintMissingBlank(d.key)
	case d.kind == tokenWord:
		return hintComma
	}
	return ""
}

// hintMissingBlank is for keyin (a).
func hintMissingBlank(key string) string {
	for _, operator := range []string{"notin", "in"} {
		if name, ok := strings.CutSuffix(key, operator); ok && isKey(name) {
			return fmt.Sprintf("write %s %s (...)", name, operator)
		}
	}
	return "in or notin belongs before '('"
}

// hintValue is for what follows an equals sign and is no value.
func hintValue(d *doctor) string {
	switch {
	case d.kind == tokenEqual:
		return fmt.Sprintf("write %s=%s", d.key, valueAfter(d))
	case d.kind == tokenNot:
		return fmt.Sprintf("write %s!=%s", d.key, valueAfter(d))
	case d.kind == tokenOpen && d.operator == "!=":
		return fmt.Sprintf("write %s notin (...)", d.key)
	case d.kind == tokenOpen:
		return fmt.Sprintf("write %s in (...)", d.key)
	case d.kind == tokenThan && d.operator != "!=":
		return inclusive(d.key, d.got()+"=", wordAfter(d))
	}
	return ""
}

// hintNumber is for what follows > or < and is no number that a label may have.
func hintNumber(d *doctor) string {
	got := d.got()
	switch {
	case d.kind == tokenEqual:
		return inclusive(d.key, d.operator+"=", wordAfter(d))
	case d.kind == tokenThan && d.operator == "<":
		return fmt.Sprintf("write %s!=%s", d.key, valueAfter(d))
	case d.kind != tokenWord:
		return fmt.Sprintf("write %s%s5, for example", d.key, d.operator)
	case got[0] == '-':
		return "no label value is negative, and no bound can be"
	case got[0] == '+':
		return "numbers have no sign"
	case strings.ContainsAny(got, `"'`):
		return hintQuotes
	}
	if f, err := strconv.ParseFloat(got, 64); err == nil && f < math.MaxInt64 {
		return "numbers have no fractions or exponents"
	} else if err == nil {
		return fmt.Sprintf("numbers end at %d", math.MaxInt64)
	}
	return fmt.Sprintf("%s compares numbers: for texts there are = and in", d.operator)
}

// inclusive says how key>=5 is written.
func inclusive(key, operator, number string) string {
	n, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err != nil:
		return fmt.Sprintf("there is no %s: >4 is as good as >=5", operator)
	case operator == ">=" && n > 0:
		return fmt.Sprintf("there is no >=: write %s>%d", key, n-1)
	case operator == "<=" && n >= 0 && n < math.MaxInt64:
		return fmt.Sprintf("there is no <=: write %s<%d", key, n+1)
	case operator == ">=":
		return fmt.Sprintf("there is no >=, and no label value is negative: write %s", key)
	}
	return fmt.Sprintf("there is no %s", operator)
}

// hintList is for what follows in and notin and is no parenthesis.
func hintList(d *doctor) string {
	word := strings.Trim(d.got(), `[]{}"'`)
	if d.kind == tokenWord && isValue(word) && word != "" {
		return fmt.Sprintf("values stand in parentheses: write %s %s (%s)", d.key, d.operator, word)
	}
	return fmt.Sprintf("values stand in parentheses: write %s %s (a,b)", d.key, d.operator)
}

// hintListed is for what does not belong into a list of values.
func hintListed(d *doctor) string {
	switch d.kind {
	case tokenEnd:
		return "the list has no end: ')' is missing"
	case tokenWord:
		return "values are separated by ','"
	case tokenOpen:
		return "lists are not nested"
	case tokenNot:
		return "a list has no '!': notin selects what is not in it"
	}
	return "the list has no end before it: ')' is missing"
}

// hintByte is for a byte, at the beginning of rest, that keys and values do not have.
func hintByte(d *doctor, rest string) string {
	switch rest[0] {
	case '"', '\'', '`':
		return hintQuotes
	case ';':
		return hintComma
	case '&':
		return hintComma
	case '|':
		return hintOr
	case '*', '?':
		return "there are no patterns: a key alone selects every value of it"
	case '~', '^', '$':
		return "there are no regular expressions"
	case ':':
		if d.operator == "" && len(d.key) > len(rest) {
			return fmt.Sprintf("write %s=%s", d.key[:len(d.key)-len(rest)], strings.TrimSpace(rest[1:]+valueAfterColon(d, rest)))
		}
	case '/':
		return "values have no slashes"
	case '[', ']', '{', '}':
		return "values of in and notin stand in parentheses"
	}
	return "letters, digits, '-', '_' and '.' are all there is"
}

// valueAfterColon is the next word if the colon ends this one.
func valueAfterColon(d *doctor, rest string) string {
	if len(rest) > 1 {
		return ""
	}
	return valueAfter(d)
}

// hintPrefix is for what stands before a key's slash and is no DNS name.
func hintPrefix(prefix, name string) string {
	if small := strings.ToLower(prefix); small != prefix && isKey(small+"/"+name) {
		return fmt.Sprintf("what stands before the slash has small letters: write %s/%s", small, name)
	}
	return "what stands before the slash is a DNS name, such as example.com"
}

// wordAfter is the next word in the text, "" if something else comes.
func wordAfter(d *doctor) string {
	ahead := *d
	ahead.next()
	if ahead.kind != tokenWord {
		return ""
	}
	return ahead.got()
}

// valueAfter is the next word if it is a value, or one to fill in.
func valueAfter(d *doctor) string {
	if word := strings.Trim(wordAfter(d), `"'`); word != "" && isValue(word) {
		return word
	}
	return "value"
}
