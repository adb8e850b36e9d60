// Package vocabulary makes typed Go of the labels that somebody uses, and of the selectors: the verb selectors of podwright.
//
// What people get wrong: a vocabulary is not the labels of one object but all that there may be, so that what it does not list cannot
// be written by mistake. A key that takes anything says so (open: true).
//
//	v, err := vocabulary.Read("labels.yaml")
//	if err != nil {
//		return err // with the line of everything that is wrong
//	}
//	files, err := vocabulary.Generate(v)
//
// The steps are a group of files each: read.go reads a [Vocabulary] and check*.go finds what is wrong with it; fold.go and word.go
// decide how matchers ask, and emit*.go write the package, a file a topic.
package vocabulary
