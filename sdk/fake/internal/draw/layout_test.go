package draw

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// scenes are all samples, and many more pictures that are made at random, laid out.
var scenes = sync.OnceValue(func() map[string]*scene {
	all := map[string]*scene{}
	for name, p := range samples {
		all["picture: "+name] = p.layout()
	}
	for name, t := range tables {
		all["table: "+name] = t.layout()
	}
	for seed := range uint64(120) {
		all[fmt.Sprintf("picture: random %d", seed)] = dice{rand.New(rand.NewPCG(seed, 1))}.picture().layout()
	}
	return all
})

func eachScene(t *testing.T, check func(t *testing.T, s *scene)) {
	t.Helper()
	all := scenes()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) { check(t, all[name]) })
	}
}

// Every box is within the one that holds it, and covers no other one.
func TestBoxesDoNotOverlap(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		for _, problem := range misplaced(rect{0, 0, s.w, s.h}, s.boxes) {
			t.Error(problem)
		}
	})
}

func misplaced(in rect, boxes []*box) []string {
	var problems []string
	for i, b := range boxes {
		if !in.holds(b.rect) {
			problems = append(problems, fmt.Sprintf("%s at %v is not within %v", b.label, b.rect, in))
		}
		for _, other := range boxes[i+1:] {
			if b.overlaps(other.rect) {
				problems = append(problems, fmt.Sprintf("%s at %v overlaps %s at %v", b.label, b.rect, other.label, other.rect))
			}
		}
		problems = append(problems, misplaced(b.rect, b.boxes)...)
	}
	return problems
}

// Every text is within its box, and neither over another text of the box nor over a box inside.
func TestTextsFit(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		for _, b := range s.all() {
			for i, x := range b.texts {
				if !b.holds(x.extent()) {
					t.Errorf("%q at %v is not within %s at %v", x.shown, x.extent(), b.label, b.rect)
				}
				for _, other := range b.texts[i+1:] {
					if x.extent().overlaps(other.extent()) {
						t.Errorf("%q at %v is over %q at %v", x.shown, x.extent(), other.shown, other.extent())
					}
				}
				for _, inner := range b.boxes {
					if x.extent().overlaps(inner.rect) {
						t.Errorf("%q at %v is over %s at %v", x.shown, x.extent(), inner.label, inner.rect)
					}
				}
			}
		}
	})
}

// Lines have right angles, begin and end at the edge of a box, and cross no text and no box but the frames that they lead into or out of.
func TestLinesKeepClear(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		boxes := s.all()
		for _, l := range s.lines {
			for i := 1; i < len(l.points); i++ {
				from, to := l.points[i-1], l.points[i]
				if from.x != to.x && from.y != to.y {
					t.Errorf("%s: %v to %v is oblique", l.label, from, to)
				}
				way := rect{min(from.x, to.x), min(from.y, to.y), max(distanceX(from, to), 1), max(distanceY(from, to), 1)}
				for _, b := range boxes {
					if solid(b) && b.inner().overlaps(way) {
						t.Errorf("%s: %v to %v crosses %s at %v", l.label, from, to, b.label, b.rect)
					}
					for _, x := range b.texts {
						if x.extent().overlaps(way) {
							t.Errorf("%s: %v to %v crosses %q at %v", l.label, from, to, x.shown, x.extent())
						}
					}
				}
			}
			if !slices.ContainsFunc(boxes, func(b *box) bool { return b.touches(l.points[len(l.points)-1]) }) {
				if l.class != "wire" {
					t.Errorf("%s ends at %v, where nothing is", l.label, l.points[len(l.points)-1])
				}
			}
		}
	})
}

// Lines go down in gutters: within a node, in no pod, and not along the edge of a frame.
func TestLinesStayInGutters(t *testing.T) {
	eachScene(t, func(t *testing.T, s *scene) {
		for _, l := range s.lines {
			if strings.HasPrefix(l.class, "mount") {
				continue
			}
			for i := 1; i < len(l.points); i++ {
				if a, b := l.points[i-1], l.points[i]; a.x == b.x {
					checkGutter(t, s, l, rect{a.x, min(a.y, b.y), 0, distanceY(a, b)})
				}
			}
		}
	})
}

func checkGutter(t *testing.T, s *scene, l line, way rect) {
	t.Helper()
	const clear = 3
	beside, within := false, false
	for _, b := range s.all() {
		kind, _, _ := strings.Cut(b.class, " ")
		if kind != "node" && kind != "group" && kind != "pod" || b.bottom() <= way.y || way.bottom() <= b.y {
			continue
		}
		for _, edge := range []int{b.x, b.right()} {
			if off := edge - way.x; -clear < off && off < clear {
				t.Errorf("%s at %v runs along the edge of %s at %v", l.label, way, b.label, b.rect)
			}
		}
		inside := b.x < way.x && way.x < b.right()
		if kind == "pod" && inside {
			t.Errorf("%s at %v runs through %s at %v", l.label, way, b.label, b.rect)
		}
		beside, within = beside || kind == "node", within || kind == "node" && inside
	}
	if beside && !within {
		t.Errorf("%s at %v goes down between the nodes", l.label, way)
	}
}

