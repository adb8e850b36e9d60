package vocabulary

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/selection"
)

// maxWord is how many bits a Word can have.
const maxWord = 4 * 64

// A wordKey is where a key stands in a Word, and what of it is told apart there: one bit of these is set.
//
//	first            it is missing
//	first+1...       one of values
//	then             any other value, or if there are cuts, one that is no number
//	then             a number below the first cut, from it to the second, and so on
type wordKey struct {
	*Key
	first  int
	values []string
	cuts   []int64
}

// bits is how many bits a key has.
func (k *wordKey) bits() int {
	n := 1 + len(k.values) + 1
	if len(k.cuts) > 0 {
		n += len(k.cuts) + 1
	}
	return n
}

func (k *wordKey) other() int { return k.first + 1 + len(k.values) }

// sample is a value that stands for those of a bit, and whether the key is there at all.
func (k *wordKey) sample(bit int) (value string, there bool) {
	switch n := bit - k.first; {
	case n == 0:
		return "", false
	case bit < k.other():
		return k.values[n-1], true
	case bit == k.other():
		return nowhere, true
	case bit == k.other()+1:
		return k.spell(math.MinInt64), true
	default:
		return k.spell(k.cuts[bit-k.other()-2]), true
	}
}

// spell writes a number in a way that no value is written.
func (k *wordKey) spell(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for slices.Contains(k.values, sign+text) {
		text = "0" + text
	}
	return sign + text
}

// wordKeys lays out a Word. An open key that no selector asks for is not in it. A key stands in one word, so that what a
// selector asks for is in as few as can be, unless it has too many values for that.
func (v *Vocabulary) wordKeys() ([]wordKey, error) {
	var list []wordKey
	at := 0
	for i := range v.Keys {
		k := wordKey{Key: &v.Keys[i], values: v.Keys[i].valueNames()}
		asked := false
		for _, s := range v.Selectors {
			for r := range s.selector.Requirements() {
				if r.Key() == k.Name {
					asked = true
					k.tellApart(r)
				}
			}
		}
		if !asked && !k.isClosed() {
			continue
		}
		slices.Sort(k.cuts)
		k.cuts = slices.Compact(k.cuts)
		if rest := 64 - at%64; k.bits() > rest && k.bits() <= 64 {
			at += rest
		}
		k.first = at
		at += k.bits()
		if at > maxWord {
			path := fmt.Sprintf("keys[%d]", i)
			return nil, v.source.ErrorAt(path, fmt.Errorf("the values up to those of key %s are more than a Word has room for (%d bits): "+
				"say open: true of keys with many values, of which it then has those that selectors name", k.Name, maxWord))
		}
		list = append(list, k)
	}
	return list, nil
}

// tellApart makes a bit for what a requirement treats differently.
func (k *wordKey) tellApart(r selector.Requirement) {
	n, compares := r.Number()
	if !compares {
		for _, value := range r.Values() {
			if !slices.Contains(k.values, value) {
				k.values = append(k.values, value)
			}
		}
		return
	}
	if r.Operator() == selection.GreaterThan {
		n++
	}
	k.cuts = append(k.cuts, n)
}

// deny are the bits, as words, that labels must not have for a selector to select them.
func deny(keys []wordKey, s selector.Selector) (words [4]uint64) {
	for _, k := range keys {
		for bit := k.first; bit < k.first+k.bits(); bit++ {
			value, there := k.sample(bit)
			for r := range s.Requirements() {
				if r.Key() == k.Name && !r.Accepts(value, there) {
					words[bit/64] |= 1 << (bit % 64)
				}
			}
		}
	}
	return words
}

// wordLen is how many words of 64 bits the keys take.
func wordLen(keys []wordKey) int {
	if len(keys) == 0 {
		return 1
	}
	last := keys[len(keys)-1]
	return (last.first + last.bits() + 63) / 64
}

func hex(word uint64) string { return "0x" + strings.ToLower(strconv.FormatUint(word, 16)) }
