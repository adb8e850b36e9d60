package index

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"github.com/podwright/podwright/types/selector"
)

// A distribution is how often pods have equal labels.
type distribution struct {
	name   string
	unique int // every so manieth pod has a label of its own; 0 is none
}

var distributions = []distribution{{"RC-like", 0}, {"10% unique", 10}, {"all unique", 1}}

const uniqueKey = "statefulset.kubernetes.io/pod-name"

// fleet makes n pods of n/100 controllers in n/1000 namespaces, in random order, each with strings of its own, as a decoder
// makes them.
func fleet(n int, d distribution) []*corev1.Pod {
	r := newRandom()
	controllers := n / 100
	pods := make([]*corev1.Pod, n)
	for at, i := range r.Perm(n) {
		pods[at] = podOf(i%controllers, i, r)
		if d.unique > 0 && i%d.unique == 0 {
			pods[at].Labels[uniqueKey] = fmt.Sprint("web-", i)
		}
	}
	return pods
}

func newRandom() *rand.Rand { return rand.New(rand.NewPCG(5, 8)) }

func podOf(c, i int, r *rand.Rand) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: fmt.Sprintf("app-%d-%d", c, i), Namespace: fmt.Sprint("team-", c/10),
		Labels: map[string]string{
			"name":              fmt.Sprint("app-", c/2),
			"env":               strings.Clone([]string{"prod", "qa", "prod", "dev", "prod", "test", "prod", "stage", "prod", "qa"}[c%10]),
			"version":           fmt.Sprint("v", c/10%50),
			"pod-template-hash": fmt.Sprintf("%08x", c*2654435761&0xffffffff),
		},
	}}
	if tier := c / 7 % 10; tier < 9 {
		p.Labels["tier"] = strings.Clone([]string{"backend", "frontend", "cache"}[tier%3])
	}
	if r.IntN(100) == 0 {
		p.Labels["canary"] = strings.Clone("true")
	}
	return p
}

// questions are what the fleet is asked.
var questions = []string{
	"name=app-7", "name=app-7,env=prod", "name in (app-1,app-2,app-3)", "name=app-7,env in (prod,qa),tier!=none,!canary", "name=nobody",
	"canary", "version=v7", "!tier", "!canary,env=qa", "env=prod,tier=backend", "env in (prod,qa),tier notin (cache,frontend)",
	"env=prod", "env!=prod", "",
}

func keyOf(p *corev1.Pod) types.NamespacedName {
	return types.NamespacedName{Namespace: p.Namespace, Name: p.Name}
}

func indexOf(pods []*corev1.Pod) *Index[types.NamespacedName, *corev1.Pod] {
	x := New[types.NamespacedName, *corev1.Pod](Capacity(len(pods)))
	for _, p := range pods {
		x.Set(keyOf(p), p.Namespace, p.Labels, p)
	}
	return x
}

// In a fleet that needs all forms of postings, an index finds what a scan finds, before and after half of it is gone.
func TestFleet(t *testing.T) {
	for _, d := range distributions {
		pods := fleet(100_000, d)
		x := indexOf(pods)
		compareFleet(t, d, x, pods)
		for _, p := range pods[len(pods)/2:] {
			x.Delete(keyOf(p))
		}
		compareFleet(t, d, x, pods[:len(pods)/2])
	}
}

func compareFleet(t *testing.T, d distribution, x *Index[types.NamespacedName, *corev1.Pod], pods []*corev1.Pod) {
	t.Helper()
	more := []string{"pod-template-hash,env!=qa", uniqueKey + "=web-7770", uniqueKey, "!" + uniqueKey + ",tier", "version>3", "none<3"}
	for _, text := range append(more, questions...) {
		theirs, err := labels.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		want := map[*corev1.Pod]bool{}
		inOne := 0
		for _, p := range pods {
			if theirs.Matches(labels.Set(p.Labels)) {
				want[p] = true
				if p.Namespace == "team-7" {
					inOne++
				}
			}
		}
		s := selector.MustParse(text)
		got := x.List(s, nil)
		for _, p := range got {
			if !want[p] {
				t.Fatalf("%s, %q: %s does not belong", d.name, text, p.Name)
			}
		}
		if n, m := x.Count(s), x.CountIn("team-7", s); len(got) != len(want) || n != len(want) || m != inOne || len(x.ListIn("team-7", s, nil)) != inOne {
			t.Fatalf("%s, %q: %d and %d of %d, in a namespace %d of %d", d.name, text, len(got), n, len(want), m, inOne)
		}
	}
}

// A key that has a hundred thousand numbers is asked about twice: the second answer is from sorted ones.
func TestNumbers(t *testing.T) {
	x := New[int, int]()
	for i := range 100_000 {
		x.Set(i, "", map[string]string{"n": fmt.Sprint(i), "odd": fmt.Sprint(i % 2)}, i)
	}
	for round := range 3 {
		for text, want := range map[string]int{"n>99989": 10, "n<5": 5, "n>10,n<20,odd=1": 5, "n>49999": 50_000, "odd=0,n<10": 5, "n>200000": 0} {
			if got := x.Count(selector.MustParse(text)); got != want {
				t.Errorf("round %d, %s: %d, want %d", round, text, got, want)
			}
		}
		x.Set(100_000+round, "", map[string]string{"n": fmt.Sprint("v", round)}, 0) // forgets what was sorted
	}
	x.Set(200_000, "", map[string]string{"n": "-7"}, 0)
	if got := x.Count(selector.MustParse("n<1")); got != 2 {
		t.Errorf("a negative one: %d", got)
	}
}

// Selectors that are made to hurt are answered, too.
func TestHugeSelectors(t *testing.T) {
	x := indexOf(fleet(20_000, distributions[2]))
	var values []string
	for i := range 10_000 {
		values = append(values, fmt.Sprint("web-", i))
	}
	many := make([]selector.Requirement, 10_000)
	for i := range many {
		many[i] = selector.NotEq(uniqueKey, values[i])
	}
	for rule, c := range map[string]struct {
		requirements []selector.Requirement
		want         int
	}{
		"ten thousand values":              {[]selector.Requirement{selector.In(uniqueKey, values...)}, 10_000},
		"all but ten thousand values":      {[]selector.Requirement{selector.NotIn(uniqueKey, values...)}, 10_000},
		"ten thousand requirements":        {many, 10_000},
		"and a rare one":                   {append([]selector.Requirement{selector.Eq("name", "app-7")}, many...), 100},
		"values and numbers of a namesake": {[]selector.Requirement{selector.In(uniqueKey, values...), selector.Gt(uniqueKey, 1)}, 0},
	} {
		s := selector.Must(selector.New(c.requirements...))
		if got := len(x.List(s, nil)); got != c.want {
			t.Errorf("%s: %d, want %d", rule, got, c.want)
		}
		reverse := NewSelectors[int]()
		reverse.Set(1, "", s)
		reverse.Match("", map[string]string{uniqueKey: "web-1"}, nil)
	}
}
