package descriptor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// looksLikeJSON reports whether a document begins as a JSON object or array. YAML's flow style begins so too.
func looksLikeJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// withoutMarker blanks the separator, so that offsets stay what they are.
func withoutMarker(text []byte) []byte {
	if !isMarker(text, "---") {
		return text
	}
	return append([]byte("   "), text[3:]...)
}

// parseJSON reads the values of a document, which may be several one after the other.
func parseJSON(doc document) ([]parsed, *syntaxError) {
	r := &jsonReader{text: withoutMarker(doc.text), line: doc.line}
	r.dec = json.NewDecoder(bytes.NewReader(r.text))
	r.dec.UseNumber()
	var all []parsed
	for {
		at := r.next()
		value, parts, err := r.value("")
		if errors.Is(err, io.EOF) && at.offset == len(r.text) {
			return all, nil
		}
		if err != nil {
			return nil, r.failed(err)
		}
		all = append(all, parsed{value: value, spot: spot{at.position, parts}})
	}
}

// jsonReader builds a value and its tree from tokens.
type jsonReader struct {
	text []byte
	line int
	dec  *json.Decoder
	path path // of what is being read, for errors
}

type jsonPosition struct {
	position
	offset int
}

// next is where the next token starts: the decoder only tells where the last one ended.
func (r *jsonReader) next() jsonPosition {
	offset := int(r.dec.InputOffset())
	for offset < len(r.text) && bytes.IndexByte([]byte(" \t\n,:"), r.text[offset]) >= 0 {
		offset++
	}
	return jsonPosition{positionAt(r.text, offset).after(r.line), offset}
}

func (r *jsonReader) value(at path) (any, *tree, error) {
	r.path = at
	token, err := r.dec.Token()
	if err != nil {
		return nil, nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object(at)
	case json.Delim('['):
		return r.array(at)
	}
	return token, nil, nil
}

func (r *jsonReader) object(at path) (any, *tree, error) {
	object, parts := map[string]any{}, &tree{}
	for r.dec.More() {
		key := r.next()
		token, err := r.dec.Token()
		if err != nil {
			return nil, nil, err
		}
		name := token.(string) // the decoder accepts nothing else as a key
		value, below, err := r.value(at.field(name))
		if err != nil {
			return nil, nil, err
		}
		object[name] = value
		parts.set(name, spot{key.position, below})
		r.path = at
	}
	_, err := r.dec.Token()
	return object, parts, err
}

func (r *jsonReader) array(at path) (any, *tree, error) {
	array, parts := []any{}, &tree{}
	for r.dec.More() {
		start := r.next()
		value, below, err := r.value(at.index(len(array)))
		if err != nil {
			return nil, nil, err
		}
		array = append(array, value)
		parts.items = append(parts.items, spot{start.position, below})
		r.path = at
	}
	_, err := r.dec.Token()
	return array, parts, err
}

// failed locates a decoder's error.
func (r *jsonReader) failed(err error) *syntaxError {
	offset := int(r.dec.InputOffset())
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(int(syntax.Offset)-1, 0)
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		offset = len(bytes.TrimRight(r.text, " \t\n"))
		err = errors.New("the text ends too early")
	}
	return &syntaxError{
		at:   positionAt(r.text, offset).after(r.line),
		path: r.path,
		err:  fmt.Errorf("%w JSON: %w", ErrSyntax, err),
	}
}
