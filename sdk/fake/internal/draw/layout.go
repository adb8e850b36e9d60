package draw

// shapeOf is how many times as wide as high a picture should be. Among the numbers of columns that nodes can have, the one wins that comes
// nearest.
const shapeOf = 1.5

// layout decides where everything is.
func (p Picture) layout() *scene {
	most := 1
	for _, n := range p.Nodes {
		most = max(most, len(n.Pods))
	}
	var best *scene
	for columns := 1; columns <= min(most, 12); columns++ {
		if s := p.layoutIn(columns); best == nil || s.misshapen() < best.misshapen() {
			best = s
		}
	}
	return best
}

// misshapen is how far a picture is from the shape that it should have.
func (s *scene) misshapen() float64 {
	ratio := float64(s.w) / float64(s.h) / shapeOf
	return max(ratio, 1/ratio)
}

// layoutIn lays the picture out with so many columns in each node: from top to bottom the title, the sources, the nodes and the network.
func (p Picture) layoutIn(columns int) *scene {
	const betweenNodes = 20
	s := &scene{}
	sources := p.sources()
	entries := entriesOf(sources)
	nodes, tall := p.layoutNodes(columns, entries)
	x, bar := margin, margin // where the next node is, and where the last real one ends
	for i, l := range nodes {
		l.move(x, 0)
		x = l.right() + betweenNodes
		if !p.Nodes[i].Waiting {
			bar = l.right()
		}
	}
	right := x - betweenNodes
	s.w = max(right+margin, widthFor(p.Title))
	y := s.head(p.Title, p.summary())
	if len(sources) > 0 {
		right = max(right, p.place(s, sources, margin, y))
		y += sourceHeight + channel(sources)
	}
	var all []*column
	for _, l := range nodes {
		l.h = tall
		l.move(0, y)
		s.boxes = append(s.boxes, l.box)
		for _, c := range l.columns {
			all = append(all, c)
			for _, pod := range c.pods {
				s.lines = append(s.lines, pod.lines...)
			}
		}
	}
	route(s, sources, all, y)
	y += tall
	if p.Network != "" && bar > margin {
		connectNetwork(s, p.Network, p.Note, all, rect{margin, y + 22, bar - margin, 30})
		y += 52
	}
	s.w, s.h = max(s.w, right+margin), y+margin
	s.description = p.describe()
	return s
}

// layoutNodes lays the nodes out in so many columns, or in fewer where that makes a node no higher than the highest.
func (p Picture) layoutNodes(columns int, entries map[string][]entry) (nodes []*nodeLayout, tall int) {
	for _, n := range p.Nodes {
		tall = max(tall, n.layout(columns, entries).h)
	}
	for _, n := range p.Nodes {
		l := n.layout(1, entries)
		for c := 2; l.h > tall; c++ {
			l = n.layout(c, entries)
		}
		nodes = append(nodes, l)
	}
	return nodes, tall
}
