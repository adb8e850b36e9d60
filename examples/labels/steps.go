package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/examples/labels/labels"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/descriptor"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func (t *tour) runMess() error {
	for _, m := range shop {
		if err := t.run(pod(m.name)); err != nil {
			return err
		}
	}
	return t.table()
}

func (t *tour) askInVain() error {
	return t.names(labels.UISelector)
}

// label gives running pods their labels. They go on running: labels are of the object, and no container knows them.
func (t *tour) label() error {
	for _, m := range shop {
		if err := t.client.Label(t.ctx, named(m.name), m.labels.Map()); err != nil {
			return err
		}
	}
	return t.table()
}

// list asks for each selector of the vocabulary that is no controller's.
func (t *tour) list() error {
	for _, s := range []selector.Selector{
		labels.UISelector, labels.BackendSelector, labels.BuyingSelector, labels.CanarySelector, labels.PreviewSelector,
		labels.StableBackendSelector, labels.UnreleasedSelector,
	} {
		if err := t.names(s); err != nil {
			return err
		}
	}
	return nil
}

// listTyped asks what no name stands for. A value of another key, or none at all, does not compile.
func (t *tour) listTyped() error {
	s, err := selector.New(
		labels.App.NotIn(labels.AppUI, labels.AppOrderService),
		labels.Rel.NotEq(labels.RelStable),
	)
	if err != nil {
		return err
	}
	return t.names(s)
}

func (t *tour) runLabelled() error {
	if err := t.run(labelled("cart-dev", labels.Labels{App: labels.AppShoppingCart})); err != nil {
		return err
	}
	if err := t.names(labels.BuyingSelector); err != nil {
		return err
	}
	return t.names(labels.UnreleasedSelector)
}

func (t *tour) relabel() error {
	if err := t.client.Label(t.ctx, named("cart-dev"), labels.Labels{Rel: labels.RelBeta}.Map()); err != nil {
		return err
	}
	if err := t.names(labels.PreviewSelector); err != nil {
		return err
	}
	if err := t.client.Label(t.ctx, named("cart-dev"), nil, sdk.Remove(string(labels.Rel))); err != nil {
		return err
	}
	return t.names(labels.PreviewSelector)
}

func (t *tour) promote() error {
	stable := labels.Labels{Rel: labels.RelStable}.Map()
	var exists *sdk.OverwriteError
	if err := t.client.Label(t.ctx, named("new-ui"), stable); !errors.As(err, &exists) {
		return fmt.Errorf("the label was changed, error %w", err)
	}
	fmt.Fprintln(t.out, exists)
	if err := t.client.Label(t.ctx, named("new-ui"), stable, sdk.Overwrite()); err != nil {
		return err
	}
	if err := t.names(labels.StableUISelector); err != nil {
		return err
	}
	return t.names(labels.CanaryUISelector)
}

// adopt runs a controller of two pods where there are two already that nobody owns: it makes none, and takes those.
func (t *tour) adopt() error {
	rc, err := builders.ReplicationController("ui").
		Replicas(2).
		Select(labels.StableUISelector).
		Template(labelled("", labels.Labels{App: labels.AppUI, Rel: labels.RelStable})).
		Build()
	if err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, rc); err != nil {
		return err
	}
	text, err := descriptor.Encode(rc, descriptor.Clean())
	if err != nil {
		return err
	}
	if _, err := t.out.Write(text); err != nil {
		return err
	}
	pods, err := t.pods(labels.StableUISelector)
	if err != nil {
		return err
	}
	for i := range pods {
		if owner := metav1.GetControllerOf(&pods[i]); owner != nil {
			fmt.Fprintf(t.out, "%s belongs to %s %s\n", pods[i].Name, owner.Kind, owner.Name)
		}
	}
	return nil
}

func (t *tour) refuse() error {
	_, err := builders.ReplicationController("preview").
		Select(labels.PreviewSelector).
		Template(labelled("", labels.Labels{Rel: labels.RelBeta})).
		Build()
	if err == nil {
		return errors.New("the controller was built")
	}
	fmt.Fprintln(t.out, err)
	return nil
}

// words lists the pods once and then asks their words, as somebody does who asks a million times.
func (t *tour) words() error {
	pods, err := t.pods(selector.All())
	if err != nil {
		return err
	}
	var words []labels.Word
	for _, p := range pods {
		words = append(words, labels.WordOf(p.Labels))
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	for _, question := range []struct {
		text  string
		match func(labels.Word) bool
	}{
		{labels.UIText, labels.MatchUIWord},
		{labels.BackendText, labels.MatchBackendWord},
		{labels.PreviewText, labels.MatchPreviewWord},
		{labels.UnreleasedText, labels.MatchUnreleasedWord},
	} {
		n := 0
		for _, word := range words {
			if question.match(word) {
				n++
			}
		}
		fmt.Fprintf(w, "%s\t%d of %d\n", question.text, n, len(words))
	}
	return w.Flush()
}

// run creates a pod, and waits until it is ready.
func (t *tour) run(b builders.PodBuilder) error {
	pod, err := b.Build()
	if err != nil {
		return err
	}
	return t.client.Run(t.ctx, pod)
}

// named is a pod of a name, to be asked for.
func named(name string) *corev1.Pod {
	return builders.Pod(name).Unchecked()
}
