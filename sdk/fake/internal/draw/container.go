package draw

import "strings"

// The sizes of containers and of the rows in them.
const (
	rowHeight      = 17
	containerWidth = 176 // at least
	containerMost  = 280 // at most
	inset          = 8   // between a frame and what is in it
)

// natural is how wide a container wants to be.
func (c Container) natural() int {
	w := strong.width(c.Name) + 14 + small.width(c.State)
	if c.Kind != "" {
		w += 8 + small.width(c.Kind)
	}
	w = max(w, muted.width(c.Image)+14+small.width(strings.Join(c.Ports, " ")))
	for _, row := range c.rows() {
		w = max(w, muted.width(row))
	}
	return min(max(w+2*inset, containerWidth), containerMost)
}

// rows are what stands below name and image: where the container's files are.
func (c Container) rows() []string {
	var rows []string
	if c.Own != "" {
		rows = append(rows, c.Own)
	}
	for _, m := range c.Mounts {
		rows = append(rows, m.text())
	}
	return rows
}

func (m Mount) text() string {
	if m.ReadOnly {
		return m.Path + " (read-only)"
	}
	return m.Path
}

// box draws a container at the origin: its name and state, its image and ports, and a row for each mount.
func (c Container) box(w int) *box {
	rows := c.rows()
	b := &box{rect: rect{0, 0, w, (2+len(rows))*rowHeight + 2*5}, class: "container " + c.Kind, label: c.label()}
	inner := w - 2*inset
	state := small.cut(c.State, inner/2)
	b.write(small, end, w-inset, 5+13, inner/2, c.State)
	left := inner - small.width(state) - 10
	kind := 0
	if c.Kind != "" {
		kind = small.width(c.Kind) + 7
	}
	shown := strong.cut(c.Name, left-kind)
	b.write(strong, start, inset, 5+13, left-kind, c.Name)
	if kind > 0 {
		b.write(small, start, inset+strong.width(shown)+7, 5+13, kind, c.Kind)
		b.texts[len(b.texts)-1].class = "kind"
	}
	ports := strings.Join(c.Ports, " ")
	room := small.width(small.cut(ports, inner/2))
	b.write(small, end, w-inset, 5+13+rowHeight, inner/2, ports)
	b.write(muted, start, inset, 5+13+rowHeight, inner-room-10, c.Image)
	for i, row := range rows {
		b.write(muted, start, inset, 5+13+(2+i)*rowHeight, inner, row)
	}
	return b
}

// mountY is where the line of a mount leaves its container, from the container's top.
func (c Container) mountY(i int) int { return 5 + 9 + (2+len(c.rows())-len(c.Mounts)+i)*rowHeight }

func (c Container) label() string {
	parts := []string{"container " + c.Name}
	if c.Kind != "" {
		parts[0] = c.Kind + " " + parts[0]
	}
	parts = append(parts, "image "+c.Image)
	if c.State != "" {
		parts = append(parts, c.State)
	}
	if len(c.Ports) > 0 {
		parts = append(parts, "ports "+strings.Join(c.Ports, " "))
	}
	return strings.Join(parts, ", ")
}
