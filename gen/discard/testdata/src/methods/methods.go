package methods

import "example.com/builders"

type pod = builders.PodBuilder

// own is a builder too: it has the field. Its methods may write through a pointer.
type own builders.PodBuilder

func (o own) label(k string) own       { return o }
func (o *own) rename(name string) *own { return o }
func (o *own) set(name string) own     { return *o }

type labeler interface {
	Label(k, v string) builders.PodBuilder
}

type holder struct {
	pod  builders.PodBuilder
	pods map[string]builders.PodBuilder
}

var base = builders.New("base")

func statements(b builders.PodBuilder, p *builders.PodBuilder, h *holder, a pod, x any, ch chan pod) {
	b.Label("a", "b")                       // want `^result of PodBuilder.Label is dropped: a builder is a value, so write b = b.Label\(...\)$`
	b.HostNetwork()                         // want `so write b = b.HostNetwork\(\)$`
	b.Edit(func(p *builders.Pod) {})        // want `so write b = b.Edit\(...\)$`
	b.With()                                // want `so write b = b.With\(\)$`
	b.Label("a", "b").HostNetwork()         // want `result of PodBuilder.HostNetwork is dropped: .* so write b = b.Label\(...\).HostNetwork\(\)$`
	(b.Label("a", "b"))                     // want `so write b = b.Label\(...\)$`
	(b.Label)("a", "b")                     // want `so write b = b.Label\(...\)$`
	(b).Label("a", "b")                     // want `so write b = \(b\).Label\(...\)$`
	a.Label("a", "b")                       // want `so write a = a.Label\(...\)$`
	base.Label("a", "b")                    // want `so write base = base.Label\(...\)$`
	h.pod.Label("a", "b")                   // want `so write h.pod = h.pod.Label\(...\)$`
	h.pods["a"].Label("a", "b")             // want `so write h.pods\["a"\] = h.pods\["a"\].Label\(...\)$`
	(*p).Label("a", "b")                    // want `so write \*p = \(\*p\).Label\(...\)$`
	p.Label("a", "b")                       // want `result of PodBuilder.Label is dropped: a builder is a value, so keep what the call returns$`
	b.First()                               // want `result of PodBuilder.First is dropped: a builder is a value, so keep what the call returns$`
	b.First().Label("a", "b")               // want `result of ContainerBuilder.Label is dropped: .* so keep what the call returns$`
	b.First().Pod()                         // want `result of ContainerBuilder.Pod is dropped: .* so keep what the call returns$`
	x.(pod).HostNetwork()                   // want `so keep what the call returns$`
	(<-ch).HostNetwork()                    // want `so keep what the call returns$`
	builders.PodBuilder{}.HostNetwork()     // want `so keep what the call returns$`
	builders.New("x").Label("a", "b")       // want `result of PodBuilder.Label is dropped: .* so keep what the call returns$`
	pod(b).Label("a", "b")                  // want `so keep what the call returns$`
	builders.PodBuilder.Label(b, "a", "b")  // want `result of PodBuilder.Label is dropped: .* so write b = builders.PodBuilder.Label\(b, ...\)$`
	builders.PodBuilder.HostNetwork(b)      // want `so write b = builders.PodBuilder.HostNetwork\(b\)$`
	(*builders.PodBuilder).Label(p, "", "") // want `so keep what the call returns$`
}

func otherDrops(b builders.PodBuilder) {
	_ = b.Label("a", "b")                                  // want `result of PodBuilder.Label is dropped`
	_ = (b.Label("a", "b"))                                // want `result of PodBuilder.Label is dropped`
	_, n := b.Label("a", "b"), 1                           // want `result of PodBuilder.Label is dropped`
	n, _, _ = 2, b.HostNetwork(), builders.New("x").With() // want `result of PodBuilder.HostNetwork is dropped` `result of PodBuilder.With is dropped`
	go b.Label("a", "b")                                   // want `result of PodBuilder.Label is dropped`
	defer b.Label("a", "b")                                // want `result of PodBuilder.Label is dropped`
	if b.HostNetwork(); n > 0 {                            // want `result of PodBuilder.HostNetwork is dropped`
		n--
	}
	for ; n > 0; b.HostNetwork() { // want `result of PodBuilder.HostNetwork is dropped`
		n--
	}
	b.With(func(b builders.PodBuilder) builders.PodBuilder { // want `result of PodBuilder.With is dropped`
		b.Label("a", "b") // want `result of PodBuilder.Label is dropped`
		return b
	})
}

func copies(b builders.PodBuilder) {
	b.Unchecked()              // want `^result of PodBuilder.Unchecked is dropped: the call only copies, so use the copy or delete the call$`
	_ = b.With().Unchecked()   // want `result of PodBuilder.Unchecked is dropped`
	defer b.Unchecked()        // want `result of PodBuilder.Unchecked is dropped`
	defer print(b.Unchecked()) // Used.
}

func generic(l builders.ListBuilder[int]) {
	l.Add(1)                // want `result of ListBuilder.Add is dropped: .* so write l = l.Add\(...\)$`
	builders.List(1).Add(2) // want `result of ListBuilder.Add is dropped`
}

func owned(o own) {
	o.label("a") // want `result of own.label is dropped: .* so write o = o.label\(...\)$`
	o.rename("a")
	o.set("a")
	(*own).set(&o, "a")
}

func right(b builders.PodBuilder, p *builders.PodBuilder, l labeler) *builders.Pod {
	b = b.Label("a", "b")
	c := b.Label("a", "b")
	b, c = c.HostNetwork(), b
	use(b.Label("a", "b"))
	var _ = b.Label("a", "b") // A check at compile time.
	_ = b                     // No call.
	_ = b.Label               // No call either.
	_ = pod(b)                // A conversion.
	_ = *new(pod)
	_ = b.Name() // Returns no builder.
	b.Build()    // Checks.
	b.MustBuild()
	_, _ = b.Build()
	defer b.MustBuild()
	p.Rename("x")     // May write through its receiver.
	l.Label("a", "b") // May be anything.
	label := b.Label  // What is in a variable may be anything with that signature.
	label("a", "b")
	return b.Unchecked()
}

func use(builders.PodBuilder) {}
