package fake

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/draw"
	corev1 "k8s.io/api/core/v1"
)

// tableOf orders pods by labels: one key makes columns, two make rows and columns.
func (d *drawing) tableOf(pods []*corev1.Pod) draw.Table {
	t := draw.Table{Title: d.title}
	switch len(d.keys) {
	case 1:
		t.Column = d.keys[0]
	case 2:
		t.Row, t.Column = d.keys[0], d.keys[1]
	}
	t.Rows, t.Columns = valuesOf(t.Row, pods), valuesOf(t.Column, pods)
	for _, p := range pods {
		t.Pods = append(t.Pods, draw.Member{
			Name: d.shownName(p), State: podState(p), Row: valueOf(t.Row, p), Column: valueOf(t.Column, p), Labels: labelTexts(p, d.keys),
		})
	}
	return t
}

// valuesOf are what pods have for a label, sorted, and last that some have none.
func valuesOf(key string, pods []*corev1.Pod) []string {
	var values []string
	without := false
	for _, p := range pods {
		if _, ok := p.Labels[key]; ok {
			values = append(values, valueOf(key, p))
		} else {
			without = true
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	if without {
		values = append(values, withoutLabel(key))
	}
	return values
}

func valueOf(key string, pod *corev1.Pod) string {
	if v, ok := pod.Labels[key]; ok {
		return key + "=" + v
	}
	return withoutLabel(key)
}

func withoutLabel(key string) string {
	if key == "" {
		return ""
	}
	return "no " + key
}
