package crd

import (
	"errors"
	"fmt"
	"testing"
)

// What was made is made once, an error is not kept, and of very many the oldest are let go.
func TestKeeper(t *testing.T) {
	var k keeper[int]
	calls := 0
	get := func(key any, err error) int {
		n, _ := k.get(key, func() (int, error) { calls++; return calls, err })
		return n
	}
	if a, b := get("a", nil), get("a", nil); a != b || calls != 1 {
		t.Errorf("%d and %d in %d calls", a, b, calls)
	}
	get("bad", errors.New("no"))
	get("bad", errors.New("no"))
	if calls != 3 {
		t.Errorf("an error is kept: %d calls", calls)
	}
	for i := range mostKept {
		get(fmt.Sprint("more ", i), nil)
	}
	if calls = 0; get("a", nil) != 1 || calls != 1 {
		t.Error("the oldest is still there")
	}
	if len(k.made) != mostKept || len(k.keys) != mostKept {
		t.Errorf("%d things and %d keys are kept", len(k.made), len(k.keys))
	}
}
