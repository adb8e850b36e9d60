package index

import "sync/atomic"

// answers are what [Selectors.MatchSet] has found out. They are read without a lock: an answer holds while the selectors of the two
// namespaces that it comes from are as they were.
type answers[ID comparable] struct {
	table  atomic.Pointer[[]atomic.Pointer[answer[ID]]] // by serial modulo the length, which is a power of two
	misses int                                          // since the table was made
}

type answer[ID comparable] struct {
	serial          uint64
	own, everywhere *space
	ownAt, everyAt  uint64 // their versions
	ids             []ID
}

const (
	leastAnswers = 256
	mostAnswers  = 1 << 16
)

func (a *answers[ID]) init() { a.table.Store(new(make([]atomic.Pointer[answer[ID]], leastAnswers))) }

func (a *answers[ID]) at(serial uint64) *atomic.Pointer[answer[ID]] {
	table := *a.table.Load()
	return &table[serial&uint64(len(table)-1)]
}

func (a *answer[ID]) holds(serial uint64) bool {
	return a != nil && a.serial == serial && a.own.version.Load() == a.ownAt && a.everywhere.version.Load() == a.everyAt
}

// grow makes the table larger if it is often asked for what it has not.
func (a *answers[ID]) grow() {
	table := *a.table.Load()
	if a.misses++; a.misses > 2*len(table) && len(table) < mostAnswers {
		a.misses = 0
		a.table.Store(new(make([]atomic.Pointer[answer[ID]], 4*len(table))))
	}
}

// MatchSet is Match for a label set. What was asked before is answered from memory, until a selector of its namespace, or one of "", is
// set or deleted.
func (s *Selectors[ID]) MatchSet(l LabelSet, dst []ID) []ID {
	if l.p == nil {
		return s.Match("", nil, dst)
	}
	if a := s.answers.at(l.serial).Load(); a.holds(l.serial) {
		return append(dst, a.ids...)
	}
	return append(dst, s.answer(l).ids...)
}

// answer finds an answer and keeps it.
func (s *Selectors[ID]) answer(l LabelSet) *answer[ID] {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := takeIDs()
	defer found.release()
	found.list = s.reverse.match(l.p.namespace, &subject{list: l.p.labels}, found.list[:0])
	a := &answer[ID]{serial: l.serial, own: s.reverse.found(l.p.namespace), everywhere: s.reverse.found("")}
	a.ownAt, a.everyAt = a.own.version.Load(), a.everywhere.version.Load()
	for _, n := range found.list {
		a.ids = append(a.ids, s.names[n])
	}
	s.answers.grow()
	s.answers.at(l.serial).Store(a)
	return a
}
