package analyze

import (
	"math"
	"slices"

	"github.com/podwright/podwright/types/selector"
)

// An Option says which labels there are to be selected: [Valid], the default, [Raw] or [Vocabulary]. Of several the last one
// counts. The zero value is Valid.
type Option struct{ universe universe }

// Valid is the default: keys and values are those that an API server stores. So numbers are not negative, and each has
// dozens of spellings: 7, 07, 007 and so on up to 63 digits.
func Valid() Option { return Option{} }

// Raw is for labels that nobody has validated: keys and values are any strings, so that +7 and -7 are numbers too.
func Raw() Option { return Option{universe{raw: true}} }

// Vocabulary is for labels that are agreed on: each key in values has one of its values or is missing, and a key without
// values is always missing. Other keys are as in [Valid]. The map is copied.
func Vocabulary(values map[string][]string) Option {
	words := make(map[string][]string, len(values))
	for key, list := range values {
		words[key] = slices.Compact(slices.Sorted(slices.Values(list)))
	}
	return Option{universe{words: words}}
}

// universe is the labels that there can be.
type universe struct {
	raw   bool
	words map[string][]string // sorted
}

func universeOf(options []Option) universe {
	if len(options) == 0 {
		return universe{}
	}
	return options[len(options)-1].universe
}

func (u universe) hasKey(key string) bool { return u.raw || selector.IsKey(key) }

func (u universe) hasValue(value string) bool { return u.raw || selector.IsValue(value) }

// least is the least number that a value can be.
func (u universe) least() int64 {
	if u.raw {
		return math.MinInt64
	}
	return 0
}
