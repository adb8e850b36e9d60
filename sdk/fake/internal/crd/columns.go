package crd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/client-go/util/jsonpath"
)

var metaDoc = metav1.ObjectMeta{}.SwaggerDoc()

// defaultColumns are those of a definition that has none.
var defaultColumns = []apiextensionsv1.CustomResourceColumnDefinition{
	{Name: "Age", Type: "date", Description: metaDoc["creationTimestamp"], JSONPath: ".metadata.creationTimestamp"},
}

// columns are the table of a version: the name, and what the definition says.
type columns struct {
	definitions []metav1.TableColumnDefinition
	paths       []apiextensionsv1.CustomResourceColumnDefinition
}

func newColumns(declared []apiextensionsv1.CustomResourceColumnDefinition) (*columns, error) {
	if len(declared) == 0 {
		declared = defaultColumns
	}
	c := &columns{
		definitions: []metav1.TableColumnDefinition{{Name: "Name", Type: "string", Format: "name", Description: metaDoc["name"]}},
		paths:       declared,
	}
	for _, col := range declared {
		if _, err := column(col); err != nil {
			return nil, fmt.Errorf("unrecognized column definition %q", col.JSONPath)
		}
		description := col.Description
		if description == "" {
			description = "Custom resource definition column (in JSONPath format): " + col.JSONPath
		}
		c.definitions = append(c.definitions, metav1.TableColumnDefinition{
			Name: col.Name, Type: col.Type, Format: col.Format, Description: description, Priority: col.Priority,
		})
	}
	return c, nil
}

// column parses the path of a column. What is parsed has a state, and serves one goroutine.
func column(col apiextensionsv1.CustomResourceColumnDefinition) (*jsonpath.JSONPath, error) {
	path := jsonpath.New(col.Name)
	path.AllowMissingKeys(true)
	return path, path.Parse("{" + col.JSONPath + "}")
}

// Columns head the table of the version.
func (v *Version) Columns() []metav1.TableColumnDefinition { return v.columns.definitions }

// Cells fill the row of an object. A cell of which nothing is found is null.
func (v *Version) Cells(obj store.Object) []any {
	cells := []any{obj.GetName()}
	for _, col := range v.columns.paths {
		cells = append(cells, cell(col, content(obj)))
	}
	return cells
}

func cell(col apiextensionsv1.CustomResourceColumnDefinition, obj map[string]any) any {
	path, err := column(col)
	if err != nil {
		return nil
	}
	results, err := path.FindResults(obj)
	if err != nil || len(results) == 0 || len(results[0]) == 0 {
		return nil
	}
	value := results[0][0].Interface()
	if col.Type != "string" {
		return typedCell(col.Type, value)
	}
	var b bytes.Buffer
	if err := path.PrintResults(&b, []reflect.Value{reflect.ValueOf(value)}); err != nil {
		return nil
	}
	return b.String()
}

// typedCell is a value in the type of its column, as cellForJSONValue has it, or nil if it has another.
func typedCell(kind string, value any) any {
	switch kind {
	case "integer":
		if f, ok := number(value); ok {
			return int64(f)
		}
	case "number":
		if f, ok := number(value); ok {
			return f
		}
	case "boolean":
		if b, ok := value.(bool); ok {
			return b
		}
	case "date":
		if s, ok := value.(string); ok {
			return age(s)
		}
	}
	return nil
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

// age is how long ago a date was, as kubectl words it.
func age(text string) string {
	var at metav1.Time
	if err := at.UnmarshalQueryParameter(text); err != nil {
		return "<invalid>"
	}
	if at.IsZero() {
		return "<unknown>"
	}
	return duration.HumanDuration(time.Since(at.Time))
}
