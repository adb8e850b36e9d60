package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Custom rows come after the table's own, sorted, the version to prefer first; they can be replaced and go, and hide nothing.
func TestTableDefine(t *testing.T) {
	old := &Resource{Group: "b.example.com", Version: "v1beta1", Kind: "Thing", Name: "things", Singular: "thing"}
	stored := &Resource{Group: "b.example.com", Version: "v1", Kind: "Thing", Name: "things", Singular: "thing", Stored: true}
	other := &Resource{Group: "a.example.com", Version: "v1", Kind: "Other", Name: "others", Singular: "other"}
	pods := &Resource{Version: "v1", Kind: "Pod", Name: "pods", Singular: "pod"}
	hidden := &Resource{Group: "a.example.com", Version: "v2", Kind: "Other", Name: "others", Singular: "other", Unserved: true, Stored: true}
	table := NewTable(Pods)
	for _, row := range []struct {
		rule string
		do   func()
		want []*Resource
	}{
		{"none yet", func() {}, []*Resource{Pods}},
		{"two versions", func() { table.Define("things", old, stored) }, []*Resource{Pods, stored, old}},
		{"another group", func() { table.Define("others", other) }, []*Resource{Pods, other, stored, old}},
		{"one replaced", func() { table.Define("others", other, hidden) }, []*Resource{Pods, other, stored, old}},
		{"a path that is taken", func() { table.Define("pods", pods) }, []*Resource{Pods, other, stored, old}},
		{"one gone", func() { table.Define("things") }, []*Resource{Pods, other}},
	} {
		row.do()
		if diff := cmp.Diff(paths(row.want), paths(table.Rows())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.rule, diff)
		}
	}
	if table.ForResource(schema.GroupResource{Resource: "pods"}) != Pods {
		t.Error("pods are hidden")
	}
	if got := table.ForResource(other.GroupResource()); got != hidden {
		t.Errorf("others are stored as %v", got)
	}
	if len(table.Stored()) != 2 {
		t.Errorf("%d resources are stored, want 2", len(table.Stored()))
	}
}

// A row that is a view of another is served, and stored as that other, in whatever order they are given.
func TestTableOfViews(t *testing.T) {
	for _, table := range []*Table{NewTable(Events, NewerEvents), NewTable(NewerEvents, Events)} {
		if len(table.Rows()) != 2 || table.ForKind(schema.GroupKind{Group: "events.k8s.io", Kind: "Event"}) != NewerEvents {
			t.Error("the view is not served")
		}
		stored := table.Stored()
		if len(stored) != 1 || stored[0] != Events || table.ForResource(NewerEvents.StoreKey()) != Events {
			t.Errorf("stored are %v, want events of the core group alone", paths(stored))
		}
	}
}

func paths(rows []*Resource) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.GroupVersion().WithResource(r.Name).String())
	}
	return out
}
