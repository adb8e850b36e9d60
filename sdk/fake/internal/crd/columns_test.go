package crd

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

func TestCells(t *testing.T) {
	obj := thing(t, `{text: a, whole: 3, half: 2.5, flag: true, list: [{count: 1}, {count: 2}], none: null, when: "0001-01-01T00:00:00Z", never: soon}`)
	for name, row := range map[string]struct {
		kind, path string
		want       any
	}{
		"a text":                         {"string", ".spec.text", "a"},
		"a number as a text":             {"string", ".spec.whole", "3"},
		"an integer":                     {"integer", ".spec.whole", int64(3)},
		"an integer from a fraction":     {"integer", ".spec.half", int64(2)},
		"a number":                       {"number", ".spec.whole", float64(3)},
		"a boolean":                      {"boolean", ".spec.flag", true},
		"another type than the column's": {"integer", ".spec.text", nil},
		"nothing there":                  {"string", ".spec.nope.nope", nil},
		"null":                           {"integer", ".spec.none", nil},
		"the first of several":           {"integer", ".spec.list[*].count", int64(1)},
		"a date before there was time":   {"date", ".spec.when", "<unknown>"},
		"a date that is none":            {"date", ".spec.never", "<invalid>"},
		"a whole list as a text is JSON": {"string", ".spec.list", `[{"count":1},{"count":2}]`},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := newColumns([]apiextensionsv1.CustomResourceColumnDefinition{{Name: "C", Type: row.kind, JSONPath: row.path}})
			if err != nil {
				t.Fatal(err)
			}
			v := &Version{columns: c}
			if diff := cmp.Diff([]any{"a", row.want}, v.Cells(obj)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

// A definition without columns shows the age.
func TestDefaultColumns(t *testing.T) {
	var names []string
	for _, c := range defined(t, `{type: object}`).Versions[0].Columns() {
		names = append(names, c.Name+" "+c.Type)
	}
	if diff := cmp.Diff([]string{"Name string", "Age date"}, names); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}
