package facts

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decode reads JSON into a new bakery's spec.
func decode(t *testing.T, spec string) *Bakery {
	t.Helper()
	b := &Bakery{}
	if err := json.Unmarshal([]byte(spec), &b.Spec); err != nil {
		t.Fatal(err)
	}
	return b
}

const fullOven = `"heat":180,"share":0,"doors":0,"fan":false,"wait":"10s","built":null,"power":"1500m","opening":"25%",` +
	`"timer":{"zone":"","seconds":60,"loud":true},"light":{"watts":40,"rooms":["hall"]}`

func TestDefault(t *testing.T) {
	tests := []struct {
		rule, spec string
		want       string
	}{
		{"embedded structs are the outer one's", `{}`, `{"owner":"","size":"Small"}`},
		{"what is set stays", `{"size":"Large"}`, `{"owner":"","size":"Large"}`},
		{"what a pointer embeds has defaults where it exists", `{"shades":["red"]}`, `{"owner":"","size":"Small","color":"white","shades":["red"]}`},
		{"a pointer to a struct is followed", `{"oven":{"name":"a"}}`, `{"owner":"","size":"Small","oven":{"name":"a",` + fullOven + `}}`},
		{"what a pointer says is not overwritten, be it zero", `{"oven":{"name":"a","heat":0,"fan":true,"light":{"watts":0}}}`,
			`{"owner":"","size":"Small","oven":{"name":"a",` +
				strings.NewReplacer(`"heat":180`, `"heat":0`, `"fan":false`, `"fan":true`, `"watts":40,"rooms":["hall"]`, `"watts":0`).Replace(fullOven) + `}}`},
		{"the items of lists, and of lists in maps", `{"spares":{"a":[{"name":"x"},{"name":"y","rows":1}],"b":null}}`,
			`{"owner":"","size":"Small","spares":{"a":[{"name":"x","rows":3},{"name":"y","rows":1}],"b":null}}`},
		{"structs in maps, and pointers", `{"ovens":{"a":{"name":"a"}},"leased":{"b":{"name":"b"},"c":null}}`,
			`{"owner":"","size":"Small","ovens":{"a":{"name":"a",` + fullOven + `}},"leased":{"b":{"name":"b",` + fullOven + `},"c":null}}`},
		{"types that are recursive", `{"oven":{"name":"a","inner":{"name":"b","light":{"watts":1}}}}`,
			`{"owner":"","size":"Small","oven":{"name":"a",` + strings.Replace(fullOven, `,"light"`,
				`,"inner":{"name":"b",`+strings.Replace(fullOven, `"watts":40,"rooms":["hall"]`, `"watts":1`, 1)+`},"light"`, 1) + `}}`},
		{"an implied default is one", `{"fuel":{"wood":{}}}`, `{"owner":"","size":"Small","fuel":{"wood":{"kind":"oak"}}}`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			b := decode(t, test.spec)
			Default(b)
			if diff := cmp.Diff(decode(t, test.want), b); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			once, _ := json.Marshal(b)
			Default(b)
			if twice, _ := json.Marshal(b); string(once) != string(twice) {
				t.Errorf("a second call changed %s\nto %s", once, twice)
			}
		})
	}
}

func TestDefaultSharesNothing(t *testing.T) {
	a, b := &Oven{}, &Oven{}
	Default(a)
	Default(b)
	*a.Heat, a.Light.Rooms[0] = 1, "cellar"
	if *b.Heat != 180 || b.Light.Rooms[0] != "hall" {
		t.Errorf("what was set in one object is in another: %d, %v", *b.Heat, b.Light.Rooms)
	}
}

func TestDefaultOfNothing(t *testing.T) {
	Default(nil)
	Default((*Bakery)(nil))
	Default(new(map[string]any))
	Default(&[]Tray{})
	defer wantPanic(t, "facts: defaults of facts.Bakery: not a pointer")
	Default(Bakery{})
}

// Loop refers to itself by a default, which no value can satisfy.
type Loop struct {
	Next *Loop `json:"next,omitempty"`
}

// Wrong has a default of another type.
type Wrong struct {
	Count int `json:"count,omitempty"`
}

// Strange has a default with a field that its type does not have.
type Strange struct {
	Tray *Tray `json:"tray,omitempty"`
}

