package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/selector"
)

// A Method is a way to find the sets of labels that a selector selects.
type Method uint8

const (
	ByNothing    Method = iota // a value or key that it wants is nowhere
	ByAll                      // it selects everything
	ByPosting                  // it has one requirement, whose sets are known
	ByCandidates               // the sets of the rarest requirement are looked at one by one
	ByBits                     // the sets of all requirements are merged as bits
)

// String says what the method does, in a few words.
func (m Method) String() string {
	return [...]string{"nothing to find", "everything", "as indexed", "each candidate", "merged bits"}[m]
}

// A Plan says how a question is answered. It holds for the moment it was made.
type Plan struct {
	Selector   selector.Selector
	Namespace  string // "" for all
	Method     Method
	Driver     string // the requirement that decides what is looked at, "" if there is none
	Candidates int    // how many sets of labels are looked at, at most
	Sets       int    // how many there are
	Steps      []Step // the rarest first, negative ones last
}

// A Step is a requirement of a [Plan].
type Step struct {
	Text     string
	Sets     int // how many sets of labels have what it names
	Negative bool
}

// Plan says how [Index.List] answers. It looks nothing up but what the selector names.
func (x *Index[K, T]) Plan(s selector.Selector) Plan { return x.PlanIn("", s) }

// PlanIn says how [Index.ListIn] answers.
func (x *Index[K, T]) PlanIn(namespace string, s selector.Selector) Plan {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.sets.query(namespace, s)
	defer q.release()
	p := Plan{Selector: s, Namespace: namespace, Method: q.method, Sets: x.sets.number()}
	for i := range q.terms {
		p.Steps = append(p.Steps, Step{q.textOf(i, namespace), q.terms[i].sets, q.terms[i].negative})
	}
	switch p.Method {
	case ByNothing:
		p.Steps = nil
	case ByAll, ByBits:
		p.Candidates = p.Sets
	}
	if q.driver >= 0 && p.Method != ByNothing {
		p.Driver, p.Candidates = p.Steps[q.driver].Text, p.Steps[q.driver].Sets
	}
	sortSteps(p.Steps)
	return p
}

func (q *query) textOf(i int, namespace string) string {
	if at := q.terms[i].at; at >= 0 {
		return q.s.At(at).Requirement().String()
	}
	return "namespace " + namespace
}

// String returns a line about the plan and one for each requirement.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %d of %d sets", nameOf(p.Selector), p.Method, p.Candidates, p.Sets)
	if p.Driver != "" {
		fmt.Fprintf(&b, ", driven by %s", p.Driver)
	}
	for _, t := range p.Steps {
		sign := "has"
		if t.Negative {
			sign = "not"
		}
		fmt.Fprintf(&b, "\n  %s %d: %s", sign, t.Sets, t.Text)
	}
	return b.String()
}

func nameOf(s selector.Selector) string {
	if s.IsEmpty() {
		return "everything"
	}
	return s.String()
}

func sortSteps(steps []Step) {
	slices.SortStableFunc(steps, func(a, b Step) int {
		switch {
		case a.Negative != b.Negative && a.Negative:
			return 1
		case a.Negative != b.Negative:
			return -1
		}
		return cmp.Compare(a.Sets, b.Sets)
	})
}
