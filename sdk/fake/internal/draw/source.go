package draw

import (
	"slices"
	"strconv"
)

// source is where lines to pods begin: a service, or one port of the machine that forwards.
type source struct {
	class   string // of its lines
	label   string
	exit    point
	targets []aim
}

// aim is a pod that a source leads to, and what stands at the pod.
type aim struct {
	pod   string
	entry entry
}

// colours is how many colours services take turns with.
const colours = 5

// sources are what leads to pods, from left to right: port-forwards and then services. Pods that are not drawn are no targets.
func (p Picture) sources() []source {
	shown := map[string]bool{}
	for _, n := range p.Nodes {
		for _, pod := range n.Pods {
			shown[pod.ID] = true
		}
	}
	var all []source
	for _, f := range p.Forwards {
		s := source{class: "forward", label: "port-forward from " + f.From}
		if shown[f.Pod] {
			s.targets = []aim{{f.Pod, entry{source: len(all), port: f.Port, from: f.From}}}
		}
		all = append(all, s)
	}
	for i, v := range p.Services {
		s := source{class: "service" + strconv.Itoa(i%colours), label: "service " + v.Name}
		for _, t := range v.Targets {
			if shown[t.Pod] {
				s.targets = append(s.targets, aim{t.Pod, entry{len(all), t.Port, "service " + v.Name, !t.Ready}})
			}
		}
		all = append(all, s)
	}
	return all
}

// entriesOf are what comes into each pod, from top to bottom: the sources from right to left. A source further left has its lane
// further left too, so that its line passes below the ends of the others.
func entriesOf(sources []source) map[string][]entry {
	entries := map[string][]entry{}
	for _, s := range slices.Backward(sources) {
		for _, t := range s.targets {
			entries[t.pod] = append(entries[t.pod], t.entry)
		}
	}
	return entries
}

// The sizes of what stands above the nodes.
const (
	sourceHeight  = 62
	betweenSource = 20
	pillHeight    = 24
	serviceWidth  = 150 // at least
	serviceMost   = 260 // at most
	slant         = 12  // of a service's sides
)

// place draws the sources from x on, at height y, says where their lines begin, and answers where the row ends.
func (p Picture) place(s *scene, sources []source, x, y int) int {
	if n := len(p.Forwards); n > 0 {
		b := machine(p.Forwards, x, y)
		for i, pill := range b.boxes {
			sources[i].exit = point{pill.x + pill.w/2, b.bottom()}
		}
		s.boxes = append(s.boxes, b)
		x, sources = b.right()+betweenSource, sources[n:]
	}
	for i, v := range p.Services {
		b := v.box(x, y, sources[i].class)
		sources[i].exit = point{b.x + b.w/2, b.bottom()}
		s.boxes = append(s.boxes, b)
		x = b.right() + betweenSource
	}
	return x - betweenSource
}

// machine is where port-forwards begin.
func machine(forwards []Forward, x, y int) *box {
	const title = "Your machine"
	b := &box{rect: rect{x, y, 0, sourceHeight}, class: "machine", label: "your machine"}
	at := x + 10
	for _, f := range forwards {
		w := min(max(small.width(f.From)+20, 60), serviceMost)
		from := &box{rect: rect{at, y + 29, w, pillHeight}, shape: pill, class: "port", label: "port-forward from " + f.From}
		from.write(small, middle, at+w/2, y+29+16, w-16, f.From)
		b.add(from)
		at += w + 8
	}
	b.w = max(at+2-x, name.width(title)+20)
	b.write(name, start, x+10, y+20, b.w-20, title)
	return b
}

func (v Service) box(x, y int, class string) *box {
	w := name.width(v.Name)
	for _, n := range v.Notes {
		w = max(w, muted.width(n))
	}
	w = min(max(w+2*slant+12, serviceWidth), serviceMost)
	b := &box{rect: rect{x, y, w, sourceHeight}, shape: hexagon, class: "service " + class, label: "service " + v.Name}
	inner, line := w-2*slant-4, y+sourceHeight/2+5-len(v.Notes)*8
	b.write(name, middle, x+w/2, line, inner, v.Name)
	for i, n := range v.Notes {
		b.write(muted, middle, x+w/2, line+16+i*15, inner, n)
	}
	return b
}
