package gen

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

func TestReadMarker(t *testing.T) {
	tests := []struct {
		name, text string
		want       Marker
		none       bool
	}{
		{"a name alone", "optional", Marker{Name: "optional"}, false},
		{"a name with a value", "listType=map", Marker{Name: "listType", Value: "map"}, false},
		{"spaces around a value are not of it", "default= 3 ", Marker{Name: "default", Value: "3"}, false},
		{"a value may have equal signs", `default={"a":"b=c"}`, Marker{Name: "default", Value: `{"a":"b=c"}`}, false},
		{"a value may have spaces", `kubebuilder:validation:XValidation:rule="self > 1"`, Marker{Name: "kubebuilder:validation:XValidation:rule", Value: `"self > 1"`}, false},
		{"kubebuilder's other equal sign", "kubebuilder:default:=Wood", Marker{Name: "kubebuilder:default", Value: "Wood"}, false},
		{"options of a k8s marker", `k8s:unionMember(memberName: "Gas")`, Marker{Name: "k8s:unionMember", Options: `memberName: "Gas"`}, false},
		{"options and a value", `k8s:enum(since: "1.37")=x`, Marker{Name: "k8s:enum", Value: "x", Options: `since: "1.37"`}, false},
		{"beta is as good as stable", `k8s:beta(since: "1.37")=+k8s:minimum=0`, Marker{Name: "k8s:minimum", Value: "0"}, false},
		{"alpha is off by default", `k8s:alpha(since: "1.37")=+k8s:minimum=0`, Marker{}, true},
		{"beta of alpha is alpha", `k8s:beta(since: "1.37")=+k8s:alpha(since: "1.36")=+k8s:required`, Marker{}, true},
		{"prose is no marker", "10 degrees more in winter", Marker{}, true},
		{"prose with an equal sign is none", "20 is more = better", Marker{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, is := readMarker(tt.text)
			if diff := gocmp.Diff(tt.want, got); diff != "" || is == tt.none {
				t.Errorf("readMarker(%q) = %v, %v:\n%s", tt.text, got, is, diff)
			}
		})
	}
}

func TestReadComment(t *testing.T) {
	tests := []struct {
		name, text, prose string
		markers           Markers
	}{
		{"nothing is nothing", "", "", nil},
		{"prose and markers part", "Heat in degrees.\n+optional\nNever too high.\n", "Heat in degrees.\nNever too high.", Markers{{Name: "optional"}}},
		{"markers keep their order, and repeat", "+listMapKey=b\n+listMapKey=a\n", "", Markers{{Name: "listMapKey", Value: "b"}, {Name: "listMapKey", Value: "a"}}},
		{"an indented marker is one", "  +optional\n", "", Markers{{Name: "optional"}}},
		{"a plus sign alone is prose", "+\n", "+", nil},
		{"a line of prose with a plus sign is neither", "Heat it to 200\n+ 20 degrees\n", "Heat it to 200", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			prose, markers := readComment(tt.text)
			if diff := gocmp.Diff(tt.prose, prose); diff != "" {
				t.Errorf("prose:\n%s", diff)
			}
			if diff := gocmp.Diff(tt.markers, markers); diff != "" {
				t.Errorf("markers:\n%s", diff)
			}
		})
	}
}

func TestMarkers(t *testing.T) {
	m := Markers{{Name: "default", Value: "1"}, {Name: "default", Value: "2"}, {Name: "optional"}}
	first, is := m.Get("k8s:default", "default")
	_, isNot := m.Get("k8s:default")
	got := []any{m.Has("optional"), m.Has("required"), first, is, isNot, m.All("default"), m.All("none")}
	if diff := gocmp.Diff([]any{true, false, "1", true, false, []string{"1", "2"}, []string(nil)}, got); diff != "" {
		t.Errorf("has, has not, first, is, is not, all, none:\n%s", diff)
	}
}

// FuzzReadComment holds for any text: what comes out was in it, and prose has no markers left.
func FuzzReadComment(f *testing.F) {
	for _, seed := range []string{"", "+", "Heat.\n+optional\n", "+k8s:beta(since: \"1\")=+k8s:alpha()=+x", "+a(=)b=+(", "+:=\n+=\n+k8s:(", "+\tx\r\n+y", "+k8s:x()"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prose, markers := readComment(text)
		for _, m := range markers {
			if !strings.Contains(text, m.Name) || !strings.Contains(text, m.Value) || !strings.Contains(text, m.Options) {
				t.Errorf("marker %+v is not in %q", m, text)
			}
		}
		again, more := readComment(prose)
		if again != prose || len(more) > 0 {
			t.Errorf("prose %q of %q has prose %q and markers %v", prose, text, again, more)
		}
	})
}
