package draw

// rect is a place, in pixels from the upper left corner of the picture.
type rect struct{ x, y, w, h int }

func (r rect) right() int  { return r.x + r.w }
func (r rect) bottom() int { return r.y + r.h }

// shape is the outline of a box.
type shape int

const (
	rounded  shape = iota
	none           // only what is in it
	pill           // with round ends
	cylinder       // a volume
	hexagon        // a service
	circle
)

// box is a thing in the picture: what it is called, the texts on it, and what is inside. Nothing of it is outside its rect.
type box struct {
	rect
	shape shape
	class string
	label string // for the pointer and for screen readers
	texts []text
	boxes []*box
}

// text is one line. Its place is within the box: x is its left, middle or right end by its anchor, y its base line.
type text struct {
	font   font
	anchor anchor
	x, y   int
	shown  string
	whole  string
	class  string // of its colour, beside the font's
}

type anchor string

const (
	start  anchor = ""
	middle anchor = "middle"
	end    anchor = "end"
)

// extent is the place that a text takes.
func (t text) extent() rect {
	w := t.font.width(t.shown)
	r := rect{t.x, t.y - t.font.size, w, t.font.size + t.font.size/4}
	switch t.anchor {
	case middle:
		r.x -= w / 2
	case end:
		r.x -= w
	}
	return r
}

// write puts a text on a box, cut to a width.
func (b *box) write(f font, a anchor, x, y, most int, s string) {
	if shown := f.cut(s, most); shown != "" {
		b.texts = append(b.texts, text{font: f, anchor: a, x: x, y: y, shown: shown, whole: s})
	}
}

// add puts boxes inside.
func (b *box) add(inside ...*box) { b.boxes = append(b.boxes, inside...) }

// move shifts a box with all that is in it.
func (b *box) move(dx, dy int) {
	b.x += dx
	b.y += dy
	for i := range b.texts {
		b.texts[i].x += dx
		b.texts[i].y += dy
	}
	for _, c := range b.boxes {
		c.move(dx, dy)
	}
}

type point struct{ x, y int }

// line is a way with right angles. Its class says what it is and with that how it looks.
type line struct {
	points []point
	class  string
	label  string
	// head and tail say whether there is an arrow at the end and at the beginning.
	head, tail bool
}

// scene is a picture that is laid out.
type scene struct {
	title, description string
	w, h               int
	boxes              []*box
	lines              []line
	dots               []point // where lines of the network meet
}

// margin is what the picture keeps free at its edges.
const margin = 24

// widthFor is how wide a picture is at least, for its title to fit if that is not too long.
func widthFor(title string) int { return min(max(320, heading.width(title)+2*margin), 760) }

// head writes the title, and under it what there is to see. It answers where the rest may begin.
func (s *scene) head(title, summary string) int {
	s.title = title
	b := &box{rect: rect{margin, margin, s.w - 2*margin, 0}, shape: none}
	if title != "" {
		b.write(heading, start, b.x, b.y+18, b.w, title)
		b.h = 24
	}
	if summary != "" {
		b.write(plain, start, b.x, b.y+b.h+14, b.w, summary)
		b.texts[len(b.texts)-1].class = "muted"
		b.h += 20
	}
	s.boxes = append(s.boxes, b)
	return b.bottom() + 16
}
