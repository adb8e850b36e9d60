package functions

import (
	"errors"
	"fmt"

	"example.com/builders"
)

// Team is a mixin: it fits every builder with labels.
func Team[B interface{ Label(k, v string) B }](x B) B {
	x.Label("team", "core") // B need not be a builder here.
	return x.Label("team", "core")
}

func Restricted(b builders.PodBuilder) builders.PodBuilder { return b.HostNetwork() }

func Named(b builders.PodBuilder, name string) builders.PodBuilder { return b }

func Items[T any](l builders.ListBuilder[T], items ...T) builders.ListBuilder[T] { return l }

type pod = builders.PodBuilder

func Aliased(p pod) pod { return p }

type Change func(builders.PodBuilder) builders.PodBuilder

func constructors() {
	builders.New("x")                   // want `^result of builders.New is dropped: a builder is a value, so keep what the call returns$`
	builders.NewFrom(new(builders.Pod)) // want `result of builders.NewFrom is dropped`
	builders.Container(80)              // want `result of builders.Container is dropped`
	builders.Container[string]("http")  // want `result of builders.Container is dropped`
	_ = builders.New("x")               // want `result of builders.New is dropped`
	go builders.New("x")                // want `result of builders.New is dropped`
	defer builders.New("x")             // want `result of builders.New is dropped`
	(builders.New)("x")                 // want `result of builders.New is dropped`
}

func mixins(b builders.PodBuilder, l builders.ListBuilder[int]) {
	Team(b)                      // want `^result of Team is dropped: a builder is a value, so write b = Team\(b\)$`
	Team[builders.PodBuilder](b) // want `so write b = Team\(b\)$`
	Team(Restricted(b))          // want `so write b = Team\(Restricted\(b\)\)$`
	Team(b.Label("a", "b"))      // want `so write b = Team\(b.Label\(...\)\)$`
	Team(b).Label("a", "b")      // want `so write b = Team\(b\).Label\(...\)$`
	Team(builders.Container(80)) // want `result of Team is dropped: .* so keep what the call returns$`
	Restricted(b)                // want `so write b = Restricted\(b\)$`
	Named(b, "x")                // want `so write b = Named\(b, ...\)$`
	Named(Named(b, "x"), "y")    // want `so write b = Named\(Named\(b, ...\), ...\)$`
	Named(split(b))              // want `result of Named is dropped: .* so keep what the call returns$`
	Items(l, 1, 2)               // want `so write l = Items\(l, ...\)$`
	Aliased(b)                   // want `so write b = Aliased\(b\)$`
	_ = Team(b)                  // want `result of Team is dropped`
	defer Restricted(b)          // want `result of Restricted is dropped`
	b = Team(b)
}

func variables(b builders.PodBuilder, change Change, changes []Change, byName map[string]func(builders.PodBuilder) builders.PodBuilder) {
	change(b)      // want `result of change is dropped: .* so write b = change\(b\)$`
	changes[0](b)  // want `result of changes\[0\] is dropped: .* so write b = changes\[0\]\(b\)$`
	byName["x"](b) // want `so write b = byName\["x"\]\(b\)$`
	team := Team[builders.PodBuilder]
	team(b) // want `so write b = team\(b\)$`
	label := builders.PodBuilder.Label
	label(b, "a", "b") // want `so write b = label\(b, ...\)$`
	for _, change := range changes {
		b = change(b)
	}
}

type suite struct{ all []builders.PodBuilder }

func (s *suite) add(b builders.PodBuilder) builders.PodBuilder {
	s.all = append(s.all, b)
	return b
}

type visitor interface {
	Visit(b builders.PodBuilder) builders.PodBuilder
}

func effects(s *suite, v visitor, create func(string) builders.PodBuilder) {
	b := setup("x")
	setup("y") // Not of the builders' package, and takes no builder.
	_ = setup("z")
	Exported("z")
	_ = Change(Restricted) // A conversion.
	create("x")
	s.add(b)
	v.Visit(b)
	record("x", b)
	must(both())
	mustPod(both())
	same(b)
	func() builders.PodBuilder { fmt.Println(b); return b }()
	func(b builders.PodBuilder) builders.PodBuilder { fmt.Println(b); return b }(b)
	both()
	all(b)
	pointer(b)
	b, _ = both()
}

func setup(name string) builders.PodBuilder { fmt.Println(name); return builders.New(name) }

func Exported(name string) builders.PodBuilder { return setup(name) }

func record(name string, b builders.PodBuilder) builders.PodBuilder { fmt.Println(name); return b }

func both() (builders.PodBuilder, error) { return builders.New("x"), errors.New("x") }

func split(b builders.PodBuilder) (builders.PodBuilder, string) { return b, "x" }

func all(b builders.PodBuilder) []builders.PodBuilder { return nil }

func pointer(b builders.PodBuilder) *builders.PodBuilder { return &b }

func must[T any](x T, err error) T { return x }

func mustPod(b builders.PodBuilder, err error) builders.PodBuilder { return b }

// same asks for no methods, so it cannot change a builder.
func same[T any](x T) T { return x }
