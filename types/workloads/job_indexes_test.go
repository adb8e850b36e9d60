package workloads

import "testing"

func TestParseIndexes(t *testing.T) {
	for _, tt := range []struct {
		text  string
		total int32
		err   string
	}{
		{"", 0, ""},
		{"1,3-5,7", 5, ""},
		{"3,3", 0, "non-increasing order, previous: 3, current: 3"},
		{"5-3", 0, "non-increasing order, previous: 5, current: 3"},
		{"1-2-3", 0, `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`},
		{"x", 0, `cannot convert string to integer for index: "x"`},
		{"10", 0, `too large index: "10"`},
	} {
		total, err := parseIndexes(tt.text, 10)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if total != tt.total || got != tt.err {
			t.Errorf("%q: %d, %q; want %d, %q", tt.text, total, got, tt.total, tt.err)
		}
	}
}

func TestOverlap(t *testing.T) {
	for _, tt := range []struct {
		completed, failed string
		at                string
	}{
		{"", "1", ""},
		{"0-3,7", "4-6,8", ""},
		{"0-3,7", "5-7", "failedIndexes and completedIndexes overlap at index: 7"},
		{"x,2", "1-2", "failedIndexes and completedIndexes overlap at index: 2"},
	} {
		got := ""
		if err := overlap(tt.completed, tt.failed, 10); err != nil {
			got = err.Error()
		}
		if got != tt.at {
			t.Errorf("%q and %q: %q, want %q", tt.completed, tt.failed, got, tt.at)
		}
	}
}
