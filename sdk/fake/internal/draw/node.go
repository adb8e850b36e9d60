package draw

// The sizes of nodes.
const (
	nodeHead  = 46
	nodeInset = 8
)

// nodeLayout is a node at a place.
type nodeLayout struct {
	*box
	columns []*column
}

// layout draws a node at the origin, with its pods in so many columns.
func (n Node) layout(columns int, entries map[string][]entry) *nodeLayout {
	l := &nodeLayout{box: &box{class: "node", label: "node " + n.Name}}
	if n.Waiting {
		l.class, l.label = "node unscheduled", n.Name
	}
	if n.Note != "" {
		l.label += ", " + n.Note
	}
	x, y, tall := nodeInset, nodeHead, 0
	for _, pods := range split(n.Pods, max(min(columns, len(n.Pods)), 1)) {
		c := newColumn(pods, entries)
		c.move(x+c.left(), y)
		l.columns = append(l.columns, c)
		x = c.right() + gutter + 4
		tall = max(tall, c.h)
	}
	l.w, l.h = x+nodeInset, y+max(tall, 40)+gutter
	first := l.columns[0]
	title := &box{rect: rect{first.x, 0, first.w, nodeHead - 6}, shape: none}
	title.write(name, start, title.x, 20, title.w, n.Name)
	title.write(muted, start, title.x, 36, title.w, n.Note)
	l.add(title)
	if len(n.Pods) == 0 {
		empty := &box{rect: rect{first.x, nodeHead, first.w, 24}, shape: none}
		empty.write(muted, start, empty.x, nodeHead+16, empty.w, "no pods")
		l.add(empty)
	}
	for _, c := range l.columns {
		l.add(c.boxes()...)
	}
	return l
}

// move takes along what stands in the columns: the boxes in them are the node's.
func (l *nodeLayout) move(dx, dy int) {
	l.box.move(dx, dy)
	for _, c := range l.columns {
		c.moved(dx, dy)
	}
}
