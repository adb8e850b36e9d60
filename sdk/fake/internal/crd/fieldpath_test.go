package crd

import (
	"testing"
)

func TestFieldPath(t *testing.T) {
	s := defined(t, `{type: object, properties: {ports: {type: object, additionalProperties: {type: integer}}, "a.b": {type: string}}}`).Versions[0].structural
	for text, row := range map[string]struct {
		path, kind, err string
		plain           bool // brackets are not for this one
	}{
		".spec":                {path: "spec", kind: "object"},
		".spec.ports.http":     {path: "spec.ports[http]", kind: "integer"},
		".spec['a.b']":         {path: "spec.a.b", kind: "string"},
		".spec.ports['a\\'b']": {path: "spec.ports[a'b]", kind: "integer"},
		".spec['ports']":       {err: "array notation is not allowed", plain: true},
		".nope":                {err: "does not refer to a valid field"},
		".spec.ports.a.b":      {err: "does not refer to a valid field"},
		"spec.ports":           {err: "expected [ or . but got: spec"},
		".spec.":               {err: "unexpected end of JSON path"},
		".spec[0]":             {err: "expected single quoted string but got 0]"},
	} {
		path, leaf, err := fieldPath(text, s, !row.plain)
		switch {
		case row.err != "":
			if err == nil || err.Error() != row.err {
				t.Errorf("%s: %v, want %s", text, err, row.err)
			}
		case err != nil || path.String() != row.path || leaf.Type != row.kind:
			t.Errorf("%s: %v %v %v, want %s %s", text, path, leaf, err, row.path, row.kind)
		}
	}
}
