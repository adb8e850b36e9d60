package selector

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
)

// A race is one piece of work done by upstream and by this package, n times each.
type race struct {
	group, name  string
	theirs, ours func(n int)
}

// What the funcs below return ends up here, so that no compiler leaves the work out.
var (
	sinkSelector Selector
	sinkUpstream labels.Selector
	sinkText     string
	sinkBool     bool
	sinkErrors   []string
)

// typical are selectors as people write them.
var typical = []struct{ name, text string }{
	{"eq1", "app=nginx"},
	{"eq3", "app.kubernetes.io/name=web,app.kubernetes.io/instance=prod-1,app.kubernetes.io/component=frontend"},
	{"in3 notin2", "environment in (production,qa,staging),tier notin (frontend,backend)"},
	{"mixed4", "app=nginx,environment in (production,qa),tier!=cache,!canary"},
	{"hash", "app=nginx,pod-template-hash=7d4f8b6c9"},
}

const in20 = "node in (n20,n07,n11,n02,n15,n09,n18,n01,n13,n05,n19,n08,n12,n03,n16,n10,n17,n04,n14,n06)"

// fiveLabels and twentyLabels are what is matched: the labels of a Deployment's pod, and of a pod that many tools have touched.
var fiveLabels = map[string]string{"app": "nginx", "environment": "production", "tier": "backend", "version": "v7", "pod-template-hash": "7d4f8b6c9"}

var twentyLabels = func() map[string]string {
	m := map[string]string{}
	for k, v := range fiveLabels {
		m[k] = v
	}
	for c := 'a'; len(m) < 20; c++ {
		m["example.com/label-"+string(c)] = "value-" + string(c)
	}
	return m
}()

// matched are the selectors that are matched, all of which select fiveLabels but the last.
var matched = []struct{ name, text string }{
	{"eq1", "app=nginx"},
	{"eq2", "app=nginx,tier=backend"},
	{"eq4", "app=nginx,tier=backend,environment=production,version=v7"},
	{"in1", "environment in (production,qa,staging)"},
	{"in2", "environment in (production,qa,staging),tier in (backend,cache)"},
	{"notin1", "tier notin (frontend,cache)"},
	{"exists", "app"},
	{"missing", "!canary"},
	{"mixed4", "app=nginx,environment in (production,qa),tier!=cache,!canary"},
	{"miss", "app=apache"},
}

var expressed = &metav1.LabelSelector{
	MatchLabels: map[string]string{"app": "nginx", "tier": "backend"},
	MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: "environment", Operator: metav1.LabelSelectorOpIn, Values: []string{"production", "qa"}},
		{Key: "canary", Operator: metav1.LabelSelectorOpDoesNotExist},
	},
}

// The groups of races whose ratios SELECTOR.md has targets for.
const (
	groupParse   = "Parse"
	groupReused  = "Parser"
	groupBoth    = "parse and match"
	groupMatch   = "Matches"
	groupConvert = "FromLabelSelector"
	groupSet     = "FromSet"
	groupString  = "String"
	groupNames   = "IsKey, IsValue"
	groupOther   = "other texts"
)

func races() []race {
	list := parsing()
	list = append(list, matching("5 labels", fiveLabels)...)
	list = append(list, matching("20 labels", twentyLabels)...)
	return append(list, constructing()...)
}

func parsing() (list []race) {
	for _, s := range typical {
		list = append(list, race{groupParse, s.name, parseTheirs(s.text), parseOurs(s.text)})
	}
	for _, s := range typical {
		list = append(list, race{groupReused, s.name, parseTheirs(s.text), parseAgain(s.text)})
	}
	for _, s := range []struct{ name, text string }{{"empty", ""}, {"in20", in20}, {"error", "app=nginx,tier in backend"}} {
		list = append(list, race{groupOther, s.name, parseTheirs(s.text), parseOurs(s.text)})
	}
	list = append(list, race{groupOther, "in20, reused", parseTheirs(in20), parseAgain(in20)})
	mixed, set := typical[3].text, labels.Set(fiveLabels)
	var p Parser
	return append(list, race{groupBoth, "mixed4",
		func(n int) {
			for range n {
				s, _ := labels.Parse(mixed)
				sinkBool = s.Matches(set)
			}
		},
		func(n int) {
			for range n {
				s, _ := p.Parse(mixed)
				sinkBool = s.Matches(fiveLabels)
			}
		}})
}

func parseTheirs(text string) func(int) {
	return func(n int) {
		for range n {
			sinkUpstream, _ = labels.Parse(text)
		}
	}
}

func parseOurs(text string) func(int) {
	return func(n int) {
		for range n {
			sinkSelector, _ = Parse(text)
		}
	}
}

func parseAgain(text string) func(int) {
	var p Parser
	return func(n int) {
		for range n {
			sinkSelector, _ = p.Parse(text)
		}
	}
}

func matching(what string, set map[string]string) (list []race) {
	for _, s := range matched {
		theirs, ours := must(labels.Parse(s.text)), MustParse(s.text)
		list = append(list, race{groupMatch, s.name + ", " + what,
			func(n int) {
				for range n {
					sinkBool = theirs.Matches(labels.Set(set))
				}
			},
			func(n int) {
				for range n {
					sinkBool = ours.Matches(set)
				}
			}})
	}
	return list
}

func constructing() []race {
	two := map[string]string{"app": "nginx", "tier": "backend"}
	theirs, ours := must(labels.Parse(typical[3].text)), MustParse(typical[3].text)
	list := []race{
		{groupConvert, "2 labels, 2 expressions",
			func(n int) {
				for range n {
					sinkUpstream, _ = metav1.LabelSelectorAsSelector(expressed)
				}
			},
			func(n int) {
				for range n {
					sinkSelector, _ = FromLabelSelector(expressed)
				}
			}},
		{groupSet, "2 labels",
			func(n int) {
				for range n {
					sinkUpstream = labels.SelectorFromSet(two)
				}
			},
			func(n int) {
				for range n {
					sinkSelector = FromSet(two)
				}
			}},
		{groupString, "mixed4",
			func(n int) {
				for range n {
					sinkText = theirs.String()
				}
			},
			func(n int) {
				for range n {
					sinkText = ours.String()
				}
			}},
	}
	for _, value := range []string{"web", "7d4f8b6c9"} {
		list = append(list, race{groupNames, "value " + value,
			func(n int) {
				for range n {
					sinkErrors = validation.IsValidLabelValue(value)
				}
			},
			func(n int) {
				for range n {
					sinkBool = IsValue(value)
				}
			}})
	}
	const key = "app.kubernetes.io/name"
	return append(list, race{groupNames, "key " + key,
		func(n int) {
			for range n {
				sinkErrors = validation.IsQualifiedName(key)
			}
		},
		func(n int) {
			for range n {
				sinkBool = IsKey(key)
			}
		}})
}

func must(s labels.Selector, err error) labels.Selector {
	if err != nil {
		panic(err)
	}
	return s
}

func Benchmark(b *testing.B) {
	for _, r := range races() {
		for _, side := range []struct {
			name string
			run  func(int)
		}{{"upstream", r.theirs}, {"selector", r.ours}} {
			b.Run(r.group+"/"+r.name+"/"+side.name, func(b *testing.B) {
				b.ReportAllocs()
				side.run(b.N)
			})
		}
	}
}
