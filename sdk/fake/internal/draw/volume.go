package draw

import (
	"cmp"
	"slices"
	"strconv"
)

// The sizes of volumes and of the lines to them.
const (
	volumeWidth  = 92
	volumeHeight = 48
	volumeGap    = 12
	laneWidth    = 8
)

// mounted are the volumes that are drawn.
func (p Pod) mounted() []Volume {
	var all []Volume
	for _, v := range p.Volumes {
		if p.sharers(v) > 0 {
			all = append(all, v)
		}
	}
	return all
}

// sharers is how many containers mount a volume.
func (p Pod) sharers(v Volume) int {
	n := 0
	for _, c := range p.Containers {
		if slices.ContainsFunc(c.Mounts, func(m Mount) bool { return m.Volume == v.Name }) {
			n++
		}
	}
	return n
}

// storage is how wide the volumes of a pod are, with the lines to them.
func (p Pod) storage() int {
	n := len(p.mounted())
	if n == 0 {
		return 0
	}
	return volumeWidth + 22 + n*laneWidth
}

// drawnVolume is a volume with the lines that lead to it.
type drawnVolume struct {
	Volume
	ends []mountEnd
	y    int // of its middle
}

// mountEnd is where a container mounts a volume.
type mountEnd struct {
	at        point
	container string
	mount     Mount
}

// addVolumes draws volumes to the right of containers, between two heights, and connects them.
func (l *podLayout) addVolumes(containers []*box, volumes []Volume, top, bottom int) {
	var all []*drawnVolume
	for _, v := range volumes {
		d := &drawnVolume{Volume: v}
		for i, c := range l.pod.Containers {
			for j, m := range c.Mounts {
				if m.Volume == v.Name {
					d.ends = append(d.ends, mountEnd{point{containers[i].right(), containers[i].y + c.mountY(j)}, c.Name, m})
				}
			}
		}
		d.y = d.wished()
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b *drawnVolume) int { return cmp.Compare(a.y, b.y) })
	stack(all, top, bottom)
	shared := 0
	for i, d := range all {
		class := "mount"
		if l.pod.sharers(d.Volume) > 1 {
			class = "mount shared" + strconv.Itoa(shared%sharedColours)
			shared++
		}
		b := d.box(class)
		b.move(l.w-inset-volumeWidth, d.y-volumeHeight/2)
		l.add(b)
		l.connect(d, point{b.x, entryHeight(d, all)}, class, containers[0].right()+10+i*laneWidth)
	}
}

// entryHeight is where the line of a volume reaches it: in the middle, or near it if the line of another one would be on the same height.
func entryHeight(d *drawnVolume, all []*drawnVolume) int {
	taken := func(y int) bool {
		return slices.ContainsFunc(all, func(other *drawnVolume) bool {
			return other != d && slices.ContainsFunc(other.ends, func(e mountEnd) bool { return abs(e.at.y-y) < 4 })
		})
	}
	for _, off := range []int{5, -5, 10, -10} { // rows are further apart than that
		if taken(d.y) && !taken(d.y+off) {
			return d.y + off
		}
	}
	return d.y
}

// wished is where a volume is best: in the middle of what leads to it, and if one of these is almost there, exactly on its height.
func (d *drawnVolume) wished() int {
	low, high := d.ends[0].at.y, d.ends[len(d.ends)-1].at.y
	middle := (low + high) / 2
	for _, e := range d.ends {
		if abs(e.at.y-middle) <= 14 {
			return e.at.y
		}
	}
	return middle
}

// stack moves volumes, which are sorted, as little as it takes for them to be between two heights and not to overlap.
func stack(all []*drawnVolume, top, bottom int) {
	const step = volumeHeight + volumeGap
	least := top + volumeHeight/2
	for _, d := range all {
		d.y = max(d.y, least)
		least = d.y + step
	}
	most := bottom - volumeHeight/2
	for _, d := range slices.Backward(all) {
		d.y = min(d.y, most)
		most = d.y - step
	}
}

// connect draws the lines of a volume, along a lane of its own. Where they end there is an arrow, if data goes that way.
func (l *podLayout) connect(d *drawnVolume, to point, class string, lane int) {
	for _, e := range d.ends {
		l.lines = append(l.lines, line{
			points: bend(e.at, lane, to), class: class,
			label: "volume " + d.Name + " at " + e.mount.text() + " in " + e.container, tail: true, head: !e.mount.ReadOnly,
		})
	}
}

// bend is the way from one point to another with its vertical part at x.
func bend(from point, x int, to point) []point {
	if from.y == to.y {
		return []point{from, to}
	}
	return []point{from, {x, from.y}, {x, to.y}, to}
}

// sharedColours is how many colours shared volumes take turns with.
const sharedColours = 3

func (v Volume) box(class string) *box {
	b := &box{rect: rect{0, 0, volumeWidth, volumeHeight}, shape: cylinder, class: "volume " + class, label: "volume " + v.Name + ", " + v.Kind}
	b.write(strong, middle, volumeWidth/2, 26, volumeWidth-2*inset, v.Name)
	b.write(muted, middle, volumeWidth/2, 41, volumeWidth-2*inset, v.Kind)
	return b
}
