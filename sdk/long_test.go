package sdk_test

import (
	"os"
	"strconv"
	"testing"
)

// long is how much a random test does: all of it, but a tenth with the race detector, with which it takes ten times as long.
// PODWRIGHT_LONG=1 has it do all.
func long(all int) int {
	if raceEnabled {
		return longest(all)
	}
	return all
}

// longest is a tenth of what a random test does with PODWRIGHT_LONG=1.
func longest(all int) int {
	if os.Getenv("PODWRIGHT_LONG") == "" {
		return all / 10
	}
	return all
}

// seed is what random tests draw from; PODWRIGHT_SEED draws another one.
func seed(t *testing.T) uint64 {
	text := os.Getenv("PODWRIGHT_SEED")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("PODWRIGHT_SEED: %v", err)
	}
	return n
}