// Where sources stand to the left of the pods that they lead to, their lines do not cross above them, and the last of a column's pods is
// reached without a crossing.
func TestLinesOfNeighboursDoNotCross(t *testing.T) {
	p := Picture{Nodes: []Node{{Name: "n", Pods: []Pod{pod("x", "Running", "10.0.0.2")}}, {Name: "m", Pods: []Pod{pod("y", "Running", "10.0.1.2")}}}}
	for _, name := range []string{"a", "b"} {
		p.Services = append(p.Services, Service{Name: name, Targets: []Target{{"y", "80", true}}})
	}
	p.Nodes[0].Pods[0].Name = strings.Repeat("w", 60) // so wide that both services are to the left of the other node
	p.Nodes[0].Pods[0].Containers[0].Image = strings.Repeat("w", 60)
	lines := p.layout().lines
	for i, a := range lines {
		for _, b := range lines[i+1:] {
			if a.class != "wire" && b.class != "wire" && crosses(a, b) {
				t.Errorf("%s crosses %s: %v, %v", a.label, b.label, a.points, b.points)
			}
		}
	}
}

func crosses(a, b line) bool {
	for i := 1; i < len(a.points); i++ {
		for j := 1; j < len(b.points); j++ {
			p, q, u, v := a.points[i-1], a.points[i], b.points[j-1], b.points[j]
			if p.x == q.x { // the upright one is the second
				p, q, u, v = u, v, p, q
			}
			if p.y == q.y && u.x == v.x && min(p.x, q.x) < u.x && u.x < max(p.x, q.x) && min(u.y, v.y) < p.y && p.y < max(u.y, v.y) {
				return true
			}
		}
	}
	return false
}

// Lines of different sources run side by side, never on top of each other.
func TestLinesDoNotMerge(t *testing.T) {
	type stretch struct {
		rect
		line
	}
	eachScene(t, func(t *testing.T, s *scene) {
		var all []stretch
		for _, l := range s.lines {
			for i := 1; i < len(l.points); i++ {
				a, b := l.points[i-1], l.points[i]
				all = append(all, stretch{rect{min(a.x, b.x), min(a.y, b.y), distanceX(a, b), distanceY(a, b)}, l})
			}
		}
		for i, a := range all {
			for _, b := range all[i+1:] {
				if a.of() == b.of() || (a.w == 0) != (b.w == 0) {
					continue
				}
				if a.w == 0 && a.x == b.x && a.y < b.bottom() && b.y < a.bottom() || a.w > 0 && a.y == b.y && a.x < b.right() && b.x < a.right() {
					t.Errorf("%s at %v runs along %s at %v", a.label, a.rect, b.label, b.rect)
				}
			}
		}
	})
}

// of is what a line belongs to: a source, a volume, or the network.
func (l line) of() string {
	if l.class == "wire" {
		return l.class
	}
	of, _, _ := strings.Cut(l.label, ", not ready")
	of, _, _ = strings.Cut(of, " at ")
	return of
}

// solid boxes are those that no line may pass over.
func solid(b *box) bool {
	switch b.shape {
	case rounded:
		return b.class == "network" || b.class == "machine" || strings.HasPrefix(b.class, "container")
	case none:
		return false
	}
	return true
}

// all are the boxes of a scene, with those inside.
func (s *scene) all() []*box {
	var all []*box
	var walk func([]*box)
	walk = func(boxes []*box) {
		for _, b := range boxes {
			all = append(all, b)
			walk(b.boxes)
		}
	}
	walk(s.boxes)
	return all
}

func (r rect) holds(o rect) bool {
	return o.x >= r.x && o.y >= r.y && o.right() <= r.right() && o.bottom() <= r.bottom()
}

func (r rect) overlaps(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

// inner is a box without its edges.
func (r rect) inner() rect { return rect{r.x + 1, r.y + 1, r.w - 2, r.h - 2} }

// touches says whether a point is on the edge of a box.
func (r rect) touches(p point) bool {
	return r.x <= p.x && p.x <= r.right() && r.y <= p.y && p.y <= r.bottom() && (p.x == r.x || p.x == r.right() || p.y == r.y || p.y == r.bottom())
}

func distanceX(a, b point) int { return abs(a.x - b.x) }
func distanceY(a, b point) int { return abs(a.y - b.y) }