func TestDefaultOfWrongTables(t *testing.T) {
	register(t, map[reflect.Type]Type{
		reflect.TypeFor[Loop]():    {Fields: []Field{{Name: "next", Default: "{}"}}},
		reflect.TypeFor[Wrong]():   {Fields: []Field{{Name: "count", Default: `"x"`}}},
		reflect.TypeFor[Strange](): {Fields: []Field{{Name: "tray", Default: `{"nam":"x"}`}}},
	})
	const here = "github.com/podwright/podwright/types/facts."
	tests := []struct {
		rule string
		obj  any
		want string
	}{
		{"a default that makes itself", &Loop{}, "facts: defaults of " + here + "Loop: they contain themselves"},
		{"the same inside another type", &struct{ L Loop }{}, "facts: defaults of " + here + "Loop: they contain themselves"},
		{"a default of another type", &Wrong{}, "facts: default of " + here +
			"Wrong.count: json: cannot unmarshal string into Go value of type int"},
		{"a default with a field too many", &Strange{}, "facts: default of " + here + `Strange.tray: unknown field "nam"`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			defer wantPanic(t, test.want)
			Default(test.obj)
		})
	}
}

func wantPanic(t *testing.T, want string) {
	t.Helper()
	if diff := cmp.Diff(any(want), recover()); diff != "" {
		t.Errorf("panic (-want +got):\n%s", diff)
	}
}

func TestDefaultOfCircles(t *testing.T) {
	o := &Oven{}
	o.Inner = o
	Default(o)
	if o.Heat == nil {
		t.Error("an oven in itself has no default heat")
	}
	list := []any{nil}
	list[0] = list
	Default(&list)
}

func TestRegisterLater(t *testing.T) {
	type late struct {
		Count int `json:"count,omitempty"`
	}
	v := late{}
	Default(&v)
	if v.Count != 0 {
		t.Fatal("a default that no table has")
	}
	register(t, map[reflect.Type]Type{reflect.TypeFor[late](): {Fields: []Field{{Name: "count", Default: "5"}}}})
	Default(&v)
	if v.Count != 5 {
		t.Errorf("count is %d, not what the table says that came after the first use", v.Count)
	}
}

func TestFirstUseAtOnce(t *testing.T) {
	Register(nil) // forgets all plans
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			b := &Bakery{Spec: BakerySpec{Oven: &Oven{}, Ovens: map[string]Oven{"a": {}}}}
			Default(b)
			if b.Spec.Oven.Heat == nil || b.Spec.Ovens["a"].Heat == nil {
				t.Error("no default")
			}
			if got := Validate(b); len(got) == 0 {
				t.Error("no errors")
			}
			Of(reflect.TypeFor[Bakery]())
		})
		all.Go(func() { Register(nil) })
	}
	all.Wait()
}

// bakeries is a Pod-like object: some lists of structs of which most fields are set.
func bakeries() *Bakery {
	b := &Bakery{Spec: BakerySpec{Oven: &Oven{Name: "ab", Inner: &Oven{}}, Fuel: &Fuel{Wood: &Wood{}}}}
	for range 4 {
		b.Spec.Oven.Trays = append(b.Spec.Oven.Trays, Tray{Name: "a"})
		b.Spec.Oven.Slots = append(b.Spec.Oven.Slots, Slot{Port: 1})
	}
	return b
}

func TestDefaultAllocates(t *testing.T) {
	b := bakeries()
	Default(b)
	if got := testing.AllocsPerRun(100, func() { Default(b) }); got != 0 {
		t.Errorf("%v allocations for an object that has its defaults", got)
	}
	type one struct{ Timer Timer }
	Default(&one{})
	var o one
	if got := testing.AllocsPerRun(100, func() { o = one{}; Default(&o) }); got != 1 {
		t.Errorf("%v allocations for one pointer", got)
	}
}

func BenchmarkDefault(b *testing.B) {
	full := bakeries()
	Default(full)
	maps := &Bakery{Spec: BakerySpec{Ovens: map[string]Oven{"a": {}, "b": {}}, Spares: map[string][]Tray{"a": {{}}}}}
	Default(maps)
	b.Run("again", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Default(full)
		}
	})
	b.Run("again, maps", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Default(maps)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Default(bakeries())
		}
	})
	b.Run("nothing to do", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Default(&BakeryStatus{})
		}
	})
}
