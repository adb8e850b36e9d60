package gen

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/podwright/podwright/types/descriptor"
	"k8s.io/apimachinery/pkg/runtime/schema"
	yamlutil "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// tree is a JSON object.
type tree = map[string]any

// read returns the objects of a text. Kinds that Go knows are decoded strictly into their types first, so that what comes
// out is what the API server would see; of other kinds the fields are checked against the API that was read.
func (d dialects) read(m Manifest) ([]tree, error) {
	documents, err := documentsOf(m.Text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	known := descriptor.Kinds()
	isOther := func(doc []byte) bool {
		var k Kind
		if err := yaml.Unmarshal(doc, &k); err != nil {
			return false // the decoder below says it better
		}
		i := slices.IndexFunc(known, func(g schema.GroupVersionKind) bool {
			return g.Kind == k.Kind && g.GroupVersion().String() == k.APIVersion
		})
		_, b := d.kind(k)
		return i < 0 && b != nil
	}
	if !slices.ContainsFunc(documents, isOther) {
		return typed(m.Name, m.Text)
	}
	var objects []tree
	for _, doc := range documents {
		read := func(doc []byte) ([]tree, error) { return typed(m.Name, doc) }
		if isOther(doc) {
			read = func(doc []byte) ([]tree, error) { return untyped(m.Name, doc) }
		}
		more, err := read(doc)
		if err != nil {
			return nil, err
		}
		objects = append(objects, more...)
	}
	return objects, nil
}

func documentsOf(text []byte) ([][]byte, error) {
	var documents [][]byte
	r := yamlutil.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, doc)
	}
}

func typed(name string, text []byte) ([]tree, error) {
	decoded, err := descriptor.DecodeAll(text, descriptor.File(name))
	if err != nil {
		return nil, err
	}
	var objects []tree
	for _, obj := range decoded {
		object, err := treeOf(obj)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func untyped(name string, doc []byte) ([]tree, error) {
	text, err := yaml.YAMLToJSONStrict(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	object, err := treeOf(json.RawMessage(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return []tree{object}, nil
}

// treeOf is v as JSON; numbers keep their digits.
func treeOf(v any) (tree, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object tree
	return object, decoder.Decode(&object)
}

func str(object tree, name string) string {
	s, _ := object[name].(string)
	return s
}
