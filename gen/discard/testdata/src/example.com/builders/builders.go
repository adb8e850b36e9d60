// Package builders has what generated builders look like from outside.
package builders

import "github.com/podwright/podwright/gen/support"

type Pod struct{ Name string }

type PodBuilder struct {
	obj  Pod
	errs support.Problems
}

func New(name string) PodBuilder                                            { return PodBuilder{obj: Pod{name}} }
func NewFrom(p *Pod) PodBuilder                                             { return PodBuilder{obj: *p} }
func (b PodBuilder) Label(k, v string) PodBuilder                           { return b }
func (b PodBuilder) HostNetwork() PodBuilder                                { return b }
func (b PodBuilder) Containers(items ...ContainerBuilder) PodBuilder        { return b }
func (b PodBuilder) With(changes ...func(PodBuilder) PodBuilder) PodBuilder { return b }
func (b PodBuilder) Edit(change func(*Pod)) PodBuilder                      { change(&b.obj); return b }
func (b PodBuilder) First() ContainerBuilder                                { return ContainerBuilder{} }
func (b PodBuilder) Build() (*Pod, error)                                   { return &b.obj, nil }
func (b PodBuilder) MustBuild() *Pod                                        { return &b.obj }
func (b PodBuilder) Unchecked() *Pod                                        { return &b.obj }
func (b PodBuilder) Name() string                                           { return b.obj.Name }

type ContainerBuilder struct {
	image string
	errs  support.Problems
}

func Container[P ~int | ~string](port P) ContainerBuilder     { return ContainerBuilder{} }
func (b ContainerBuilder) Label(k, v string) ContainerBuilder { return b }

func (b ContainerBuilder) Pod() PodBuilder { return PodBuilder{} }

// ListBuilder is a generic builder.
type ListBuilder[T any] struct {
	items []T
	errs  support.Problems
}

func List[T any](items ...T) ListBuilder[T]        { return ListBuilder[T]{items: items} }
func (b ListBuilder[T]) Add(item T) ListBuilder[T] { return b }

// Rename writes through its receiver.
func (b *PodBuilder) Rename(name string) PodBuilder { b.obj.Name = name; return *b }

func register(name string) PodBuilder { return New(name) }

func init() {
	register("web") // An unexported function of the package is no constructor.
	New("web")      // want `result of New is dropped`
}
