package support_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/support"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestGrowCopiesWithRoom(t *testing.T) {
	list := make([]int, 2, 8)
	got := support.Grow(list, 3)
	if cap(got) != 5 || !slices.Equal(list, got) {
		t.Errorf("got %v with room for %d", got, cap(got))
	}
	got[0] = 1
	if list[0] != 0 {
		t.Error("the list is not copied")
	}
	if cap(support.Grow(list, 0)) != 2 {
		t.Error("nothing is added, and an append would still write behind the list")
	}
	if support.Grow[int](nil, 0) != nil {
		t.Error("nothing added to nil is no longer nil")
	}
}

func TestSetAndMergeCopy(t *testing.T) {
	type labels = map[string]string
	for _, tt := range []struct {
		rule      string
		got, want labels
	}{
		{"set in nil", support.Set(labels(nil), "a", "1"), labels{"a": "1"}},
		{"set one more", support.Set(labels{"a": "1"}, "b", "2"), labels{"a": "1", "b": "2"}},
		{"set wins", support.Set(labels{"a": "1"}, "a", "2"), labels{"a": "2"}},
		{"merge wins", support.Merge(labels{"a": "1", "b": "1"}, labels{"b": "2"}), labels{"a": "1", "b": "2"}},
		{"merge into nil", support.Merge(nil, labels{"b": "2"}), labels{"b": "2"}},
		{"merge nothing into nil", support.Merge(nil, labels{}), nil},
		{"merge nothing", support.Merge(labels{"a": "1"}, nil), labels{"a": "1"}},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", tt.rule, diff)
		}
	}
	m, more := labels{"a": "1"}, labels{"b": "2"}
	support.Set(m, "c", "3")
	support.Merge(m, more)["b"] = "changed"
	support.Merge(nil, more)["b"] = "changed"
	if diff := cmp.Diff([]labels{{"a": "1"}, {"b": "2"}}, []labels{m, more}); diff != "" {
		t.Errorf("arguments have changed (-want, +got):\n%s", diff)
	}
}

func TestQuantitiesThatDoNotParseAreProblems(t *testing.T) {
	q, errs := support.Quantity(support.Problems{}, "sizeLimit", "1Gi")
	if q.String() != "1Gi" || errs.Err() != nil {
		t.Errorf("got %v, %v", q, errs.Err())
	}
	q, errs = support.Quantity(support.Problems{}, "sizeLimit", "")
	if diff := cmp.Diff([]string{"sizeLimit"}, paths(errs.Err())); !q.IsZero() || diff != "" {
		t.Errorf("got %v (-want, +got):\n%s", q, diff)
	}
	was := corev1.ResourceList{"cpu": resource.MustParse("1")}
	is, errs := support.SetQuantity(support.Problems{}, "limits", was, "cpu", "2 cores")
	if diff := cmp.Diff([]string{"limits[cpu]"}, paths(errs.Err())); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("a problem changes the map (-want, +got):\n%s", diff)
	}
}

func TestIntOrStringOf(t *testing.T) {
	type port int32
	type name string
	for _, tt := range []struct {
		rule      string
		got, want intstr.IntOrString
	}{
		{"a number", support.IntOrStringOf(80), intstr.FromInt32(80)},
		{"a number of another type", support.IntOrStringOf(port(80)), intstr.FromInt32(80)},
		{"a name", support.IntOrStringOf("http"), intstr.FromString("http")},
		{"a name of another type", support.IntOrStringOf(name("http")), intstr.FromString("http")},
		{"digits stay a text", support.IntOrStringOf("80"), intstr.FromString("80")},
		{"what is too big does not wrap around", support.IntOrStringOf(1<<32 + 80), intstr.FromInt32(math.MaxInt32)},
		{"nor what is too small", support.IntOrStringOf(-1 << 40), intstr.FromInt32(math.MinInt32)},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", tt.rule, diff)
		}
	}
}

// nested has everything that a value without a builder can have.
type nested struct {
	Pointer *int
	List    [][]string
	Map     map[string][]byte
	Array   [1]*string
	Any     any
	Big     resource.Quantity
	Bigs    map[string]resource.Quantity
	At      metav1.Time
	private int
}

func newNested() nested {
	big := resource.MustParse("100000E")
	return nested{new(1), [][]string{{"a"}}, map[string][]byte{"k": []byte("v")}, [1]*string{new("s")}, []string{"x"}, big,
		map[string]resource.Quantity{"q": resource.MustParse("200000E")}, metav1.Unix(1, 0), 7}
}

func TestCloneIsDeep(t *testing.T) {
	same := []cmp.Option{cmp.AllowUnexported(nested{})}
	given := newNested()
	got := support.Clone(given)
	if diff := cmp.Diff(newNested(), got, same...); diff != "" {
		t.Fatalf("(-want, +got):\n%s", diff)
	}
	*given.Pointer = 2
	given.List[0][0] = "changed"
	given.Map["k"][0] = 'x'
	*given.Array[0] = "changed"
	given.Any.([]string)[0] = "changed"
	given.Big.Add(resource.MustParse("1E"))
	q := given.Bigs["q"]
	q.Add(resource.MustParse("1E"))
	given.At.Time = time.Time{}
	if diff := cmp.Diff(newNested(), got, same...); diff != "" {
		t.Errorf("the clone changes with the original (-want, +got):\n%s", diff)
	}
}

func TestCloneKeepsNil(t *testing.T) {
	if got := support.Clone(nested{}); got.Pointer != nil || got.List != nil || got.Map != nil || got.Any != nil {
		t.Errorf("got %+v", got)
	}
	if got := support.Clone[any](nil); got != nil {
		t.Errorf("got %v", got)
	}
	if got := support.Clone([]string{}); got == nil {
		t.Error("an empty list becomes nil")
	}
}
