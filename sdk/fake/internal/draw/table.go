package draw

import (
	"fmt"
	"strings"
)

// The sizes of tables.
const (
	chipWidth  = 150 // at least
	chipMost   = 240 // at most
	chipHeight = 32
	chipGap    = 8
	cellInset  = 10
	tableHead  = 30
	tableGap   = 8
)

// layout decides where everything is: a cell for each pair of values, and in it its pods, one below the other, or in a heap if there is
// only one cell.
func (t Table) layout() *scene {
	s := &scene{description: t.describe()}
	chip := chipWidth
	for _, m := range t.Pods {
		chip = max(chip, min(m.natural(), chipMost))
	}
	rows, columns := values(t.Row, t.Rows), values(t.Column, t.Columns)
	across := 1
	if t.Column == "" {
		across = heapWidth(len(t.Pods))
	}
	side := 0
	if t.Row != "" {
		for _, r := range rows {
			side = max(side, min(strong.width(r)+2*cellInset+4, chipMost))
		}
		side += tableGap
	}
	cell := across*(chip+chipGap) - chipGap + 2*cellInset
	s.w = max(margin+side+len(columns)*(cell+tableGap)-tableGap+margin, widthFor(t.Title))
	y := s.head(t.Title, t.summary())
	if t.Column != "" {
		for i, c := range columns {
			s.boxes = append(s.boxes, headBox(rect{margin + side + i*(cell+tableGap), y, cell, tableHead}, "column", c))
		}
		y += tableHead + tableGap
	}
	for _, r := range rows {
		var cells [][]Member
		most := 1
		for _, c := range columns {
			cells = append(cells, t.at(r, c))
			most = max(most, (len(cells[len(cells)-1])+across-1)/across)
		}
		h := most*(t.chipHeight()+chipGap) - chipGap + 2*cellInset
		if t.Row != "" {
			s.boxes = append(s.boxes, headBox(rect{margin, y, side - tableGap, h}, "row", r))
		}
		for i, pods := range cells {
			place := rect{margin + side + i*(cell+tableGap), y, cell, h}
			s.boxes = append(s.boxes, t.cell(place, pods, across, chip))
		}
		y += h + tableGap
	}
	s.h = y - tableGap + margin
	return s
}

// values are those of a key, or one that stands for all pods if there is no key.
func values(key string, all []string) []string {
	if key == "" {
		return []string{""}
	}
	return all
}

// at are the pods of a cell.
func (t Table) at(row, column string) []Member {
	var pods []Member
	for _, m := range t.Pods {
		if (t.Row == "" || m.Row == row) && (t.Column == "" || m.Column == column) {
			pods = append(pods, m)
		}
	}
	return pods
}

// heapWidth is how many pods of a heap stand side by side: a heap is about twice as wide as high, and pods are much wider than high.
func heapWidth(n int) int {
	w := 1
	for 2*w*w < n*3/2 && w < 8 {
		w++
	}
	return max(w, 2)
}

func headBox(r rect, class, s string) *box {
	b := &box{rect: r, class: "head " + class, label: s}
	b.write(strong, middle, r.x+r.w/2, r.y+r.h/2+4, r.w-2*cellInset, s)
	return b
}

// chipHeight is that of all pods of the table: one row more if any has something to say.
func (t Table) chipHeight() int {
	for _, m := range t.Pods {
		if len(m.Labels) > 0 {
			return chipHeight + labelRow
		}
	}
	return chipHeight
}

func (t Table) cell(r rect, pods []Member, across, chip int) *box {
	b := &box{rect: r, class: "cell", label: "no pods"}
	if len(pods) > 0 {
		b.label = count(len(pods), "pod")
	}
	h := t.chipHeight()
	for i, m := range pods {
		b.add(m.box(rect{r.x + cellInset + i%across*(chip+chipGap), r.y + cellInset + i/across*(h+chipGap), chip, h}))
	}
	return b
}

// natural is how wide a pod wants to be.
func (m Member) natural() int {
	return max(strong.width(m.Name)+44, muted.width(m.labels())+24)
}

func (m Member) labels() string { return strings.Join(m.Labels, " ") }

func (m Member) box(r rect) *box {
	b := &box{rect: r, class: "pod", label: "pod " + m.Name + ", " + m.State + ", " + m.labels()}
	line := r.y + r.h/2 + 4
	if len(m.Labels) > 0 {
		line = r.y + 20
		b.write(muted, start, r.x+10, line+labelRow, r.w-20, m.labels())
	}
	b.add(&box{rect: rect{r.x + 10, line - 9, 10, 10}, shape: circle, class: stateClass(m.State), label: m.State})
	b.write(strong, start, r.x+28, line, r.w-38, m.Name)
	return b
}

func (t Table) summary() string {
	by := ""
	switch {
	case t.Row != "":
		by = fmt.Sprintf(" by %s and %s", t.Row, t.Column)
	case t.Column != "":
		by = " by " + t.Column
	}
	return count(len(t.Pods), "pod") + by
}

func (t Table) describe() string {
	var b strings.Builder
	for _, m := range t.Pods {
		fmt.Fprintf(&b, "pod %s, %s", m.Name, m.State)
		for _, s := range []string{m.Row, m.Column, m.labels()} {
			if s != "" {
				b.WriteString(", " + s)
			}
		}
		b.WriteString(".\n")
	}
	return b.String()
}
