package facts

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// oven is a spec with an owner and an oven that has all it needs, and more.
func oven(more string) string {
	return `{"owner":"me","oven":{"name":"ab","doors":1,"built":"2020-01-01T00:00:00Z"` + more + `}}`
}

func lines(list field.ErrorList) []string {
	var all []string
	for _, err := range list {
		all = append(all, err.Error())
	}
	return all
}

func TestValidate(t *testing.T) {
	tests := []struct {
		rule, spec string
		want       []string
	}{
		{"what is required of an embedded struct", `{}`, []string{"spec.owner: Required value"}},
		{"what is optional may be left out", oven(""), nil},
		{"required texts, numbers and times: a number may be zero, if its limits allow", `{"owner":"me","oven":{}}`, []string{
			"spec.oven.name: Required value",
			"spec.oven.doors: Invalid value: 0: must be greater than or equal to 1",
			"spec.oven.built: Required value"}},
		{"what a pointer embeds is held to its facts where it exists", `{"owner":"me","color":"red"}`, []string{"spec.shades: Required value"}},
		{"a list that is empty is not missing", `{"owner":"me","shades":[]}`, nil},
		{"a type's values", `{"owner":"me","size":"Huge"}`, []string{`spec.size: Unsupported value: "Huge": supported values: "Small", "Large"`}},
		{"a type's values in a list", oven(`,"modes":["Small",""]`), []string{
			`spec.oven.modes[1]: Unsupported value: "": supported values: "Small", "Large"`}},
		{"a field's values", oven(`,"code":"C"`), []string{`spec.oven.code: Unsupported value: "C": supported values: "A", "B"`}},
		{"a number's bounds", oven(`,"heat":-1`), []string{"spec.oven.heat: Invalid value: -1: must be greater than or equal to 0"}},
		{"a number on its bound", oven(`,"heat":300,"share":0.5`), nil},
		{"a number's other bound", oven(`,"heat":301`), []string{"spec.oven.heat: Invalid value: 301: must be less than or equal to 300"}},
		{"a broken number", oven(`,"share":0.75`), []string{"spec.oven.share: Invalid value: 0.75: must be less than or equal to 0.5"}},
		{"length counts characters", `{"owner":"me","ovens":{"a":{"name":"éééé","doors":1,"built":"2020-01-01T00:00:00Z"}}}`, nil},
		{"a text is too long", strings.Replace(oven(""), "ab", "ABCDE", 1), []string{"spec.oven.name: Too long: may not be more than 4 characters"}},
		{"a text is too short", strings.Replace(oven(""), "ab", "a", 1), []string{`spec.oven.name: Too short: must be at least 2 characters`}},
		{"a text has a pattern", strings.Replace(oven(""), "ab", "AB", 1), []string{
			`spec.oven.name: Invalid value: "AB": spec.oven.name in body should match '^[a-zé]*$'`}},
		{"a list is too short", oven(`,"tags":[]`), []string{"spec.oven.tags: Too few: 0: must have at least 1 item"}},
		{"a list is too long, and so not looked into", oven(`,"trays":[{},{},{},{}]`), []string{"spec.oven.trays: Too many: 4: must have at most 3 items"}},
		{"a map is too long", `{"owner":"me","labels":{"a":"","b":"","c":""}}`, []string{"spec.labels: Too many: 3: must have at most 2 items"}},
		{"a map is too short", `{"owner":"me","labels":{}}`, []string{"spec.labels: Too few: 0: must have at least 1 item"}},
		{"items differ in their key", oven(`,"trays":[{"name":"a"},{"name":"b"},{"name":"a","rows":2}]`), []string{
			`spec.oven.trays[2]: Duplicate value: {"name":"a"}`}},
		{"an item is reported once", oven(`,"trays":[{"name":"a"},{"name":"a"},{"name":"a"}]`), []string{
			`spec.oven.trays[1]: Duplicate value: {"name":"a"}`}},
		{"items differ in one of their keys", oven(`,"slots":[{"port":1},{"port":1,"kind":"a"},{"port":2},{"port":1},{"port":1,"kind":"a"}]`), []string{
			`spec.oven.slots[3]: Duplicate value: {"port":1}`, `spec.oven.slots[4]: Duplicate value: {"kind":"a","port":1}`}},
		{"items of a set differ", oven(`,"tags":["a","b","a","a"]`), []string{`spec.oven.tags[2]: Duplicate value: "a"`}},
		{"items of lists", oven(`,"trays":[{"name":"a"},{"name":"b"},{"rows":-1}]`), []string{
			"spec.oven.trays[2].name: Required value", "spec.oven.trays[2].rows: Invalid value: -1: must be greater than or equal to 1"}},
		{"items of maps, sorted, and of lists in them", `{"owner":"me","spares":{"b":[{"name":"x"},{}],"a":[{}],"c":null},"leased":{"x":null}}`, []string{
			"spec.spares[a][0].name: Required value", "spec.spares[b][1].name: Required value"}},
		{"fields come in the struct's order", `{"oven":{"name":"ab","built":"2020-01-01T00:00:00Z","doors":0},"size":"x","labels":{}}`, []string{
			"spec.owner: Required value",
			`spec.size: Unsupported value: "x": supported values: "Small", "Large"`,
			"spec.oven.doors: Invalid value: 0: must be greater than or equal to 1",
			"spec.labels: Too few: 0: must have at least 1 item"}},
		{"a struct that is left out lacks nothing", oven(`,"timer":{}`), nil},
		{"a struct with some of its fields lacks the others", oven(`,"timer":{"seconds":1}`), []string{"spec.oven.timer.zone: Required value"}},
		{"a union has a member", `{"owner":"me","fuel":{}}`, []string{"spec.fuel: Invalid value: \"\": must specify one of: `wood`, `gas`, `coal`"}},
		{"a union has one member", `{"owner":"me","fuel":{"coal":[1]}}`, nil},
		{"a union has no two members", `{"owner":"me","fuel":{"wood":{},"gas":"x"}}`, []string{
			"spec.fuel: Invalid value: \"{wood, gas}\": must specify exactly one of: `wood`, `gas`, `coal`"}},
		{"recursive types", oven(`,"inner":{"name":"ab","doors":1,"built":"2020-01-01T00:00:00Z","inner":{"name":"ab","doors":1}}`), []string{
			"spec.oven.inner.inner.built: Required value"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			b := decode(t, test.spec)
			if diff := cmp.Diff(test.want, lines(Validate(b))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(decode(t, test.spec), b); diff != "" {
				t.Errorf("Validate changed its argument:\n%s", diff)
			}
			Default(b)
			if diff := cmp.Diff(test.want, lines(Validate(b))); diff != "" {
				t.Errorf("with defaults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateOfWholes(t *testing.T) {
	tests := []struct {
		rule string
		obj  any
		want []string
	}{
		{"nothing", nil, nil},
		{"no object", (*Bakery)(nil), nil},
		{"a type without facts", &struct{ Name string }{}, nil},
		{"a struct itself", Timer{Seconds: 1}, []string{"zone: Required value"}},
		{"a list", &[]Tray{{}}, []string{"[0].name: Required value"}},
		{"metadata is for others", &Bakery{ObjectMeta: metav1.ObjectMeta{Name: "?"}, Spec: BakerySpec{Common: Common{Owner: "me"}}}, nil},
		{"a required struct is held to its facts though it is empty", &Bakery{}, []string{"spec.owner: Required value"}},
		{"a struct is there if there is anything in it", &Bakery{Spec: BakerySpec{Common: Common{Owner: "me"}, Any: Tray{}}, Status: BakeryStatus{}}, nil},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(Validate(test.obj))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateOfCircles(t *testing.T) {
	o := &Oven{}
	o.Inner = o
	want := []string{"spec: Invalid value: must not be nested more than 1000 levels deep"}
	if diff := cmp.Diff(want, lines(Validate(&Bakery{Spec: BakerySpec{Oven: o}}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Two ways on at every turn must not mean twice the work at each.
	type node struct {
		Name        string `json:"name"`
		Left, Right *node
		All         []*node
		By          map[string]*node
	}
	register(t, map[reflect.Type]Type{reflect.TypeFor[node](): {Fields: []Field{{Name: "name", Required: true}}}})
	n := &node{}
	n.Left, n.Right, n.All, n.By = n, n, []*node{n, n}, map[string]*node{"a": n, "b": n}
	want = []string{"Left: Invalid value: must not be nested more than 1000 levels deep"}
	if diff := cmp.Diff(want, lines(Validate(n))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidateOfWrongTables(t *testing.T) {
	type pattern struct{ Name string }
	type limit struct{ Count int }
	register(t, map[reflect.Type]Type{
		reflect.TypeFor[pattern](): {Fields: []Field{{Name: "Name", Pattern: "("}}},
		reflect.TypeFor[limit]():   {Fields: []Field{{Name: "Count", Minimum: "many"}}},
	})
	const here = "github.com/podwright/podwright/types/facts."
	t.Run("a pattern that is none", func(t *testing.T) {
		defer wantPanic(t, "facts: pattern of "+here+"pattern.Name: error parsing regexp: missing closing ): `(`")
		Validate(&pattern{})
	})
	t.Run("a limit that is no number", func(t *testing.T) {
		defer wantPanic(t, "facts: limit of "+here+`limit.Count: strconv.ParseInt: parsing "many": invalid syntax`)
		Validate(&limit{})
	})
}

// FuzzObjects holds the laws that are true of every object: no panic, Default twice is Default once, and Validate
// changes nothing.
func FuzzObjects(f *testing.F) {
	for _, spec := range []string{`{}`, oven(""), oven(`,"heat":-1,"inner":{"light":{"rooms":[]},"slots":[{},{}]}`), oven(`,"tags":["a","a"]`),
		`{"color":"","ovens":{"":{}},"spares":{"b":[{},{}],"a":null},"leased":{"a":{},"b":null},"fuel":{"wood":null},"any":{"a":[1]}}`} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := &Bakery{}
		if json.Unmarshal([]byte(text), &b.Spec) != nil {
			return
		}
		same := func(rule string, do func()) {
			before, err := json.Marshal(b)
			if err != nil {
				t.Skip(err)
			}
			if do(); t.Failed() {
				return
			}
			if after, _ := json.Marshal(b); string(before) != string(after) {
				t.Errorf("%s: %s became %s", rule, before, after)
			}
		}
		same("Validate changes nothing", func() { Validate(b) })
		Default(b)
		same("Default twice is Default once", func() { Default(b) })
		var first, second field.ErrorList
		same("Validate says the same twice", func() { first, second = Validate(b), Validate(b) })
		if diff := cmp.Diff(lines(first), lines(second)); diff != "" {
			t.Errorf("Validate says something else the second time:\n%s", diff)
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	o := bakeries()
	Default(o)
	b.ReportAllocs()
	for b.Loop() {
		Validate(o)
	}
}
