package analyze

import (
	"testing"

	"github.com/podwright/podwright/types/selector"
)

// pairs are what is measured, and what must not allocate.
var pairs = []struct{ name, a, b string }{
	{"disjoint", "app=web,env=prod", "app=api,env=prod"},
	{"overlapping", "app=web,env=prod", "app=web,env in (prod,dev),!canary"},
	{"other keys", "app=web,env=prod", "team=red,zone=a"},
	{"numbers", "shard>3,shard<9", "shard>5,shard!=7"},
	{"exclusions", "app,app!=web,env notin (a,b,c)", "app notin (api,db),env"},
	{"nothing in common", "app in (a,b,c,d)", "app in (e,f,g,h)"},
}

func BenchmarkOverlaps(b *testing.B) {
	for _, p := range pairs {
		x, y := selector.MustParse(p.a), selector.MustParse(p.b)
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Overlaps(x, y)
			}
		})
	}
}

func BenchmarkImplies(b *testing.B) {
	for _, p := range pairs {
		x, y := selector.MustParse(p.a), selector.MustParse(p.b)
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Implies(x, y)
			}
		})
	}
}

func BenchmarkSimplify(b *testing.B) {
	s := selector.MustParse("app=web,app,env in (prod,dev),env!=dev,shard>3,shard>5")
	b.ReportAllocs()
	for b.Loop() {
		Simplify(s)
	}
}

func BenchmarkExplain(b *testing.B) {
	s, labels := selector.MustParse("app=web,env in (prod,dev)"), map[string]string{"apps": "web", "env": "prd"}
	b.ReportAllocs()
	for b.Loop() {
		Explain(s, labels)
	}
}
