package draw

import (
	"fmt"
	"strings"
)

// summary counts what there is.
func (p Picture) summary() string {
	nodes, pods := 0, 0
	for _, n := range p.Nodes {
		pods += len(n.Pods)
		if !n.Waiting {
			nodes++
		}
	}
	parts := []string{count(nodes, "node"), count(pods, "pod")}
	if n := len(p.Services); n > 0 {
		parts = append(parts, count(n, "service"))
	}
	if n := len(p.Forwards); n > 0 {
		parts = append(parts, count(n, "port-forward"))
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// describe tells the picture to those who cannot see it.
func (p Picture) describe() string {
	var b strings.Builder
	for _, n := range p.Nodes {
		where := "on node " + n.Name
		if n.Waiting {
			where = "on no node"
		}
		for _, pod := range n.Pods {
			fmt.Fprintf(&b, "%s, %s", pod.label(), where)
			for _, c := range pod.Containers {
				fmt.Fprintf(&b, "; %s", c.label())
			}
			b.WriteString(".\n")
		}
	}
	for _, s := range p.sources() {
		var to []string
		for _, t := range s.targets {
			text := t.pod
			if t.entry.unready {
				text += " (not ready)"
			}
			to = append(to, text)
		}
		if len(to) == 0 {
			to = []string{"no pod"}
		}
		fmt.Fprintf(&b, "%s leads to %s.\n", s.label, strings.Join(to, ", "))
	}
	return b.String()
}
