package fixes

import "example.com/builders"

var base = builders.New("base")

type holder struct{ pod builders.PodBuilder }

type web struct{ builders.PodBuilder }

func change(b builders.PodBuilder) builders.PodBuilder {
	b.Label("a", "b") // want `so write b =`
	return b
}

func chain() builders.PodBuilder {
	b := builders.New("x")
	b. // want `so write b = b.Label\(...\).Containers\(...\)$`
		Label("a", "b"). // The fix leaves the rest alone.
		Containers(
			builders.Container(80),
		)
	change(b).HostNetwork()              // want `so write b =`
	(b.HostNetwork())                    // want `so write b =`
	if b.HostNetwork(); b.Name() != "" { // want `so write b =`
		return b
	}
	return b
}

func each(pods []builders.PodBuilder) (out []builders.PodBuilder) {
	for _, b := range pods {
		b.HostNetwork() // want `so write b =`
		out = append(out, b)
	}
	for _, b := range pods {
		// A fix would be no help: b is gone afterwards.
		b.HostNetwork() // want `so write b =`
	}
	return out
}

func literal(b builders.PodBuilder) builders.PodBuilder {
	return b.With(func(inner builders.PodBuilder) builders.PodBuilder {
		// Whoever made the literal may read b.
		b.HostNetwork()     // want `so write b =`
		inner.HostNetwork() // want `so write inner =`
		return change(inner)
	})
}

func shared(b builders.PodBuilder) *builders.Pod {
	done := make(chan *builders.Pod)
	go func() { done <- b.MustBuild() }()
	b.HostNetwork() // want `so write b =`
	b.Build()
	return <-done
}

func none(b builders.PodBuilder, h holder, w web) {
	base.HostNetwork()  // want `so write base =`
	h.pod.HostNetwork() // want `so write h.pod =`
	w.HostNetwork()     // want `so write w.PodBuilder =`
	_ = b.HostNetwork() // want `so write b =`
	go b.HostNetwork()  // want `so write b =`
	b.Unchecked()       // want `use the copy or delete the call`
	change(b).Build()
	h.pod.Build()
	w.Build()
	base.Build()
}
