package gen

import (
	"fmt"
	"slices"
)

// findStructs lists what gets a builder, and the topic of each.
func (m *modeler) findStructs() error {
	roots, err := m.generator.roots("builders", m.config.Target)
	if err != nil {
		return err
	}
	seen := map[Ref]bool{}
	for _, r := range roots {
		m.visit(r, seen, func(s *Struct) { m.structs = append(m.structs, s) })
	}
	for i, topic := range m.config.Topics {
		for j, name := range topic.Types {
			s, err := m.structNamed(fmt.Sprintf("builders.topics[%d].types[%d]", i, j), name)
			if err != nil {
				return err
			}
			m.visit(s, map[Ref]bool{}, func(s *Struct) {
				if m.topics[s.Ref] == "" {
					m.topics[s.Ref] = topic.Name
				}
			})
		}
	}
	return nil
}

// visit calls found for s and all that a builder of it takes builders of.
func (m *modeler) visit(s *Struct, seen map[Ref]bool, found func(*Struct)) {
	if seen[s.Ref] || !m.isLocal(s.Ref) || m.omit[s.Ref.String()] {
		return
	}
	seen[s.Ref] = true
	found(s)
	for _, f := range s.Fields {
		if m.omitted(s, f) {
			continue
		}
		if named := m.api.structOf(m.part(f.Type)); named != nil {
			if kind := m.templates[named.Ref]; kind != nil {
				named = kind
			}
			m.visit(named, seen, found)
		}
	}
}

// isLocal reports whether the types of r's package get builders here.
func (m *modeler) isLocal(r Ref) bool {
	_, read := m.api.packageOf(r)
	return read && m.reuse[r.Path] == ""
}

// hasBuilder leaves out what is given in another way or is part of another builder.
func (m *modeler) hasBuilder(s *Struct) bool {
	if m.isUnion(s) || m.unwrap[s.Ref] || m.templates[s.Ref] != nil || s.Ref == (Ref{metaPath, "ObjectMeta"}) || s.Ref == (Ref{metaPath, "TypeMeta"}) {
		return false
	}
	return m.isUsed(s)
}

// isUsed reports whether s is a root, or some field takes it by a builder and not flattened.
func (m *modeler) isUsed(s *Struct) bool {
	roots, _ := m.generator.roots("builders", m.config.Target)
	if slices.Contains(roots, s) {
		return true
	}
	for _, owner := range m.structs {
		for _, f := range owner.Fields {
			if m.omitted(owner, f) || m.flattened(owner, f) {
				continue
			}
			if t := m.part(f.Type); t.Kind == kindNamed && (t.Ref == s.Ref || m.templates[t.Ref] == s) {
				return true
			}
		}
	}
	return false
}

// omitted reports whether a builder of s leaves f out: the configuration says so, the API has given it up, or the server
// writes it.
func (m *modeler) omitted(s *Struct, f Field) bool {
	if m.omit[s.Ref.String()+"."+f.Go] || f.Deprecated() || f.Type.is(metaPath, "TypeMeta") {
		return true
	}
	if s.hasMetadata() && f.JSON == "status" {
		return true
	}
	if s.Ref == (Ref{metaPath, "ObjectMeta"}) && serverMetadata[f.Go] {
		return true
	}
	return m.omit[m.part(f.Type).Ref.String()]
}

// serverMetadata is what the server sets in metadata.
var serverMetadata = map[string]bool{
	"SelfLink": true, "UID": true, "ResourceVersion": true, "Generation": true, "CreationTimestamp": true,
	"DeletionTimestamp": true, "DeletionGracePeriodSeconds": true, "ManagedFields": true,
}

// part is the type of the values that a field holds: behind a pointer, in a list or in a map, which may have names of
// their own.
func (m *modeler) part(t Type) Type {
	for {
		switch t = m.unnamed(t); t.Kind {
		case kindPointer, kindSlice, kindMap:
			t = *t.Elem
		default:
			return t
		}
	}
}

// unnamed is the list or map that a type is the name of, or the type.
func (m *modeler) unnamed(t Type) Type {
	if s := m.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		if u := s.Underlying; u.Kind == kindMap || u.Kind == kindSlice && !isBytes(u) {
			return u
		}
	}
	return t
}

// flattened reports whether the fields of f's struct are set on the builder of s itself: those of an embedded struct,
// and the spec of what has metadata.
func (m *modeler) flattened(s *Struct, f Field) bool {
	in := m.api.structOf(f.Type)
	if in == nil || m.isUnion(in) || m.unwrap[in.Ref] {
		return false
	}
	return f.Embedded || s.hasMetadata() && f.JSON == "spec"
}
