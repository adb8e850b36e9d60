package main

import (
	"context"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/examples/labels/labels"
	"github.com/podwright/podwright/sdk/fake"
)

// shopImage is the image of all applications, which do nothing here but run.
const shopImage = "heejeong/shop"

func serveCustomers(ctx context.Context, _ *fake.Process) error {
	<-ctx.Done()
	return nil
}

// member is a pod of the shop: its name as somebody gave it, and what it really is.
type member struct {
	name   string
	labels labels.Labels
}

var shop = []member{
	{"frontend", labels.Labels{App: labels.AppUI, Rel: labels.RelStable}},
	{"web2", labels.Labels{App: labels.AppUI, Rel: labels.RelBeta}},
	{"new-ui", labels.Labels{App: labels.AppUI, Rel: labels.RelCanary}},
	{"accounts", labels.Labels{App: labels.AppAccountService, Rel: labels.RelStable}},
	{"prodcat", labels.Labels{App: labels.AppProductCatalog, Rel: labels.RelStable}},
	{"prodcat-b", labels.Labels{App: labels.AppProductCatalog, Rel: labels.RelStable}},
	{"catalog-try", labels.Labels{App: labels.AppProductCatalog, Rel: labels.RelCanary}},
	{"cart", labels.Labels{App: labels.AppShoppingCart, Rel: labels.RelStable}},
	{"orders", labels.Labels{App: labels.AppOrderService, Rel: labels.RelStable}},
	{"orders-next", labels.Labels{App: labels.AppOrderService, Rel: labels.RelBeta}},
	{"ord-fix", labels.Labels{App: labels.AppOrderService, Rel: labels.RelCanary}},
}

// pod is a pod of the shop without labels.
func pod(name string) builders.PodBuilder {
	return builders.Pod(name).Containers(builders.Container("app", shopImage)).TerminationGracePeriodSeconds(1)
}

// labelled is a pod that has labels from the start.
func labelled(name string, l labels.Labels) builders.PodBuilder {
	return pod(name).Labels(l.Map())
}
