package draw

import "slices"

// laneHeight is the distance of lines that run side by side above the nodes.
const laneHeight = 9

// channel is how high the room for them is.
func channel(sources []source) int {
	if len(sources) == 0 {
		return 0
	}
	lanes := 0
	for _, src := range sources {
		lanes += min(len(src.targets), 1)
	}
	return 26 + lanes*laneHeight
}

// route leads lines from sources to pods: down into the channel above the nodes, along a lane there, down the gutter of each column
// that has a target, and into each of those pods. Sources further left have lower lanes there, and lanes further left in gutters.
func route(s *scene, sources []source, columns []*column, top int) {
	y := top - 14
	for i, src := range sources {
		for _, c := range columns {
			if at := slices.Index(c.lanes, i); at >= 0 {
				src.routeTo(s, i, c, y, c.x-12-(len(c.lanes)-1-at)*laneWidth)
			}
		}
		if len(src.targets) > 0 {
			y -= laneHeight
		}
	}
}

// routeTo leads to the targets in one column: a trunk to the last of them that is ready, and a branch to each other one.
func (src source) routeTo(s *scene, source int, c *column, lane, x int) {
	type landing struct {
		at    point
		ready bool
	}
	var landings []landing
	for _, p := range c.pods {
		for i, e := range p.entries {
			if e.source == source {
				landings = append(landings, landing{point{p.strip.x, p.entryY(i)}, !e.unready})
			}
		}
	}
	// The first part comes from the source. What goes on from there is drawn as what it leads to.
	from := []point{src.exit, {src.exit.x, lane}, {x, lane}}
	solid := false
	for i, l := range slices.Backward(landings) {
		branch := line{points: []point{{x, l.at.y}, l.at}, class: src.class, label: src.label, head: true}
		switch {
		case l.ready && !solid: // it is the trunk
			branch.points, solid = slices.Concat(from, branch.points), true
		case !l.ready:
			branch.class += " unready"
			branch.label += ", not ready"
			if !solid { // it lies beyond the trunk's end
				before := from
				if i > 0 {
					before = []point{{x, landings[i-1].at.y}}
				}
				branch.points = slices.Concat(before, branch.points)
			}
		}
		s.lines = append(s.lines, branch)
	}
}

// connectNetwork draws the bar below the nodes, and from it a line up each column that has pods with addresses on it.
func connectNetwork(s *scene, text, note string, columns []*column, bar rect) {
	b := &box{rect: bar, shape: pill, class: "bus", label: text + note}
	if plain.width(text+note) <= bar.w-2*bar.h {
		text += note
	}
	b.write(plain, middle, bar.x+bar.w/2, bar.y+20, bar.w-2*bar.h, text)
	s.boxes = append(s.boxes, b)
	for _, c := range columns {
		x, first := c.right()+gutter/2+2, true
		for _, p := range c.pods {
			if p.pod.IP == "" || p.pod.OnHost {
				continue
			}
			y := p.networkY()
			points := []point{{p.strip.right(), y}, {x, y}}
			if first {
				points = append(points, point{x, bar.y})
			} else {
				s.dots = append(s.dots, point{x, y})
			}
			s.lines = append(s.lines, line{points: points, class: "wire", label: p.pod.Name + " at " + p.pod.IP})
			first = false
		}
	}
}
