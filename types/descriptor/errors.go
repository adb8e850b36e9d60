package descriptor

import (
	"cmp"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// What can be wrong with a descriptor; test for these with errors.Is.
var (
	// ErrSyntax is text that is neither YAML nor JSON, or not an object.
	ErrSyntax = errors.New("malformed")
	// ErrUnknownField is a field that the type does not have. Names are case-sensitive.
	ErrUnknownField = errors.New("unknown field")
	// ErrDuplicateField is a field set twice in one object.
	ErrDuplicateField = errors.New("duplicate field")
	// ErrWrongType is a value its field cannot hold.
	ErrWrongType = errors.New("wrong type")
	// ErrKind is an apiVersion and kind that are missing, not in the scheme, or not those asked for.
	ErrKind = errors.New("wrong kind")
	// ErrCount is text that holds no object or several where one was wanted.
	ErrCount = errors.New("not one object")
)

// Error is one problem in a descriptor.
type Error struct {
	File   string // the name given by [File], or ""
	Line   int    // from 1; the whole text's, not the document's
	Column int    // from 1, in bytes; 0 where it is not known
	Path   string // as in spec.containers[0].image; "" for the whole document
	Err    error  // wraps one of the package's sentinels
}

// Error is "FILE:LINE: PATH: problem", or "line LINE: PATH: problem" without a file name.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		fmt.Fprintf(&b, "%s:%d: ", e.File, e.Line)
	} else {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Err.Error())
	return b.String()
}

// Unwrap gives the problem without its place.
func (e *Error) Unwrap() error { return e.Err }

// problems collects the errors of one call.
type problems struct {
	file string
	list []*Error
}

func (p *problems) add(at position, path path, err error) {
	p.list = append(p.list, &Error{File: p.file, Line: at.line, Column: at.column, Path: path.String(), Err: err})
}

// err is all of them in source order, then by path, or nil.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	sort.SliceStable(p.list, func(i, j int) bool {
		a, b := p.list[i], p.list[j]
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path)) < 0
	})
	joined := &multierror.Error{ErrorFormat: oneALine}
	for _, e := range p.list {
		joined.Errors = append(joined.Errors, e)
	}
	return joined
}

func oneALine(errs []error) string {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}
