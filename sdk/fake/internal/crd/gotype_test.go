package crd

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

type goKind struct {
	metav1.TypeMeta `json:",inline"`
	Common          `json:",inline"`

	Text     string            `json:"text,omitempty"`
	Whole    int64             `json:"whole"`
	Part     float32           `json:"part"`
	Pointer  *bool             `json:"pointer"`
	List     []string          `json:"list"`
	Map      map[string]int    `json:"map"`
	Bytes    []byte            `json:"bytes"`
	Time     metav1.Time       `json:"time"`
	Quantity resource.Quantity `json:"quantity"`
	Either   intstr.IntOrString
	Raw      runtime.RawExtension `json:"raw"`
	Again    []goKind             `json:"again"`
	Any      any                  `json:"any"`
	Dropped  string               `json:"-"`
	hidden   string
}

// Common is embedded.
type Common struct {
	Shared string `json:"shared"`
}

func TestGoType(t *testing.T) {
	var want any
	if err := yaml.Unmarshal([]byte(`
type: object
properties:
  apiVersion: {type: string}
  kind: {type: string}
  metadata: {type: object}
  shared: {type: string}
  text: {type: string}
  whole: {type: integer}
  part: {type: number}
  pointer: {type: boolean, nullable: true}
  list: {type: array, nullable: true, items: {type: string}}
  map: {type: object, nullable: true, additionalProperties: {type: integer}}
  bytes: {type: string, format: byte, nullable: true}
  time: {type: string, format: date-time, nullable: true}
  quantity: {x-kubernetes-int-or-string: true}
  Either: {x-kubernetes-int-or-string: true}
  raw: {x-kubernetes-preserve-unknown-fields: true}
  again: {type: array, nullable: true, items: {x-kubernetes-preserve-unknown-fields: true}}
  any: {x-kubernetes-preserve-unknown-fields: true}
`), &want); err != nil {
		t.Fatal(err)
	}
	_ = goKind{}.hidden
	data, err := yaml.Marshal(GoType(reflect.TypeFor[goKind]()))
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := yaml.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}
