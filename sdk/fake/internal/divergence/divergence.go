// Package divergence is the list of what tests leave out when they hold the fake against a real cluster, each with its
// reason. The package documentation of fake publishes it.
//
// The one thing people get wrong: leaving something out in a comparison and not here. A test names what it leaves out, and
// fails for a row that nothing needs any more:
//
//	rows := divergence.Of("TestRecorded")
//	rows.Needed("table column descriptions") // the answers differ in it
//	...
//	rows.Check(t)
package divergence

import (
	"slices"
	"sync"
	"testing"
)

// Row is one thing that is left out.
type Row struct {
	Name   string
	Why    string
	HeldBy string // the test that leaves it out
}

// Accepted are all rows, in the order in which they are published. Shorter is better.
var Accepted = []Row{
	{
		"table column descriptions", "they are help texts that no client prints, and ours are in our words", "TestRecorded",
	},
	{
		"what a pod's status says of its containers", "the recorded node ran nothing: it gave containers no ids, no started, no users", "TestRecorded",
	},
	{
		"the names, notes and writer of a Node", "they are those of the software that plays the node", "TestRecorded",
	},
	{
		"events of a node", "the recorded node pulled and started nothing, and so told of nothing", "TestRecorded",
	},
	{
		"how often a node writes a pod's status", "the recorded node wrote it once, a kubelet as things happen", "TestRecorded",
	},
	{
		"log and exec of a pod on the recorded node", "it answered 404 for both", "TestRecorded",
	},
	{
		"meanings of enum values in explain", "they stand in comments of Kubernetes' source, which a Go program has not at run time", "TestTypesExplain",
	},
	{
		"descriptions of Quantity, Time, MicroTime and IntOrString", "these types describe themselves in comments only, so theirs are our words",
		"TestTypesExplain",
	},
	{
		"the ends of four descriptions", "the Go types' own documentation is cut at a line of dashes", "TestTypesExplain",
	},
}

// Rows are those of one test. Safe for concurrent use.
type Rows struct {
	names []string

	mu     sync.Mutex
	needed map[string]int
}

// Of returns the rows that a test leaves out.
func Of(test string) *Rows {
	r := &Rows{needed: map[string]int{}}
	for _, row := range Accepted {
		if row.HeldBy == test {
			r.names = append(r.names, row.Name)
		}
	}
	return r
}

// Needed notes that a comparison would fail without leaving name out. It panics for a name that is not among the rows.
func (r *Rows) Needed(name string) {
	if !slices.Contains(r.names, name) {
		panic("divergence: no row " + name + "; add it to Accepted, with its reason")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.needed[name]++
}

// Check fails the test for rows that nothing needed, and logs how many comparisons needed each.
func (r *Rows) Check(tb testing.TB) {
	tb.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range r.names {
		if n := r.needed[name]; n == 0 {
			tb.Errorf("nothing needs the divergence %q any more: take it off the list", name)
		} else {
			tb.Logf("%d comparisons leave out %s", n, name)
		}
	}
}
