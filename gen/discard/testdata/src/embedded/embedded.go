package embedded

import "example.com/builders"

type Web struct {
	builders.PodBuilder
	replicas int
}

// Scale belongs to a type that is no builder, though a builder is in it.
func (w Web) Scale(n int) Web { w.replicas = n; return w }

// Name hides the builder's, and Pod may do anything.
func (w Web) Name() string              { return "web" }
func (w *Web) Pod() builders.PodBuilder { w.replicas++; return w.PodBuilder }

type Site struct{ Web }

type Shared struct{ *builders.PodBuilder }

func drops(w Web, p *Web, s Site, sh Shared, byName map[string]Web) {
	w.Label("a", "b")            // want `^result of PodBuilder.Label is dropped: a builder is a value, so write w.PodBuilder = w.Label\(...\)$`
	w.PodBuilder.Label("a", "b") // want `so write w.PodBuilder = w.PodBuilder.Label\(...\)$`
	p.Label("a", "b")            // want `so write p.PodBuilder = p.Label\(...\)$`
	(*p).Label("a", "b")         // want `so write \(\*p\).PodBuilder = \(\*p\).Label\(...\)$`
	s.HostNetwork().With()       // want `so write s.Web.PodBuilder = s.HostNetwork\(\).With\(\)$`
	Web.Label(w, "a", "b")       // want `so write w.PodBuilder = Web.Label\(w, ...\)$`
	sh.Label("a", "b")           // want `so keep what the call returns$`
	byName["x"].Label("a", "b")  // want `so keep what the call returns$`
	w.Unchecked()                // want `result of PodBuilder.Unchecked is dropped`
	w.Scale(1)
	w.Name()
	w.Pod()
	w.MustBuild()
	w.PodBuilder = w.Label("a", "b")
}
