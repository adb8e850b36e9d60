package index

// retired are the sets that have lost their last object, oldest first. They are kept for a while: an object that gets a
// label and loses it, or pods that are replaced by others, would make the same sets again and again. How many wait is bounded, so that
// nothing that was emptied stays.
type retired struct {
	queue   []uint32
	from    int
	waiting map[uint32]struct{}
}

const (
	leastRetired = 64
	mostRetired  = 1024
)

// room is how many sets may wait.
func (t *sets) room() int {
	return min(mostRetired, leastRetired+(len(t.address)-len(t.free))/16)
}

// retire queues a set without objects. If there are too many, it returns the oldest to be dropped.
func (t *sets) retire(set uint32) (oldest uint32, drop bool) {
	r := &t.retired
	if _, ok := r.waiting[set]; ok {
		return 0, false
	}
	if r.waiting == nil {
		r.waiting = map[uint32]struct{}{}
	}
	r.waiting[set] = struct{}{}
	if r.from > mostRetired { // move to the front what is left
		r.queue = r.queue[:copy(r.queue, r.queue[r.from:])]
		r.from = 0
	}
	r.queue = append(r.queue, set)
	if len(r.waiting) <= t.room() {
		return 0, false
	}
	oldest = r.queue[r.from]
	r.from++
	delete(r.waiting, oldest)
	return oldest, t.count[oldest] == 0
}
