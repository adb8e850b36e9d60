package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// kept undoes what a test registers.
func kept(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { clear(kinds); clear(selectable) })
}

func TestRulesAreFoundByType(t *testing.T) {
	kept(t)
	Register(Kind[*metav1.Status]{
		Default: func(s *metav1.Status) { s.Code = 200 },
		Errors: func(s *metav1.Status) field.ErrorList {
			return field.ErrorList{field.Required(field.NewPath("reason"), "")}
		},
		UpdateErrors: func(s, old *metav1.Status) field.ErrorList {
			return field.ErrorList{field.Invalid(field.NewPath("code"), s.Code, old.Message)}
		},
	})
	status := &metav1.Status{}
	found := Of(status)
	found.Default(status)
	got := []string{found.Errors(status).ToAggregate().Error(), found.UpdateErrors(status, &metav1.Status{Message: "was"}).ToAggregate().Error()}
	if diff := cmp.Diff([]string{"reason: Required value", "code: Invalid value: 200: was"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found.Prepare != nil || found.StatusErrors != nil || found.Warnings != nil || found.PrepareUpdate != nil {
		t.Error("what a row leaves out is not nil")
	}
	if Of(&metav1.APIVersions{}) != nil || Of(nil) != nil {
		t.Error("a type without a row has rules")
	}
}

func TestNothingIsRegisteredTwice(t *testing.T) {
	kept(t)
	kind := schema.GroupVersionKind{Kind: "Bakery"}
	for name, register := range map[string]func(){
		"rules":  func() { Register(Kind[*metav1.Status]{}) },
		"fields": func() { RegisterFields(kind, Fields{Unknown: "%s"}) },
	} {
		t.Run(name, func(t *testing.T) {
			register()
			defer func() {
				if recover() == nil {
					t.Error("the second time is accepted")
				}
			}()
			register()
		})
	}
	if _, ok := FieldsOf(kind); !ok {
		t.Error("the fields are not found")
	}
}
