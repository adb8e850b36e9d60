package draw

import "slices"

// The sizes of columns.
const (
	betweenPods = 16
	groupHead   = 24
	groupInset  = 8
	gutter      = 16
)

// column is pods of one node, one below the other. Lines to them come down on its left, the network goes down on its right.
type column struct {
	rect
	pods   []*podLayout
	groups []*box
	lanes  []int // which sources lead to its pods, in their order
}

// move takes the pods along, framed or not, and what is drawn in them.
func (c *column) move(dx, dy int) {
	for _, b := range c.boxes() {
		b.move(dx, dy)
	}
	c.moved(dx, dy)
}

// left is how much room the column needs for its lanes.
func (c *column) left() int {
	if len(c.lanes) == 0 {
		return gutter
	}
	return gutter + 8 + len(c.lanes)*laneWidth
}

// moved says that the boxes are elsewhere now: those who hold them have moved them.
func (c *column) moved(dx, dy int) {
	c.x += dx
	c.y += dy
	for _, p := range c.pods {
		p.moveLines(dx, dy)
	}
}

// split deals pods to n columns, in their order.
func split(pods []Pod, n int) [][]Pod {
	var columns [][]Pod
	for i := range n {
		from, to := i*len(pods)/n, (i+1)*len(pods)/n
		columns = append(columns, pods[from:to])
	}
	return columns
}

// newColumn lays pods out at the origin, and frames those that follow each other and have one owner.
func newColumn(pods []Pod, entries map[string][]entry) *column {
	c := &column{rect: rect{w: podWidth}}
	owned := false
	for _, p := range pods {
		c.w = max(c.w, p.natural(entries[p.ID]))
		owned = owned || p.Owner != ""
		for _, e := range entries[p.ID] {
			c.lanes = append(c.lanes, e.source)
		}
	}
	slices.Sort(c.lanes)
	c.lanes = slices.Compact(c.lanes)
	w := c.w
	if owned {
		c.w += 2 * groupInset
	}
	y := 0
	for len(pods) > 0 {
		group := ownedTogether(pods)
		pods = pods[len(group):]
		y = c.addGroup(group, entries, w, y) + betweenPods
	}
	c.h = max(y-betweenPods, 0)
	return c
}

// ownedTogether are the first pods, as many as have one owner.
func ownedTogether(pods []Pod) []Pod {
	n := 1
	for n < len(pods) && pods[n].Owner == pods[0].Owner {
		n++
	}
	return pods[:n]
}

func (c *column) addGroup(pods []Pod, entries map[string][]entry, w, y int) int {
	x, top, owner := (c.w-w)/2, y, pods[0].Owner
	if owner != "" {
		y += groupHead
	}
	for _, p := range pods {
		l := p.layout(w, entries[p.ID])
		l.move(x, y)
		c.pods = append(c.pods, l)
		y = l.bottom() + betweenPods
	}
	y -= betweenPods
	if owner == "" {
		return y
	}
	y += groupInset
	b := &box{rect: rect{0, top, c.w, y - top}, class: "group", label: owner}
	b.write(small, start, groupInset+2, top+16, c.w-2*groupInset-4, owner)
	for _, l := range c.pods[len(c.pods)-len(pods):] {
		b.add(l.box)
	}
	c.groups = append(c.groups, b)
	return y
}

// boxes are the frames of groups, and the pods that are in none.
func (c *column) boxes() []*box {
	framed := map[*box]bool{}
	for _, g := range c.groups {
		for _, b := range g.boxes {
			framed[b] = true
		}
	}
	boxes := append([]*box(nil), c.groups...)
	for _, p := range c.pods {
		if !framed[p.box] {
			boxes = append(boxes, p.box)
		}
	}
	return boxes
}
