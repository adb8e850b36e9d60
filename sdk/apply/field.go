package apply

import (
	"reflect"
	"sync"

	"github.com/podwright/podwright/sdk/internal/intent"
)

// pair is a field of an object's struct and the field of the same name in that of the apply configuration.
type pair struct{ from, to intent.Field }

var pairsSeen sync.Map // of [2]reflect.Type to []pair

// pairsOf returns the fields that prune must look at, in their order: those with structs, and those without a partner.
func pairsOf(from, to reflect.Type) []pair {
	key := [2]reflect.Type{from, to}
	if seen, ok := pairsSeen.Load(key); ok {
		return seen.([]pair)
	}
	var pairs []pair
	for _, f := range intent.Fields(from) {
		p := pair{from: f, to: intent.FieldNamed(to, f.Name)}
		if f.MayPrune || p.to.Index == nil {
			pairs = append(pairs, p)
		}
	}
	pairsSeen.Store(key, pairs)
	return pairs
}

// member returns the field of a struct by its name in JSON; invalid if there is none.
func member(v reflect.Value, name string) reflect.Value {
	if f := intent.FieldNamed(v.Type(), name); f.Index != nil {
		if m, err := v.FieldByIndexErr(f.Index); err == nil {
			return m
		}
	}
	return reflect.Value{}
}
