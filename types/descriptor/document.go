package descriptor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// document is one YAML document of a text, or the JSON values between two separators.
type document struct {
	line int // the text's line on which it begins, from 1
	text []byte
}

// split cuts text at its document separators. A separator line stays with the document it opens, because it
// may carry content (--- {kind: Pod}); so does a %YAML directive. Documents without content are left out.
func split(text []byte) []document {
	var docs []document
	current := document{line: 1}
	flush := func(next int) {
		if hasContent(current.text) {
			docs = append(docs, current)
		}
		current = document{line: next}
	}
	for n, line := range bytes.SplitAfter(text, []byte("\n")) {
		switch {
		case isMarker(line, "---") && !onlyDirectives(current.text):
			flush(n + 1)
			current.text = append(current.text, line...)
		case isMarker(line, "..."):
			flush(n + 2)
		default:
			current.text = append(current.text, line...)
		}
	}
	flush(0)
	return docs
}

// isMarker reports whether line is a document marker: YAML allows these three characters at the start of a line
// for nothing else, in block scalars neither.
func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || strings.ContainsRune(" \t\n", rune(rest[0])))
}

// hasContent reports whether a document has anything but its separator, comments and white space.
func hasContent(text []byte) bool {
	for line := range bytes.Lines(text) {
		if isMarker(line, "---") {
			line = line[3:]
		}
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return true
		}
	}
	return false
}

// onlyDirectives reports whether text holds a directive and nothing else, so that it belongs to what follows.
func onlyDirectives(text []byte) bool {
	found := false
	for line := range bytes.Lines(text) {
		switch line = bytes.TrimSpace(line); {
		case len(line) == 0 || line[0] == '#':
		case line[0] == '%':
			found = true
		default:
			return false
		}
	}
	return found
}

// normalise turns the encodings and line ends that editors write into UTF-8 with "\n". The error is a line without sense.
func normalise(data []byte) ([]byte, *position, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		data = fromUTF16(data[2:], binary.BigEndian)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	if !utf8.Valid(data) {
		good := 0
		for good < len(data) {
			r, size := utf8.DecodeRune(data[good:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			good += size
		}
		at := positionAt(data, good)
		return nil, &at, fmt.Errorf("%w: byte 0x%02x is not UTF-8; save the file as UTF-8", ErrSyntax, data[good])
	}
	return data, nil, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
