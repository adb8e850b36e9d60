package fake_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ledger is what was done in a storm, as those say who did it, and what the cluster says of it.
type ledger struct {
	mu       sync.Mutex
	lives    []*life
	byID     map[string]*life             // by the container's id
	doomed   map[types.UID]map[int32]bool // exit codes that what happened to a whole pod explains
	forced   map[types.UID]bool           // pods of whose end nobody tells
	ends     map[string]map[ending]bool   // by container id, as statuses had it
	restarts map[string]int32             // the restart count while a container was the current one, by its id
	lines    map[instance]map[string]int  // how many lines the sink has got of each output
	problems []string
	counts   map[string]int // of what was tried
	arrived  chan struct{}  // holds a token when a run has begun
}

// life is one run of a program.
type life struct {
	number    int
	p         *fake.Process
	pod       *corev1.Pod
	container string
	id        string
	told      chan func() error // how to end
	sick      atomic.Bool       // its liveness probe fails from now on
	codes     map[int32]bool    // what was done to this run; guarded by the ledger
	wrote     map[string]int    // lines that were taken, by output
}

// ending is how a status says that a container ended.
type ending struct {
	code   int32
	reason string
}

// instance is one run of a container, in the words of a log sink.
type instance struct {
	uid       types.UID
	container string
	restarts  int32
}

func newLedger() *ledger {
	return &ledger{
		byID: map[string]*life{}, doomed: map[types.UID]map[int32]bool{}, forced: map[types.UID]bool{}, ends: map[string]map[ending]bool{},
		restarts: map[string]int32{}, lines: map[instance]map[string]int{}, counts: map[string]int{}, arrived: make(chan struct{}, 1),
	}
}

// begin enters a run.
func (b *ledger) begin(p *fake.Process) *life {
	r := &life{
		p: p, pod: p.Pod(), container: p.Container().Name, id: fake.ContainerID(p), told: make(chan func() error, 1),
		codes: map[int32]bool{}, wrote: map[string]int{},
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r.number = len(b.lives)
	b.lives = append(b.lives, r)
	if b.byID[r.id] != nil {
		b.problem("two runs have the id %s", r.id)
	}
	b.byID[r.id] = r
	select {
	case b.arrived <- struct{}{}:
	default:
	}
	return r
}

func (r *life) ended() bool {
	select {
	case <-r.p.Ended():
		return true
	default:
		return false
	}
}

func (r *life) String() string {
	return fmt.Sprintf("run %d of %s/%s", r.number, r.pod.Name, r.container)
}

// alive are the runs that have not ended and of which something holds, in the order in which they began.
func (b *ledger) alive(that func(*life) bool) []*life {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []*life
	for _, r := range b.lives {
		if !r.ended() && (that == nil || that(r)) {
			all = append(all, r)
		}
	}
	return all
}

// pick draws one of those, or returns nil.
func (b *ledger) pick(dice *rand.Rand, that func(*life) bool) *life {
	if all := b.alive(that); len(all) > 0 {
		return all[dice.IntN(len(all))]
	}
	return nil
}

// problem notes what must not be. b.mu is held.
func (b *ledger) problem(format string, args ...any) {
	if len(b.problems) < 20 {
		b.problems = append(b.problems, fmt.Sprintf(format, args...))
	}
}

func (b *ledger) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problem(format, args...)
}

func (b *ledger) count(what string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts[what] += n
}

// explain says that a run may end with a code.
func (b *ledger) explain(r *life, code int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r.codes[code] = true
}

// doom says so of all runs of a pod.
func (b *ledger) doom(uid types.UID, codes ...int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.doomed[uid] == nil {
		b.doomed[uid] = map[int32]bool{}
	}
	for _, code := range codes {
		b.doomed[uid][code] = true
	}
}

// force says that nobody may tell of the ends of a pod's containers.
func (b *ledger) force(uid types.UID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forced[uid] = true
}

// done enters that the output of a run has ended with err after n lines.
func (b *ledger) done(r *life, output string, n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r.wrote[output] = n
	if !errors.Is(err, fs.ErrClosed) {
		b.problem("%v: write %s: %v, want fs.ErrClosed", r, output, err)
	}
}

// sees enters a status of a pod.
func (b *ledger) sees(pod *corev1.Pod) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range pod.Status.ContainerStatuses {
		c := &pod.Status.ContainerStatuses[i]
		if c.ContainerID != "" {
			if was, ok := b.restarts[c.ContainerID]; ok && was != c.RestartCount {
				b.problem("%s/%s: restart counts %d and %d for one run", pod.Name, c.Name, was, c.RestartCount)
			}
			b.restarts[c.ContainerID] = c.RestartCount
		}
		for _, end := range []*corev1.ContainerStateTerminated{c.State.Terminated, c.LastTerminationState.Terminated} {
			if end == nil || end.ContainerID == "" {
				continue
			}
			if b.ends[end.ContainerID] == nil {
				b.ends[end.ContainerID] = map[ending]bool{}
			}
			b.ends[end.ContainerID][ending{end.ExitCode, end.Reason}] = true
		}
	}
}

