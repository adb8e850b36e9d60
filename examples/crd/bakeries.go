package main

import (
	"github.com/podwright/podwright/builders"
	v1 "github.com/podwright/podwright/examples/crd/api/v1"
	bake "github.com/podwright/podwright/examples/crd/api/v1/builders"
	corev1 "k8s.io/api/core/v1"
)

// corner is a bakery as it should be. What heats its oven is one builder: an oven that burns gas and wood, or nothing at
// all, does not compile. Till and shops are given as the builders that Podwright has of Kubernetes' own types.
func corner() bake.BakeryBuilder {
	return bake.Bakery("corner", "500k").
		Label("street", "main").
		Oven(bake.Oven(bake.ElectricOven())).
		Breads(
			bake.Bread("baguette"),
			bake.Bread("black loaf").Flour(v1.Rye).Sourdough(true),
		).
		Shops(builders.LabelSelector().MatchLabel("buys", "bread")).
		Till(builders.Pod("").Label("app", "till").Containers(till("64Mi")))
}

// wrong has five mistakes that the compiler cannot see. A builder goes on after a mistake, so that all of them are told at
// once.
func wrong() bake.BakeryBuilder {
	return bake.Bakery("wrong", "20 sacks").
		Oven(bake.Oven(bake.WoodOven().Wood(v1.Birch)).Celsius(500)).
		Breads(
			bake.Bread("baguette"),
			bake.Bread("stretched").Flour("Sawdust"),
			bake.Bread("baguette"),
		).
		Till(builders.Pod("").Containers(till("64 MB")))
}

func till(memory string) builders.ContainerBuilder {
	return builders.Container("till", "heejeong/till").Limit(corev1.ResourceMemory, memory)
}
