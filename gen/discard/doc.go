// Package discard finds builder results that are dropped: it is an analyzer for go vet and whatever else runs
// golang.org/x/tools/go/analysis.
//
// What people get wrong: a builder is a value, as a time.Time is. A method of it changes nothing; it returns the changed
// builder, and a statement that does not take it has no effect:
//
//	b := builders.Pod("web")
//	b.Label("app", "web")     // reported: so write b = b.Label(...)
//	b = b.Label("app", "web") // right
//
// The command podwright-vet (gen/cmd/podwright-vet) runs it:
//
//	go install github.com/podwright/podwright/gen/cmd/podwright-vet@latest
//	go vet -vettool=$(which podwright-vet) ./...
//
// Programs that run analyzers of their own add [Analyzer] to them:
//
//	func main() { multichecker.Main(discard.Analyzer) }
//
// # What is reported
//
// Dropped is what a call returns if the call is a statement, is assigned to _, or stands after go or defer. It is
// reported if the call only makes a builder, so that dropping it cannot be meant:
//
//   - a method of a builder that returns a builder, also one promoted from an embedded builder, and Unchecked;
//   - an exported function of the package that declares the builder it returns: the constructors;
//   - a function, or a variable of a function type, whose first parameter is of the builder type it returns: a change such
//     as PodBuilder.With takes. A generic one counts if its constraint has methods, as that of a mixin has.
//
// A builder is a struct type with a field of type support.Problems, in whatever module it was generated.
//
// The advice in the report comes with a fix where it is surely right: the call is a statement, and starts at a variable of
// the same function that is used afterwards and in no function literal.
//
// # What it does not do
//
// It looks at types only, never at what a function does, and rather misses a mistake than reports correct code:
//
//   - Build and MustBuild may be dropped: they check.
//   - A function outside the builders' package that takes no builder first, or takes an error, is taken to have an effect;
//     so is a method of any other type, a call through an interface, a method value in a variable, and a function literal
//     that is called on the spot.
//   - In a generic function the type parameter is not known to be a builder.
//   - What only measures may drop: a loop over B.Loop, B.N or PB.Next of package testing, and the function given to
//     testing.AllocsPerRun.
//   - A variable declaration var _ = x is how a program asks for a compile-time check. A result among several, and a
//     variable that is set and not used afterwards, are for the compiler and for other analyzers.
package discard
