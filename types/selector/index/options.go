package index

import "strings"

// An Option changes what [New] and [NewJoin] make.
type Option func(*options)

type options struct {
	capacity int
	clone    func(string) string
}

// Capacity makes room for a number of objects, so that a large index need not grow. The default is 0.
func Capacity(objects int) Option {
	return func(o *options) { o.capacity = max(0, objects) }
}

// CloneStrings copies the keys and values of labels that are new to the index. By default they are kept as they come, which costs nothing
// but keeps alive whatever they are part of: give CloneStrings if they were cut out of a large text.
func CloneStrings() Option {
	return func(o *options) { o.clone = strings.Clone }
}

func optionsOf(list []Option) options {
	o := options{clone: func(s string) string { return s }}
	for _, option := range list {
		option(&o)
	}
	return o
}
