package selector

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// The laws that hold for every text and all labels, most of them: what upstream does.

// sameError reports whether both failed with one text, and fails the test if only one did or with another.
func sameError(t *testing.T, what string, want, got error) (failed bool) {
	t.Helper()
	switch {
	case want == nil && got == nil:
		return false
	case want == nil || got == nil || want.Error() != got.Error():
		t.Errorf("%s: error %v, want %v", what, got, want)
	}
	return true
}

// alike fails unless two selectors have the same text and select the same of some labels.
func alike(t *testing.T, r *random, what string, want labels.Selector, got Selector) {
	t.Helper()
	if want.String() != got.String() || want.Empty() != got.IsEmpty() {
		t.Errorf("%s: %q (empty %t), want %q (empty %t)", what, got, got.IsEmpty(), want, want.Empty())
	}
	for range 4 {
		agree(t, r.set(), want, got)
	}
}

// agree fails unless two selectors both select a set or both do not.
func agree(t *testing.T, set map[string]string, want labels.Selector, got Selector) {
	t.Helper()
	if w, g := want.Matches(labels.Set(set)), got.Matches(set); w != g {
		t.Errorf("%q matches %q: %t, want %t", got, set, g, w)
	}
	asked := map[string]int{}
	g := got.MatchesFunc(func(key string) (string, bool) {
		asked[key]++
		value, ok := set[key]
		return value, ok
	})
	if w := want.Matches(labels.Set(set)); w != g {
		t.Errorf("%q matches the func of %q: %t, want %t", got, set, g, w)
	}
	for key, n := range asked {
		if n > 1 {
			t.Errorf("%q asked %d times for %q", got, n, key)
		}
	}
	requirements, _ := want.Requirements()
	i := 0
	for mine := range got.Requirements() {
		value, has := set[mine.Key()]
		if w := requirements[i].Matches(labels.Set(set)); w != mine.Accepts(value, has) {
			t.Errorf("%q accepts %q, %t: %t, want %t", mine, value, has, !w, w)
		}
		i++
	}
}

// strictly fails unless ParseStrict takes text exactly if Parse does and it has no NUL byte.
func strictly(t *testing.T, text string) {
	t.Helper()
	want, wantErr := Parse(text)
	got, err := ParseStrict(text)
	if refuse := wantErr != nil || strings.Contains(text, "\x00"); refuse != (err != nil) {
		t.Errorf("ParseStrict(%q): error %v, Parse: %v", text, err, wantErr)
	}
	if err == nil {
		if want.String() != got.String() {
			t.Errorf("ParseStrict(%q) = %q, want %q", text, got, want)
		}
		return
	}
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("ParseStrict(%q): a %T", text, err)
	}
	if syntax.Offset < 0 || syntax.Offset > len(text) || syntax.Text != text || syntax.Want == "" || !strings.Contains(text, syntax.Got) {
		t.Errorf("ParseStrict(%q): %+v", text, syntax)
	}
	if lines := strings.Split(syntax.Caret(), "\n"); len(lines) != 2 {
		t.Errorf("ParseStrict(%q): a caret on %d lines", text, len(lines))
	}
}

func TestParseRandomly(t *testing.T) {
	var p Parser
	randomly(t, func(t *testing.T, r *random) {
		text := r.text()
		same(t, text)
		strictly(t, text)
		want, wantErr := Parse(text)
		got, err := p.Parse(text)
		if sameError(t, "Parser "+text, wantErr, err) {
			return
		}
		if want.String() != got.String() {
			t.Errorf("a used Parser: %q, want %q", got, want)
		}
	})
}

func TestMatchesRandomly(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		text := r.text()
		got, err := Parse(text)
		if err != nil {
			return
		}
		alike(t, r, text, must(labels.Parse(text)), got)
	})
}

// A selector's text is read as the same selector.
func TestStringRoundTrip(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		s, err := Parse(r.text())
		if err != nil {
			return
		}
		text, err := s.Query()
		if err != nil {
			t.Fatalf("query of %q: %v", s, err)
		}
		again, err := Parse(text)
		if err != nil || again.String() != s.String() {
			t.Fatalf("%q is read as %q, error %v", text, again, err)
		}
		if got := string(s.AppendTo([]byte("x:"))); got != "x:"+text {
			t.Errorf("AppendTo %q, want %q", got, "x:"+text)
		}
		alike(t, r, text, s.AsSelector(), again)
		alike(t, r, "there and back", s.AsSelector(), FromSelector(s.AsSelector()))
	})
}

func TestFromLabelSelectorIsUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		from := r.labelSelector()
		before := from.DeepCopy()
		want, wantErr := metav1.LabelSelectorAsSelector(from)
		got, err := FromLabelSelector(from)
		if sameError(t, metav1.FormatLabelSelector(from), wantErr, err) {
			return
		}
		alike(t, r, got.String(), want, got)
		alike(t, r, "FromSelector", want, FromSelector(want))
		alike(t, r, "AsSelector", got.AsSelector(), got)
		if diff := cmp.Diff(before, from); diff != "" {
			t.Errorf("FromLabelSelector changed what it was given (-before +after):\n%s", diff)
		}
	})
}