// line is what a run writes: its n-th line to an output. Some are longer than a record of a log.
func line(number int, output string, n int) string {
	text := fmt.Sprintf("run=%d %s=%d", number, output, n)
	if n%97 == 96 {
		text += " " + strings.Repeat("x", 40<<10)
	}
	return text
}

// sinks checks a line that the sink of the cluster gets: lines come once, in order, and with none left out.
func (b *ledger) sinks(l fake.LogLine) {
	b.mu.Lock()
	defer b.mu.Unlock()
	in := instance{l.UID, l.Container, l.Restarts}
	if b.lines[in] == nil {
		b.lines[in] = map[string]int{}
	}
	number, output, n, ok := parseLine(l.Text)
	if !ok {
		b.lines[in]["trace"]++ // of a panic
		return
	}
	if want := b.lines[in][output]; n != want {
		b.problem("%s/%s restarts %d run %d: the sink got line %d of %s after %d lines", l.Pod, l.Container, l.Restarts, number, n, output, want)
	}
	if l.Open || l.Stderr != (output == "err") || l.Text != line(number, output, n) {
		b.problem("%s/%s: the sink got %+.80v", l.Pod, l.Container, l)
	}
	b.lines[in][output] = n + 1
	b.lines[in]["run"] = number
}

func parseLine(text string) (number int, output string, n int, ok bool) {
	head, rest, _ := strings.Cut(text, " ")
	var err error
	if _, err = fmt.Sscanf(head, "run=%d", &number); err != nil {
		return 0, "", 0, false
	}
	output, rest, _ = strings.Cut(rest, "=")
	_, err = fmt.Sscanf(rest, "%d", &n)
	return number, output, n, err == nil
}

// balance compares what was done with what the cluster says, when everything has ended and the cluster is closed.
func (b *ledger) balance() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.lives {
		b.balanceEnd(r)
		b.balanceLines(r)
	}
	b.balanceRestarts()
}

// balanceEnd wants the status to tell of one end, with the code of what was done to the run.
func (b *ledger) balanceEnd(r *life) {
	want := maps.Clone(r.codes)
	maps.Copy(want, b.doomed[r.pod.UID])
	ends := b.ends[r.id]
	switch {
	case len(want) == 0:
		b.problem("%v has ended with %v, and nobody has done anything to it", r, ends)
	case len(ends) == 0 && !b.forced[r.pod.UID]:
		b.problem("%v: no status tells of its end, want code %v", r, slices.Sorted(maps.Keys(want)))
	case len(ends) > 1:
		b.problem("%v: statuses tell of several ends: %v", r, ends)
	}
	for end := range ends {
		if !want[end.code] {
			b.problem("%v has ended with %+v, want %v", r, end, slices.Sorted(maps.Keys(want)))
		}
		b.counts[fmt.Sprintf("exit code %d %s", end.code, end.reason)]++
	}
}

// balanceLines wants all lines that were taken, and no others, to be in the sink.
func (b *ledger) balanceLines(r *life) {
	restarts, told := b.restarts[r.id]
	got := b.lines[instance{r.pod.UID, r.container, restarts}]
	if !told { // which run of the container it was; its lines say so, if there are any
		got = nil
		for in, lines := range b.lines {
			if in.uid == r.pod.UID && in.container == r.container && lines["run"] == r.number {
				restarts, got = in.restarts, lines
			}
		}
	}
	for _, output := range []string{"out", "err"} {
		if r.wrote[output] != got[output] {
			b.problem("%v: %d lines of %s were taken, and the sink has got %d", r, r.wrote[output], output, got[output])
		}
		b.counts["lines"] += r.wrote[output]
	}
	switch {
	case got["out"] > 0 && got["run"] != r.number:
		b.problem("%v, restart %d: the sink says it was run %d", r, restarts, got["run"])
	case got["trace"] > 0 && !r.codes[2]:
		b.problem("%v: the sink got %d lines that it did not write", r, got["trace"])
	}
}

// balanceRestarts wants the runs of each container to be counted from 0 on, with none left out.
func (b *ledger) balanceRestarts() {
	type container struct {
		uid  types.UID
		name string
	}
	counted := map[container][]int32{}
	for _, r := range b.lives {
		if n, ok := b.restarts[r.id]; ok {
			counted[container{r.pod.UID, r.container}] = append(counted[container{r.pod.UID, r.container}], n)
		}
	}
	for c, counts := range counted {
		slices.Sort(counts)
		for i, n := range counts {
			if int32(i) != n {
				b.problem("container %s of pod %s: restart counts %v", c.name, c.uid, counts)
				break
			}
		}
	}
}
