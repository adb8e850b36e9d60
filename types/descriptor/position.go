package descriptor

import "bytes"

// position is a place in the text; lines and columns count from 1, and column 0 is unknown.
type position struct{ line, column int }

// positionAt turns an offset into a position.
func positionAt(text []byte, offset int) position {
	before := text[:min(offset, len(text))]
	return position{
		line:   1 + bytes.Count(before, []byte("\n")),
		column: len(before) - bytes.LastIndexByte(before, '\n'),
	}
}

// after moves a position within a document that begins at line to one within the text.
func (p position) after(line int) position { return position{p.line + line - 1, p.column} }

// tree says where the parts of a value stand in the text. A nil tree knows nothing. Trees of YAML aliases are shared.
type tree struct {
	fields     map[string]spot
	items      []spot
	duplicates []duplicate
}

// spot is where one field or item stands (a field's key, an item's first character), and the parts of its value.
type spot struct {
	position
	tree *tree
}

// duplicate is a field that was set before, on the line first.
type duplicate struct {
	name  string
	at    position
	first int
}

// field is the spot of a field; one that is not in the tree is taken to be at its parent.
func (s spot) field(name string) spot {
	if s.tree != nil {
		if child, ok := s.tree.fields[name]; ok {
			return child
		}
	}
	return spot{position: s.position}
}

// item is field for a list.
func (s spot) item(i int) spot {
	if s.tree != nil && i < len(s.tree.items) {
		return s.tree.items[i]
	}
	return spot{position: s.position}
}

// set adds a field and notes when it is there already; the last one wins, as in Kubernetes' decoders.
func (t *tree) set(name string, s spot) {
	if earlier, ok := t.fields[name]; ok {
		t.duplicates = append(t.duplicates, duplicate{name, s.position, earlier.line})
	}
	if t.fields == nil {
		t.fields = map[string]spot{}
	}
	t.fields[name] = s
}

// without is the tree less one field; duplicates of that field stay.
func (t *tree) without(name string) *tree {
	rest := &tree{fields: map[string]spot{}, items: t.items, duplicates: t.duplicates}
	for n, s := range t.fields {
		if n != name {
			rest.fields[n] = s
		}
	}
	return rest
}
