package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/podwright/podwright/examples/labels/labels"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
)

// pods asks the server for what a selector selects, in the order of the names.
func (t *tour) pods(s selector.Selector) ([]corev1.Pod, error) {
	list := &corev1.PodList{}
	err := t.client.List(t.ctx, list, sdk.Selecting(s))
	return list.Items, err
}

// names prints a selector, and the names of the pods that it selects.
func (t *tour) names(s selector.Selector) error {
	pods, err := t.pods(s)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s\n    %s\n", s, joined(pods, func(corev1.Pod) bool { return true }))
	return nil
}

// joined are the names of those pods that are wanted, or a dash.
func joined(pods []corev1.Pod, want func(corev1.Pod) bool) string {
	var names []string
	for _, p := range pods {
		if want(p) {
			names = append(names, p.Name)
		}
	}
	return cmp.Or(strings.Join(names, " "), "-")
}

// table prints every pod with its labels.
func (t *tour) table() error {
	pods, err := t.pods(selector.All())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	fmt.Fprintln(w, "NAME\tSTATUS\tAPP\tREL")
	for _, p := range pods {
		l, _ := labels.FromMap(p.Labels)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Name, p.Status.Phase, cmp.Or(string(l.App), "?"), cmp.Or(string(l.Rel), "?"))
	}
	return w.Flush()
}

// grid prints the pods by application and release.
func (t *tour) grid() error {
	pods, err := t.pods(selector.All())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	fmt.Fprint(w, "APP")
	for _, rel := range labels.Rel.Values() {
		fmt.Fprintf(w, "\t%s", strings.ToUpper(string(rel)))
	}
	fmt.Fprintln(w)
	for _, app := range labels.App.Values() {
		fmt.Fprint(w, app)
		for _, rel := range labels.Rel.Values() {
			fmt.Fprintf(w, "\t%s", joined(pods, func(p corev1.Pod) bool {
				l, _ := labels.FromMap(p.Labels)
				return l == labels.Labels{App: app, Rel: rel}
			}))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// group prints the pods of each application and of each release, as the server gives them.
func (t *tour) group() error {
	var values []selector.Requirement
	for _, app := range labels.App.Values() {
		values = append(values, labels.App.Eq(app))
	}
	for _, rel := range labels.Rel.Values() {
		values = append(values, labels.Rel.Eq(rel))
	}
	w := tabwriter.NewWriter(t.out, 0, 8, 3, ' ', 0)
	for _, value := range values {
		s, err := selector.New(value)
		if err != nil {
			return err
		}
		pods, err := t.pods(s)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", s, len(pods), joined(pods, func(corev1.Pod) bool { return true }))
	}
	return w.Flush()
}
