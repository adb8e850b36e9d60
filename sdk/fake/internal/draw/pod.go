package draw

import "strings"

// The sizes of pods.
const (
	podWidth     = 200 // at least
	podHead      = 28
	labelRow     = 16
	stripRow     = 20
	betweenBoxes = 8
)

// entry is a row of a pod's network where something from outside comes in.
type entry struct {
	source     int // which one, in the order of sources
	port, from string
	unready    bool
}

func (e entry) text() string {
	text := "from " + e.from
	if e.port != "" {
		text = e.port + " " + text
	}
	if e.unready {
		text += ", not ready"
	}
	return text
}

// podLayout is a pod at a place. The box is the pod itself, strip its network inside it.
type podLayout struct {
	*box
	pod     Pod
	strip   *box
	lines   []line // between containers and volumes
	entries []entry
}

// move takes the lines along.
func (p *podLayout) move(dx, dy int) {
	p.box.move(dx, dy)
	p.moveLines(dx, dy)
}

func (p *podLayout) moveLines(dx, dy int) {
	for _, l := range p.lines {
		for i := range l.points {
			l.points[i].x += dx
			l.points[i].y += dy
		}
	}
}

// entryY is the height at which the line to an entry ends.
func (p *podLayout) entryY(i int) int { return p.strip.y + (1+i)*stripRow + stripRow/2 }

// networkY is the height at which the pod's own address is.
func (p *podLayout) networkY() int { return p.strip.y + stripRow/2 }

// natural is how wide a pod wants to be.
func (p Pod) natural(entries []entry) int {
	w := max(podWidth, name.width(p.Name)+small.width(p.State)+50, muted.width(strings.Join(p.Labels, " "))+24)
	w = min(w, containerMost)
	for _, c := range p.Containers {
		w = max(w, c.natural()+2*inset+p.storage())
	}
	for _, e := range entries {
		w = max(w, min(small.width(e.text())+4*inset, containerMost))
	}
	if note := p.networkNote(); note != "" {
		w = max(w, min(strong.width(p.IP)+muted.width(note)+4*inset+12, containerMost))
	}
	return w
}

// layout draws a pod at the origin.
func (p Pod) layout(w int, entries []entry) *podLayout {
	l := &podLayout{box: &box{rect: rect{0, 0, w, 0}, class: "pod", label: p.label()}, pod: p, entries: entries}
	y := p.head(l.box, w)
	y = l.contents(y, w)
	y = l.network(y, w)
	l.h = y + inset
	return l
}

// head writes who the pod is, and answers where that ends.
func (p Pod) head(b *box, w int) int {
	class := stateClass(p.State)
	b.add(&box{rect: rect{inset + 2, 10, 10, 10}, shape: circle, class: class})
	state := small.cut(p.State, w/2)
	b.write(small, end, w-inset-2, 19, w/2, p.State)
	b.texts[len(b.texts)-1].class = "text-" + class
	b.write(name, start, inset+18, 19, w-2*inset-20-small.width(state)-10, p.Name)
	y := podHead
	if len(p.Labels) > 0 {
		b.write(muted, start, inset+2, y+9, w-2*inset-4, strings.Join(p.Labels, " "))
		y += labelRow
	}
	return y
}

// contents draws containers, one below the other, and to their right the volumes.
func (l *podLayout) contents(y, w int) int {
	p := l.pod
	if len(p.Containers) == 0 {
		return y
	}
	top := y
	cw := w - 2*inset - p.storage()
	volumes := p.mounted()
	var boxes []*box
	for _, c := range p.Containers {
		b := c.box(cw)
		b.move(inset, y)
		boxes = append(boxes, b)
		y += b.h + betweenBoxes
	}
	y -= betweenBoxes
	if short := len(volumes)*(volumeHeight+volumeGap) - volumeGap - (y - top); short > 0 { // more volumes than containers
		for _, b := range boxes {
			b.move(0, short/2)
		}
		y += short
	}
	l.add(boxes...)
	l.addVolumes(boxes, volumes, top, y)
	return y + betweenBoxes
}

// network draws the pod's address, and below it what comes in.
func (l *podLayout) network(y, w int) int {
	b := &box{rect: rect{inset, y, w - 2*inset, (1 + len(l.entries)) * stripRow}, class: "network"}
	l.strip = b
	ip := l.pod.IP
	if ip == "" {
		ip = "no IP yet"
	}
	b.label = "network of the pod, " + ip
	right := l.pod.networkNote()
	inner := b.w - 2*inset
	b.write(strong, start, b.x+inset, y+14, inner, ip)
	if strong.width(ip)+10+small.width(right) <= inner {
		b.write(muted, end, b.right()-inset, y+14, inner, right)
	}
	for i, e := range l.entries {
		b.write(small, start, b.x+inset, y+(1+i)*stripRow+13, inner, e.text())
	}
	l.add(b)
	return b.bottom()
}

// networkNote says whose the network is, if that is not plain.
func (p Pod) networkNote() string {
	switch {
	case p.OnHost:
		return "the node's network"
	case len(p.Containers) > 1:
		return "shared by its containers"
	}
	return ""
}

func (p Pod) label() string {
	parts := []string{"pod " + p.Name}
	for _, s := range []string{p.State, p.IP, p.Owner, strings.Join(p.Labels, " ")} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// stateClass is the colour of a state. Its words stand beside it, for those who do not see colours.
func stateClass(state string) string {
	switch state {
	case "Running":
		return "good"
	case "Pending", "ContainerCreating", "PodInitializing":
		return "waiting"
	case "Succeeded", "Completed":
		return "done"
	case "Terminating":
		return "leaving"
	}
	return "bad"
}
