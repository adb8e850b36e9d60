package facts_test

import (
	"encoding/json"
	"fmt"

	"github.com/podwright/podwright/types/facts"
)

type Shelf struct {
	Loaves int    `json:"loaves,omitempty"`
	Bread  string `json:"bread"`
}

// What podwright types generates of markers in a package's source looks like this.
func init() {
	facts.Register(facts.Table{{Name: "github.com/podwright/podwright/types/facts_test.Shelf", Fields: []facts.Field{
		{Name: "loaves", Default: "12", Minimum: "1"},
		{Name: "bread", Required: true},
	}}})
}

func ExampleDefault() {
	shelves := map[string]*Shelf{"upper": {Bread: "rye"}, "lower": {Bread: "rye", Loaves: 3}}
	facts.Default(&shelves)
	text, _ := json.Marshal(shelves)
	fmt.Println(string(text))
	// Output: {"lower":{"loaves":3,"bread":"rye"},"upper":{"loaves":12,"bread":"rye"}}
}

func ExampleValidate() {
	for _, err := range facts.Validate([]Shelf{{Bread: "rye"}, {Loaves: -1}}) {
		fmt.Println(err)
	}
	// Output:
	// [1].loaves: Invalid value: -1: must be greater than or equal to 1
	// [1].bread: Required value
}
