package draw

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// dice makes pictures that nobody thought of, the same ones in every run.
type dice struct{ *rand.Rand }

func (d dice) picture() Picture {
	p := Picture{Title: d.word(9), Network: d.word(5), Note: d.word(5)}
	var ids []string
	for range d.IntN(4) {
		n := Node{Name: d.word(6), Note: d.word(6), Waiting: d.IntN(5) == 0}
		for range d.IntN(9) {
			id := fmt.Sprint("pod-", len(ids))
			ids = append(ids, id)
			n.Pods = append(n.Pods, d.pod(id))
		}
		p.Nodes = append(p.Nodes, n)
	}
	for range d.IntN(5) {
		s := Service{Name: d.word(6), Notes: []string{d.word(3), d.word(8)}[:d.IntN(3)]}
		for _, id := range ids {
			if d.IntN(3) == 0 {
				s.Targets = append(s.Targets, Target{id, d.word(1), d.IntN(2) == 0})
			}
		}
		p.Services = append(p.Services, s)
	}
	for range d.IntN(4) {
		if len(ids) > 0 {
			p.Forwards = append(p.Forwards, Forward{d.word(2), ids[d.IntN(len(ids))], d.word(1)})
		}
	}
	return p
}

func (d dice) pod(id string) Pod {
	p := Pod{ID: id, Name: id + d.word(6), State: d.one("Running", "Pending", "CrashLoopBackOff"), IP: d.one("", "10.244.17.254"), OnHost: d.IntN(6) == 0,
		Owner: d.one("", "", "ReplicationController x")}
	for range d.IntN(4) {
		p.Labels = append(p.Labels, d.word(2)+"="+d.word(3))
	}
	for i := range d.IntN(5) {
		p.Volumes = append(p.Volumes, Volume{fmt.Sprint("volume-", i), d.word(2)})
	}
	for range d.IntN(4) {
		c := Container{Name: d.word(4), Image: d.word(9), Kind: d.one("", "", "init", "sidecar", "ephemeral"), State: d.word(2), Own: d.one("", "/")}
		for range d.IntN(4) {
			c.Ports = append(c.Ports, fmt.Sprint(d.IntN(1<<16)))
		}
		for _, v := range p.Volumes {
			if d.IntN(2) == 0 {
				c.Mounts = append(c.Mounts, Mount{v.Name, "/" + d.word(5), d.IntN(2) == 0})
			}
		}
		p.Containers = append(p.Containers, c)
	}
	return p
}

// word is up to so many syllables, or nothing.
func (d dice) word(n int) string {
	var b strings.Builder
	for range d.IntN(n + 1) {
		b.WriteString(d.one("WWW", "crane", "-", "é", ".", "mm", "10", "i", " "))
	}
	return b.String()
}

func (d dice) one(words ...string) string { return words[d.IntN(len(words))] }
