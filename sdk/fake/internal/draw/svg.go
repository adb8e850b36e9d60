package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Write writes a picture as an SVG document, in one piece. The error is the writer's.
func Write(w io.Writer, p Picture) error { return p.layout().write(w) }

// WriteTable writes a table of pods, as [Write] does.
func WriteTable(w io.Writer, t Table) error { return t.layout().write(w) }

func (s *scene) write(w io.Writer) error {
	d := &document{}
	title := s.title
	if title == "" {
		title = "Cluster"
	}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="podwright" role="img" aria-label="%s" viewBox="0 0 %d %d" width="%d" height="%d">`,
		escape(title), s.w, s.h, s.w, s.h)
	d.printf("<title>%s</title>\n<desc>%s</desc>\n<style>%s</style>", escape(title), escape(s.description), style)
	d.printf(`<rect class="paper" width="%d" height="%d"/>`, s.w, s.h)
	for _, b := range s.boxes {
		d.box(b)
	}
	for _, l := range s.lines {
		d.line(l)
	}
	for _, p := range s.dots {
		d.printf(`<circle class="dot" cx="%d" cy="%d" r="3"/>`, p.x, p.y)
	}
	d.printf("</svg>")
	_, err := w.Write(d.Bytes())
	return err
}

// document is the text of a picture.
type document struct{ bytes.Buffer }

func (d *document) printf(format string, args ...any) {
	fmt.Fprintf(d, format, args...)
	d.WriteByte('\n')
}

// box writes a box, and then what is on and in it. Its group has the label as its title.
func (d *document) box(b *box) {
	d.printf("<g>%s", titleOf(b.label))
	class := strings.TrimSpace(b.class)
	switch b.shape {
	case rounded:
		d.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`, class, b.x, b.y, b.w, b.h)
	case pill:
		d.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, class, b.x, b.y, b.w, b.h, b.h/2)
	case cylinder:
		d.printf(`<path class="%s" d="M%d %da%d 7 0 0 1 %d 0v%da%d 7 0 0 1 %d 0z"/>`, class, b.x, b.y+7, b.w/2, b.w, b.h-14, b.w/2, -b.w)
		d.printf(`<path class="%s" d="M%d %da%d 7 0 0 0 %d 0" fill-opacity="0"/>`, class, b.x, b.y+7, b.w/2, b.w)
	case hexagon:
		d.printf(`<path class="%s" d="M%d %dh%dl%d %dl%d %dh%dl%d %dz"/>`, class, b.x+slant, b.y, b.w-2*slant, slant, b.h/2, -slant, b.h-b.h/2,
			-(b.w - 2*slant), -slant, -(b.h - b.h/2))
	case circle:
		d.printf(`<circle class="%s" cx="%d" cy="%d" r="%d"/>`, class, b.x+b.w/2, b.y+b.h/2, b.w/2)
	case none:
	}
	for _, t := range b.texts {
		d.text(t)
	}
	for _, c := range b.boxes {
		d.box(c)
	}
	d.printf("</g>")
}

func (d *document) text(t text) {
	class := t.font.class
	if t.class != "" {
		class += " " + t.class
	}
	at := ""
	if t.anchor != start {
		at = fmt.Sprintf(` text-anchor="%s"`, t.anchor)
	}
	whole := ""
	if t.shown != t.whole {
		whole = titleOf(t.whole)
	}
	d.printf(`<text class="%s" x="%d" y="%d"%s>%s%s</text>`, class, t.x, t.y, at, whole, escape(t.shown))
}

// arrow is how long the head of an arrow is.
const arrow = 8

// line writes a line with rounded corners, and its arrows.
func (d *document) line(l line) {
	pts := append([]point(nil), l.points...)
	last := len(pts) - 1
	heads := ""
	if l.head {
		heads += headAt(l, pts[last-1], pts[last])
		pts[last] = before(pts[last-1], pts[last], arrow-2)
	}
	if l.tail {
		heads += headAt(l, pts[1], pts[0])
		pts[0] = before(pts[1], pts[0], arrow-2)
	}
	d.printf(`<path class="line %s" d="%s">%s</path>%s`, l.class, wayOf(pts), titleOf(l.label), heads)
}

// wayOf is the data of a path along points.
func wayOf(pts []point) string {
	const round = 5
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", pts[0].x, pts[0].y)
	for i := 1; i < len(pts); i++ {
		if i == len(pts)-1 {
			fmt.Fprintf(&b, "L%d %d", pts[i].x, pts[i].y)
			break
		}
		r := min(round, distance(pts[i-1], pts[i])/2, distance(pts[i], pts[i+1])/2)
		in, out := before(pts[i-1], pts[i], r), before(pts[i+1], pts[i], r)
		fmt.Fprintf(&b, "L%d %dQ%d %d %d %d", in.x, in.y, pts[i].x, pts[i].y, out.x, out.y)
	}
	return b.String()
}

func headAt(l line, from, to point) string {
	base := before(from, to, arrow)
	dx, dy := 0, 4
	if from.x == to.x {
		dx, dy = 4, 0
	}
	class := strings.TrimSuffix(l.class, " unready")
	return fmt.Sprintf(`<path class="arrow %s" d="M%d %dL%d %dL%d %dz"/>`, class, to.x, to.y, base.x+dx, base.y+dy, base.x-dx, base.y-dy)
}

// before is the point so far before the end of a way between two points.
func before(from, to point, n int) point {
	return point{to.x - n*sign(to.x-from.x), to.y - n*sign(to.y-from.y)}
}

func sign(n int) int { return min(max(n, -1), 1) }

func distance(a, b point) int { return abs(a.x-b.x) + abs(a.y-b.y) }

func abs(n int) int { return max(n, -n) }

func titleOf(s string) string {
	if s == "" {
		return ""
	}
	return "<title>" + escape(s) + "</title>"
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}