// What an API object can say survives the way there and back.
func TestAsLabelSelectorRoundTrip(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		s, err := Parse(r.text())
		if err != nil {
			return
		}
		compares := slices.ContainsFunc(slices.Collect(s.Requirements()), func(q Requirement) bool {
			_, ok := q.Number()
			return ok
		})
		to, err := s.AsLabelSelector()
		if compares != (err != nil) {
			t.Fatalf("AsLabelSelector of %q: error %v", s, err)
		}
		if err != nil {
			return
		}
		back, err := metav1.LabelSelectorAsSelector(to)
		if err != nil {
			t.Fatalf("upstream of %q: %v", s, err)
		}
		again, err := FromLabelSelector(to)
		if err != nil {
			t.Fatalf("FromLabelSelector of %q: %v", s, err)
		}
		for range 4 {
			set := r.set()
			if want := s.Matches(set); back.Matches(labels.Set(set)) != want || again.Matches(set) != want {
				t.Errorf("%q and its label selector %v differ about %q", s, to, set)
			}
		}
	})
}

func TestFromSetIsUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		set := r.set()
		alike(t, r, "FromSet", labels.SelectorFromSet(set), FromSet(set))
		agree(t, set, labels.SelectorFromSet(set), FromSet(set))
		alike(t, r, "there and back", labels.SelectorFromSet(set), FromSelector(FromSet(set).AsSelector()))
	})
}

func TestFromValidSetIsUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		set := r.validSet()
		if r.IntN(3) == 0 { // one wrong label: of several, upstream reports any
			clear(set)
			set[r.key()] = r.value()
		}
		want, wantErr := labels.ValidatedSelectorFromSet(set)
		got, err := FromValidSet(set)
		if !sameError(t, "FromValidSet", wantErr, err) {
			alike(t, r, "FromValidSet", want, got)
		}
	})
}

// Query gives either a text that means what the selector means, or an error.
func TestQueryMeansTheSelector(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		s := FromSet(r.set())
		text, err := s.Query()
		if err != nil {
			if !errors.Is(err, ErrNotQueryable) {
				t.Errorf("query of %q: %v", s, err)
			}
			return
		}
		alike(t, r, text, must(labels.Parse(text)), s)
	})
}

func TestAndIsAdd(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		one, err := Parse(r.text())
		other, otherErr := Parse(r.text())
		if err != nil || otherErr != nil {
			return
		}
		before := one.String()
		more, _ := other.AsSelector().Requirements()
		want := one.AsSelector().Add(more...)
		alike(t, r, "And", want, one.And(slices.Collect(other.Requirements())...))
		if one.String() != before {
			t.Errorf("And changed %q to %q", before, one)
		}
	})
}

func TestRequiresExactIsUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		s, err := Parse(r.text())
		if err != nil {
			return
		}
		for _, key := range goodKeys {
			want, wantOK := s.AsSelector().RequiresExactMatch(key)
			if got, ok := s.RequiresExact(key); ok != wantOK || got != want && ok {
				t.Errorf("%q requires of %q: %q, %t, want %q, %t", s, key, got, ok, want, wantOK)
			}
		}
	})
}

func TestRequirementsAreUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		text := r.text()
		s, err := Parse(text)
		if err != nil {
			return
		}
		want, _ := must(labels.Parse(text)).Requirements()
		got := slices.Collect(s.Requirements())
		if len(got) != len(want) || s.Len() != len(want) {
			t.Fatalf("%q has %d requirements, want %d", s, len(got), len(want))
		}
		for i, q := range got {
			w := &want[i]
			sorted := slices.Sorted(slices.Values(w.ValuesUnsorted()))
			if q.Key() != w.Key() || q.Operator() != w.Operator() || !slices.Equal(q.Values(), sorted) || q.String() != w.String() {
				t.Errorf("requirement %d of %q: %q, want %q", i, text, q, w)
			}
		}
	})
}

// New says of each requirement what upstream's NewRequirement says.
func TestNewIsUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		key, value, values := r.key(), r.value(), r.values(4)
		set := slices.Compact(slices.Sorted(slices.Values(values)))
		if len(set) == 0 {
			set = []string{}
		}
		for _, c := range []struct {
			got    Requirement
			op     selection.Operator
			values []string
		}{
			{Eq(key, value), selection.Equals, []string{value}},
			{NotEq(key, value), selection.NotEquals, []string{value}},
			{In(key, values...), selection.In, set},
			{NotIn(key, values...), selection.NotIn, set},
			{Has(key), selection.Exists, nil},
			{Missing(key), selection.DoesNotExist, nil},
			{Gt(key, 7), selection.GreaterThan, []string{"7"}},
			{Lt(key, -7), selection.LessThan, []string{"-7"}},
		} {
			want, wantErr := labels.NewRequirement(key, c.op, c.values)
			got, err := New(c.got)
			if !sameError(t, "New", wantErr, err) {
				alike(t, r, "New", labels.NewSelector().Add(*want), got)
			}
		}
	})
}

func TestNamesAreUpstreams(t *testing.T) {
	randomly(t, func(t *testing.T, r *random) {
		s := r.pick([]string{r.key(), r.value(), r.key() + "/" + r.key(), r.text()})
		if r.IntN(4) == 0 {
			s = string(bytes.Repeat([]byte(r.pick([]string{"a", "a.", "a-b", "A"})), r.IntN(260))) + r.pick([]string{"", "/a", "a/a"})
		}
		_, err := labels.NewRequirement(s, selection.Exists, nil)
		if IsKey(s) != (err == nil) {
			t.Errorf("IsKey(%q) = %t, upstream: %v", s, IsKey(s), err)
		}
		_, err = labels.NewRequirement("a", selection.Equals, []string{s})
		if IsValue(s) != (err == nil) {
			t.Errorf("IsValue(%q) = %t, upstream: %v", s, IsValue(s), err)
		}
	})
}
