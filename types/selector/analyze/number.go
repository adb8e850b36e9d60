package analyze

import (
	"math"
	"strconv"
	"strings"

	"github.com/podwright/podwright/types/selector"
)

// longest is how long a valid value can be, and mostDigits how long a number without zeros before it.
const (
	longest    = 63
	mostDigits = 19
)

// fewestSpellings is how many a number has at least, over valid values: itself and with zeros before it.
const fewestSpellings = longest - mostDigits + 1

// above and below narrow an interval to what a requirement wants. An empty one ends before it begins.
func above(t selector.Term, lo, hi int64) (int64, int64) {
	n, _ := t.Number()
	if n == math.MaxInt64 {
		return math.MaxInt64, math.MinInt64
	}
	return max(lo, n+1), hi
}

func below(t selector.Term, lo, hi int64) (int64, int64) {
	n, _ := t.Number()
	if n == math.MinInt64 {
		return math.MaxInt64, math.MinInt64
	}
	return lo, min(hi, n-1)
}

// number reads a value as > and < do.
func number(value string) (int64, bool) {
	if value == "" || value[0] > '9' { // spares making an error
		return 0, false
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return n, err == nil
}

// spans reports whether value is a number of the interval.
func (c *constraint) spans(value string) bool {
	n, ok := number(value)
	return ok && c.lo <= n && n <= c.hi
}

// spell calls yield with all valid values that are n, which is not negative, the shortest first. It stops when yield returns
// false, and reports whether it never did.
func spell(n int64, yield func(value string) bool) bool {
	digits := strconv.FormatInt(n, 10)
	padded := strings.Repeat("0", longest-len(digits)) + digits
	for i := longest - len(digits); i >= 0; i-- {
		if !yield(padded[i:]) {
			return false
		}
	}
	return true
}

// tighten leaves out the numbers at either end of an interval whose spellings are all excluded.
func tighten(lo, hi int64, excluded []string) (int64, int64) {
	if len(excluded) < fewestSpellings {
		return lo, hi
	}
	isExcluded := func(v string) bool { return contains(excluded, v) }
	for lo <= hi && spell(lo, isExcluded) {
		if lo == hi {
			return math.MaxInt64, math.MinInt64
		}
		lo++
	}
	for lo < hi && spell(hi, isExcluded) {
		hi--
	}
	return lo, hi
}

// exhausted reports whether one of two lists has each valid spelling of each number of an interval.
func exhausted(lo, hi int64, one, other []string) bool {
	if width := uint64(hi - lo); width >= uint64(len(one)+len(other))/fewestSpellings {
		return false
	}
	for n := lo; ; n++ {
		if !spell(n, func(v string) bool { return contains(one, v) || contains(other, v) }) {
			return false
		}
		if n == hi {
			return true
		}
	}
}
