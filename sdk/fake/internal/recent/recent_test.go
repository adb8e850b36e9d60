package recent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/recent"
)

func TestMap(t *testing.T) {
	for _, tc := range []struct {
		rule string
		do   func(m *recent.Map[int, int])
		want []int // the keys that are known, of 0 to 9
	}{
		{"a new one is empty", func(*recent.Map[int, int]) {}, nil},
		{"as many as its size are kept", func(m *recent.Map[int, int]) { put(m, 0, 3) }, []int{0, 1, 2}},
		{"up to twice as many", func(m *recent.Map[int, int]) { put(m, 0, 6) }, []int{0, 1, 2, 3, 4, 5}},
		{"then those that were not used go", func(m *recent.Map[int, int]) { put(m, 0, 7) }, []int{3, 4, 5, 6}},
		{"those that were used stay", func(m *recent.Map[int, int]) { put(m, 0, 4); m.Get(1); put(m, 4, 6) }, []int{1, 3, 4, 5}},
		{"what is forgotten is not known", func(m *recent.Map[int, int]) { put(m, 0, 5); m.Forget(0); m.Forget(4); m.Forget(9) }, []int{1, 2, 3}},
		{"a second value replaces the first", func(m *recent.Map[int, int]) { m.Put(1, -1); put(m, 0, 3) }, []int{0, 1, 2}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			var got []int
			for k := range 10 {
				m := &recent.Map[int, int]{Size: 3} // a new one each time, since to look is to use
				tc.do(m)
				if v, ok := m.Get(k); ok && v == k {
					got = append(got, k)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

// put sets the keys from one number to another to themselves.
func put(m *recent.Map[int, int], from, to int) {
	for k := from; k < to; k++ {
		m.Put(k, k)
	}
}
