package vocabulary

import (
	"github.com/podwright/podwright/gen/internal/source"
	"github.com/podwright/podwright/types/selector"
)

// A Vocabulary is the labels that somebody uses, and the selectors. It is read from YAML by [Read]:
//
//	output: labels
//	keys:
//	- {name: app, doc: which application a pod is a part of, open: true}
//	- name: rel
//	  doc: which release of it the pod runs
//	  values:
//	  - {name: stable, doc: what everybody gets}
//	  - {name: canary, doc: what a few get}
//	selectors:
//	- name: CanaryUI
//	  text: app=ui,rel=canary
//	  controls: {kind: ReplicationController, namespace: shop, template: {app: ui, rel: canary}}
//
// All that a selector names must be among the keys and their values. Of the objects whose selectors they are it is known what
// the API lets them say; controllers of one namespace must not select the same pods.
type Vocabulary struct {
	// Output is the folder of the package that is generated, relative to this file, and Package its name, the folder's by default.
	Output  string `json:"output"`
	Package string `json:"package,omitempty"`

	Keys      []Key      `json:"keys"`
	Selectors []Selector `json:"selectors,omitempty"`

	source source.File
}

// Key is a key of labels. What it may have is a closed list of values, or anything (Open), or whole numbers (Integer).
type Key struct {
	Name string `json:"name"`
	// Go is what it is called in Go: Rel for rel and PartOf for app.kubernetes.io/part-of, by default.
	Go     string  `json:"go,omitempty"`
	Doc    string  `json:"doc,omitempty"`
	Values []Value `json:"values,omitempty"`

	Open    bool `json:"open,omitempty"`
	Integer bool `json:"integer,omitempty"`
	// Volatile keys change while what they label lives on, so that no controller may select by them. Some are known to be.
	Volatile *bool `json:"volatile,omitempty"`
}

// Value is a value of a key.
type Value struct {
	Name string `json:"name"`
	// Go is what it is called in Go, behind the name of the key: Stable for stable, so that it is RelStable, by default.
	Go  string `json:"go,omitempty"`
	Doc string `json:"doc,omitempty"`
}

// Selector is a selector that functions are generated for.
type Selector struct {
	Name string `json:"name"` // as Go has it
	Text string `json:"text"`
	Doc  string `json:"doc,omitempty"`
	// Controls is the object whose selector it is.
	Controls *Controls `json:"controls,omitempty"`

	selector selector.Selector
}

// Controls is a controller, or a Service, that has a selector.
type Controls struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	// Template are the labels of the pods that a controller makes, or of those that a Service is meant for.
	Template map[string]string `json:"template,omitempty"`
}

// key finds a key by its name, nil if there is none.
func (v *Vocabulary) key(name string) *Key {
	for i := range v.Keys {
		if v.Keys[i].Name == name {
			return &v.Keys[i]
		}
	}
	return nil
}

// isClosed reports whether k has the values that are listed, and no others.
func (k *Key) isClosed() bool { return !k.Open && !k.Integer }

// lists reports whether k has a value, if it is closed.
func (k *Key) lists(value string) bool {
	for _, v := range k.Values {
		if v.Name == value {
			return true
		}
	}
	return false
}

// valueNames are the values, as they are written.
func (k *Key) valueNames() []string {
	var names []string
	for _, v := range k.Values {
		names = append(names, v.Name)
	}
	return names
}
