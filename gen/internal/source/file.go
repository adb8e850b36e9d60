package source

import (
	"fmt"
	"path/filepath"
)

// A File is a YAML file that was read. The zero File has no name, and line 1 alone.
type File struct {
	name  string // for errors, and as what relative paths start from
	lines lines
}

// Read finds the line of everything in text, and that nothing is there that like, a struct, has no field for by the name of its json
// tag, nothing twice and nothing of another form. The name is that of the file, for errors and for what is relative to it.
func Read(name string, text []byte, like any) (File, error) {
	f := File{name: name}
	var err error
	if f.lines, err = readLines(text, like); err != nil {
		return File{}, fmt.Errorf("%s:%w", name, err)
	}
	return f, nil
}

// Line is the line of what stands at a path such as builders.roots[1], or of the nearest thing above it that is written down.
func (f File) Line(path string) int { return f.lines.of(path) }

// ErrorAt adds file and line to what is wrong with what stands at path.
func (f File) ErrorAt(path string, err error) error {
	return fmt.Errorf("%s:%d: %w", f.name, f.Line(path), err)
}

// SyntaxError is an error of package yaml, with its line where compilers put it.
func (f File) SyntaxError(err error) error { return fmt.Errorf("%s:%w", f.name, lineOf(err)) }

// Dir is where relative paths start.
func (f File) Dir() string { return filepath.Dir(f.name) }

// Folder is a folder that the file names.
func (f File) Folder(dir string) string { return filepath.Join(f.Dir(), filepath.FromSlash(dir)) }
