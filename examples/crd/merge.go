package main

import (
	"io"

	bake "github.com/podwright/podwright/examples/crd/api/v1/builders"
	bakeryschema "github.com/podwright/podwright/examples/crd/api/v1/schema"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
	"sigs.k8s.io/yaml"
)

// bakeryType merges Bakeries by the generated schema, in which types are called as in OpenAPI documents.
var bakeryType = (&typed.Parser{Schema: schema.Schema{Types: bakeryschema.Types}}).
	Type("com.github.podwright.podwright.examples.crd.api.v1.Bakery")

// showMerged merges what two authors of one bakery say, as server-side apply does. Breads are told apart by their names,
// because their marker says listType=map and listMapKey=name: without it the second list would replace the first.
func showMerged(out io.Writer) error {
	owner := bake.Bakery("corner", "500k").Breads(bake.Bread("baguette"), bake.Bread("black loaf"))
	baker := bake.Bakery("corner", "500k").Breads(bake.Bread("black loaf").Flour("Rye"))
	merged, err := merge(owner, baker)
	if err != nil {
		return err
	}
	text, err := yaml.Marshal(merged)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// merge adds to the breads of one bakery what another one says of them.
func merge(first, second bake.BakeryBuilder) (any, error) {
	a, err := bakeryType.FromStructured(first.Unchecked())
	if err != nil {
		return nil, err
	}
	b, err := bakeryType.FromStructured(second.Unchecked())
	if err != nil {
		return nil, err
	}
	merged, err := a.Merge(b)
	if err != nil {
		return nil, err
	}
	spec, _ := merged.AsValue().AsMap().Get("spec")
	breads, _ := spec.AsMap().Get("breads")
	return breads.Unstructured(), nil
}
