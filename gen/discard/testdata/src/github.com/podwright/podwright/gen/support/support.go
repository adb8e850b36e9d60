// Package support stands in for the real one, which the analyzer knows by its path.
package support

type Problems struct{ last *int }
