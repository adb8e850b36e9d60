// Package facts holds what Go types cannot say of an API: which fields are required, what they are when left out, which
// values are allowed, how lists and maps merge. The facts are tables that `podwright types` reads out of comment markers; the
// functions here are the one interpreter of those tables.
//
// What people get wrong: facts are what an API declares, and most rules of a Pod are not declared anywhere but written
// as code. Use [github.com/podwright/podwright/types.Check], which knows both.
//
//	facts.Default(obj)
//	for _, err := range facts.Validate(obj) {
//		fmt.Println(err) // spec.oven.trays[2].name: Required value
//	}
//	for _, f := range facts.Of(reflect.TypeFor[corev1.Container]()).Fields {
//		fmt.Println(f.Name, f.Required, f.Default)
//	}
//
// The tables of core/v1 and meta/v1 are built in, and with them the kinds of other groups that their subresources take
// (Scale, TokenRequest, Eviction); those of other packages are registered by their generated code.
// Tables are constant data: a program that asks nothing pays nothing at start. All functions are safe for concurrent use.
package facts
