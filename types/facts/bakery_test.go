package facts

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Bakery is the API of these tests. It has a field for each fact and each form of field.
type Bakery struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              BakerySpec   `json:"spec"`
	Status            BakeryStatus `json:"status,omitempty"`
}

type BakerySpec struct {
	Common `json:",inline"`
	*Extra `json:",inline"`
	Oven   *Oven             `json:"oven,omitempty"`
	Ovens  map[string]Oven   `json:"ovens,omitempty"`
	Spares map[string][]Tray `json:"spares,omitempty"`
	Leased map[string]*Oven  `json:"leased,omitempty"`
	Fuel   *Fuel             `json:"fuel,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
	Any    any               `json:"any,omitempty"`
}

type Common struct {
	Owner string `json:"owner"`
	Size  Size   `json:"size,omitempty"`
}

type Extra struct {
	Color  string   `json:"color,omitempty"`
	Shades []string `json:"shades,omitempty"`
}

type Size string

type Oven struct {
	Name    string              `json:"name"`
	Heat    *int32              `json:"heat,omitempty"`
	Share   float64             `json:"share,omitempty"`
	Doors   int                 `json:"doors"`
	Fan     *bool               `json:"fan,omitempty"`
	Wait    metav1.Duration     `json:"wait,omitempty"`
	Built   metav1.Time         `json:"built"`
	Power   resource.Quantity   `json:"power,omitempty"`
	Opening *intstr.IntOrString `json:"opening,omitempty"`
	Code    string              `json:"code,omitempty"`
	Trays   []Tray              `json:"trays,omitempty"`
	Slots   []Slot              `json:"slots,omitempty"`
	Tags    []string            `json:"tags,omitempty"`
	Modes   []Size              `json:"modes,omitempty"`
	Timer   Timer               `json:"timer,omitempty"`
	Inner   *Oven               `json:"inner,omitempty"` // recursive
	Light   *Light              `json:"light,omitempty"`
}

type Timer struct {
	Zone    string `json:"zone"`
	Seconds int64  `json:"seconds,omitempty"`
	Loud    *bool  `json:"loud,omitempty"`
}

type Tray struct {
	Name string `json:"name"`
	Rows int32  `json:"rows,omitempty"`
}

type Slot struct {
	Port int32  `json:"port"`
	Kind string `json:"kind,omitempty"`
}

type Light struct {
	Watts *int32   `json:"watts,omitempty"`
	Rooms []string `json:"rooms,omitempty"`
}

type Fuel struct {
	Wood *Wood  `json:"wood,omitempty"`
	Gas  string `json:"gas,omitempty"`
	Coal []int  `json:"coal,omitempty"`
}

type Wood struct {
	Kind string `json:"kind,omitempty"`
}

type BakeryStatus struct {
	Phase string `json:"phase"`
}

// tableOf sorts facts by the names of their types, as generated code has them.
func tableOf(facts map[reflect.Type]Type) Table {
	var table Table
	for t, known := range facts {
		known.Name = nameOf(t)
		table = append(table, known)
	}
	slices.SortFunc(table, func(a, b Type) int { return strings.Compare(a.Name, b.Name) })
	return table
}

// register adds a table until the test ends.
func register(t *testing.T, facts map[reflect.Type]Type) {
	t.Helper()
	before := registered.tables
	Register(tableOf(facts))
	t.Cleanup(func() {
		registered.tables = slices.Clip(before)
		Register(nil)
	})
}

func init() {
	Register(tableOf(map[reflect.Type]Type{
		reflect.TypeFor[Bakery]():       {Fields: []Field{{Name: "spec", Required: true}}},
		reflect.TypeFor[BakeryStatus](): {Fields: []Field{{Name: "phase", Required: true}}},
		reflect.TypeFor[BakerySpec]():   {Fields: []Field{{Name: "labels", MinItems: 1, MaxItems: 2}}},
		reflect.TypeFor[Common]():       {Fields: []Field{{Name: "owner", Required: true}, {Name: "size", Default: `"Small"`}}},
		reflect.TypeFor[Extra]():        {Fields: []Field{{Name: "color", Default: `"white"`}, {Name: "shades", Required: true}}},
		reflect.TypeFor[Size]():         {Values: []string{"Small", "Large"}},
		reflect.TypeFor[Oven](): {Fields: []Field{
			{Name: "name", Required: true, MinLength: 2, MaxLength: 4, Pattern: "^[a-zé]*$"},
			{Name: "heat", Default: "180", Minimum: "0", Maximum: "300"},
			{Name: "share", Maximum: "0.5"},
			{Name: "doors", Required: true, Minimum: "1"},
			{Name: "fan", Default: "false"},
			{Name: "wait", Default: `"10s"`},
			{Name: "built", Required: true},
			{Name: "power", Default: `"1500m"`},
			{Name: "opening", Default: `"25%"`},
			{Name: "code", Values: []string{"A", "B"}},
			{Name: "trays", List: "map", Keys: []string{"name"}, MaxItems: 3},
			{Name: "slots", List: "map", Keys: []string{"port", "kind"}},
			{Name: "tags", List: "set", MinItems: 1},
			{Name: "light", Default: `{"rooms":["hall"]}`},
		}},
		reflect.TypeFor[Timer](): {Fields: []Field{{Name: "zone", Required: true}, {Name: "seconds", Default: "60"}, {Name: "loud", Default: "true"}}},
		reflect.TypeFor[Tray]():  {Fields: []Field{{Name: "name", Required: true}, {Name: "rows", Default: "3", Minimum: "1"}}},
		reflect.TypeFor[Slot]():  {Fields: []Field{{Name: "kind", Default: `""`}}},
		reflect.TypeFor[Light](): {Fields: []Field{{Name: "watts", Default: "40"}}},
		reflect.TypeFor[Fuel]():  {Union: true},
		reflect.TypeFor[Wood]():  {Fields: []Field{{Name: "kind", Default: `"oak"`}}},
	}))
}
