package facts

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type named []string

type hidden struct {
	Name string `json:"name"`
	From string
}

type farther struct {
	Depth string `json:"depth"`
	Near  string `json:"near"`
}

type nearer struct {
	farther
	Depth int `json:"depth"`
}

type embeds struct {
	metav1.ObjectMeta `json:"metadata"`
	hidden
	*nearer `json:",inline"`
	named         //lint:ignore U1000 its fields are met by reflection
	Names   named `json:"names"`
	Name    int   `json:"name"`
	Skipped int   `json:"-"`
	//lint:ignore SA5008 this is how JSON has a field called -
	Dash    int `json:"-,"`
	secret  int
	*embeds //lint:ignore U1000 its fields are met by reflection
}

// membersOf agrees with encoding/json about which fields there are, and their names.
func TestMembersOf(t *testing.T) {
	tests := []struct {
		rule string
		obj  any // all of whose fields are written
		want []string
	}{
		{"of fields of one name the nearest counts", embeds{nearer: &nearer{}, secret: 1}, []string{
			"metadata", "From", "near", "depth", "names", "name", "-"}},
		{"what JSON leaves out is none", struct {
			Skipped int `json:"-"`
			secret  int
			Kept    int `json:",omitempty"`
		}{Kept: 1, secret: 1}, []string{"Kept"}},
		{"an inlined pointer is one of the outer struct", corev1.EphemeralContainer{TargetContainerName: "a"}, nil},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			var names []string
			for _, m := range membersOf(reflect.TypeOf(test.obj)) {
				names = append(names, m.name)
			}
			if diff := cmp.Diff(test.want, names); diff != "" && test.want != nil {
				t.Errorf("(-want +got):\n%s", diff)
			}
			text, err := json.Marshal(test.obj)
			if err != nil {
				t.Fatal(err)
			}
			var written map[string]any
			if err := json.Unmarshal(text, &written); err != nil {
				t.Fatal(err)
			}
			for _, name := range slices.Sorted(maps.Keys(written)) {
				if !slices.Contains(names, name) {
					t.Errorf("JSON has %s, which is no member", name)
				}
			}
		})
	}
}

func TestMemberOfNothing(t *testing.T) {
	for _, m := range membersOf(reflect.TypeFor[embeds]()) {
		_, exists := m.of(reflect.ValueOf(embeds{}))
		if want := m.name != "near" && m.name != "depth"; exists != want {
			t.Errorf("%s of an embedded nil pointer exists: %t", m.name, exists)
		}
	}
}
