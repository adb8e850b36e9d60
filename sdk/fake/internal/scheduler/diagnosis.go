package scheduler

import (
	"fmt"
	"slices"
	"strings"
)

// diagnosis is why no node takes a pod.
type diagnosis struct {
	nodes      int
	reasons    map[string]int
	preemption map[string]int
	candidates []*node // that preemption may help with
	ineligible string  // why preemption was not tried
	preempted  bool    // it has made room
	by         []*plugin
}

func (d *diagnosis) add(n *node, v *verdict) {
	if d.reasons == nil {
		d.reasons, d.preemption = map[string]int{}, map[string]int{}
	}
	for _, r := range v.reasons {
		d.reasons[r]++
	}
	if v.final {
		d.preemption[unhelpful]++
	} else {
		d.candidates = append(d.candidates, n)
	}
	if !slices.Contains(d.by, v.by) {
		d.by = append(d.by, v.by)
	}
}

// message is FitError.Error, with what the DefaultPreemption plugin adds to it.
func (d *diagnosis) message() string {
	if d.nodes == 0 {
		return "no nodes available to schedule pods"
	}
	switch {
	case d.preempted:
		return d.available(d.reasons)
	case d.ineligible != "":
		return d.available(d.reasons) + " preemption: " + d.ineligible
	}
	return d.available(d.reasons) + " preemption: " + d.available(d.preemption)
}

func (d *diagnosis) available(counts map[string]int) string {
	var texts []string
	for reason, n := range counts {
		texts = append(texts, fmt.Sprintf("%d %s", n, reason))
	}
	slices.Sort(texts)
	return fmt.Sprintf("0/%d nodes are available: %s.", d.nodes, strings.Join(texts, ", "))
}
