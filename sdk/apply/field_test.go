package apply

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// bakery is a kind that client-go does not know, with what Kubernetes' own kinds have seldom or never.
type (
	bakery struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"-"`
		Spec              bakerySpec      `json:"spec,omitempty"`
		Rooms             map[string]room `json:"rooms,omitempty"`
	}
	bakerySpec struct {
		*opening `json:",inline"`
		Ovens    int      `json:"ovens,omitempty"`
		Menu     menu     `json:"menu,omitzero"`
		Stamp    stamp    `json:"stamp,omitempty"`
		Shelves  []*shelf `json:"shelves"`
		Extra    shelf    `json:"extra,omitempty"`
		key      string
	}
	opening struct {
		Hour  int
		Ovens int `json:"ovens"` // hidden by that of bakerySpec
	}
	menu struct {
		Cakes []string `json:"cakes,omitempty"`
	}
	room struct {
		Shelf shelf `json:"shelf,omitempty"`
		Doors int   `json:"doors"`
	}
	shelf struct {
		Bread *string `json:"bread,omitempty"`
	}
)

// stamp writes its own JSON, an empty list, though Go sees nothing in it.
type stamp struct{ Marks []string }

func (s stamp) MarshalJSON() ([]byte, error)     { return json.Marshal(append([]string{}, s.Marks...)) }
func (s *stamp) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &s.Marks) }

func (b *bakery) DeepCopyObject() runtime.Object { c := *b; return &c }

// BakeryApplyConfiguration is what applyconfiguration-gen would make of bakery before it had ovens.
type BakeryApplyConfiguration struct {
	Kind       *string                           `json:"kind,omitempty"`
	APIVersion *string                           `json:"apiVersion,omitempty"`
	Spec       *bakerySpecApplyConfiguration     `json:"spec,omitempty"`
	Rooms      map[string]roomApplyConfiguration `json:"rooms,omitempty"`
}

type (
	bakerySpecApplyConfiguration struct {
		Hour    *int                      `json:",omitempty"`
		Menu    *menuApplyConfiguration   `json:"menu,omitempty"`
		Stamp   *stamp                    `json:"stamp,omitempty"`
		Shelves []shelfApplyConfiguration `json:"shelves,omitempty"`
		Extra   map[string]any            `json:"extra,omitempty"`
	}
	menuApplyConfiguration struct {
		Cakes []string `json:"cakes,omitempty"`
	}
	roomApplyConfiguration struct {
		Shelf *shelfApplyConfiguration `json:"shelf,omitempty"`
		Doors *int                     `json:"doors,omitempty"`
	}
	shelfApplyConfiguration struct {
		Bread *string `json:"bread,omitempty"`
	}
)

func TestCustomKinds(t *testing.T) {
	for _, tc := range []struct {
		name string
		spec bakerySpec
		room map[string]room
		want string // YAML, without kind and apiVersion
	}{
		{"no zero spec, whatever it requires", bakerySpec{}, nil, `{}`},
		{"pointers in a list", bakerySpec{Shelves: []*shelf{{new("")}, {}, nil}}, nil, `{spec: {shelves: [{bread: ""}, {}, {}]}}`},
		{"an embedded pointer", bakerySpec{opening: &opening{Hour: 5, Ovens: 1}}, nil, `{spec: {Hour: 5}}`},
		{"no omitzero struct that is empty, though not zero", bakerySpec{Menu: menu{Cakes: []string{}}}, nil, `{}`},
		{"a map of what is a struct in Go", bakerySpec{Extra: shelf{new("rye")}}, nil, `{spec: {extra: {bread: rye}}}`},
		{"nothing unexported", bakerySpec{key: "k"}, nil, `{}`},
		{"an omitzero struct", bakerySpec{Menu: menu{Cakes: []string{"a"}}}, nil, `{spec: {menu: {cakes: [a]}}}`},
		{"a type with its own JSON, though it looks empty", bakerySpec{Stamp: stamp{[]string{}}}, nil, `{spec: {stamp: []}}`},
		{
			"structs in a map", bakerySpec{}, map[string]room{"shop": {Doors: 2}, "cellar": {Shelf: shelf{new("rye")}}, "yard": {}},
			`{rooms: {shop: {doors: 2}, cellar: {shelf: {bread: rye}, doors: 0}, yard: {doors: 0}}}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := generic(t, tc.want)
			want["kind"], want["apiVersion"] = "Bakery", "example.com/v1"
			got, err := Into[BakeryApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Bakery", APIVersion: "example.com/v1"}, ObjectMeta: metav1.ObjectMeta{Name: "rye"}, Spec: tc.spec, Rooms: tc.room})
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, generic(t, string(data))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// OvenApplyConfiguration has the right name, but is no struct.
type OvenApplyConfiguration map[string]any

// ShopApplyConfiguration has the right name, but not a kind that may be unset.
type ShopApplyConfiguration struct {
	Kind       string  `json:"kind,omitempty"`
	APIVersion *string `json:"apiVersion,omitempty"`
}

func TestFieldThatTheApplyConfigurationLacks(t *testing.T) {
	_, err := Into[BakeryApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Bakery", APIVersion: "example.com/v1"}, Spec: bakerySpec{Ovens: 2}})
	const path = "github.com/podwright/podwright/sdk/apply."
	want := "apply configuration of bakery: ovens of " + path + "bakerySpec is set, but " + path + "bakerySpecApplyConfiguration has no such field"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
