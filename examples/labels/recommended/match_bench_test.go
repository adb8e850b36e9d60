package recommended

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/podwright/podwright/types/selector"
	upstream "k8s.io/apimachinery/pkg/labels"
)

// crowd are the labels of a thousand pods of all sorts, and words their words.
var crowd, words = func() (list []map[string]string, words []Word) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range crowdSize {
		l := Labels{Name: "web", PartOf: "shop", Version: "1.2.3", Component: ComponentFrontend, Environment: EnvironmentProduction}
		if r.IntN(2) > 0 {
			l.Name = fmt.Sprintf("app-%d", r.IntN(9))
			l.Component = Component.Values()[r.IntN(4)]
		}
		if r.IntN(4) == 0 {
			l.Environment = Environment.Values()[r.IntN(3)]
		}
		if r.IntN(3) > 0 {
			l.ManagedBy = "helm"
		}
		if r.IntN(3) == 0 {
			l.Shard = ShardOf(int64(i % 20))
		}
		m := l.Map()
		m["pod-template-hash"] = "7d4f8b6c9"
		list, words = append(list, m), append(words, WordOf(m))
	}
	return list, words
}()

const crowdSize = 1000

// A race is a selector that is asked about the crowd. The loops of generated matchers are written out, so that the compiler makes of
// them what it makes of a program's.
type race struct {
	name, text      string
	generated, word func() (hits int)
}

var races = []race{
	{"eq1", WebText, func() (hits int) {
		for _, labels := range crowd {
			if MatchWeb(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchWebWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"eq2", ProductionWebText, func() (hits int) {
		for _, labels := range crowd {
			if MatchProductionWeb(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchProductionWebWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"eq4", FrontendText, func() (hits int) {
		for _, labels := range crowd {
			if MatchFrontend(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchFrontendWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"in1", TrialText, func() (hits int) {
		for _, labels := range crowd {
			if MatchTrial(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchTrialWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"in2", TrialDataText, func() (hits int) {
		for _, labels := range crowd {
			if MatchTrialData(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchTrialDataWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"notin1", StatelessText, func() (hits int) {
		for _, labels := range crowd {
			if MatchStateless(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchStatelessWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"exists", PackagedText, func() (hits int) {
		for _, labels := range crowd {
			if MatchPackaged(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchPackagedWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"missing", UnshardedText, func() (hits int) {
		for _, labels := range crowd {
			if MatchUnsharded(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchUnshardedWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"numbers", UpperText, func() (hits int) {
		for _, labels := range crowd {
			if MatchUpper(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchUpperWord(w) {
				hits++
			}
		}
		return hits
	}},
	{"mixed4", ServedText, func() (hits int) {
		for _, labels := range crowd {
			if MatchServed(labels) {
				hits++
			}
		}
		return hits
	}, func() (hits int) {
		for _, w := range words {
			if MatchServedWord(w) {
				hits++
			}
		}
		return hits
	}},
}

// parsed are the selectors that a race is run against: upstream's, and the one of package selector.
func (r race) parsed() (theirs, dynamic func() (hits int)) {
	u, err := upstream.Parse(r.text)
	if err != nil {
		panic(err)
	}
	s := selector.MustParse(r.text)
	theirs = func() (hits int) {
		for _, labels := range crowd {
			if u.Matches(upstream.Set(labels)) {
				hits++
			}
		}
		return hits
	}
	dynamic = func() (hits int) {
		for _, labels := range crowd {
			if s.Matches(labels) {
				hits++
			}
		}
		return hits
	}
	return theirs, dynamic
}

var hits int // keeps the compiler from leaving the work out

// BenchmarkMatch asks about a thousand pods.
func BenchmarkMatch(b *testing.B) {
	for _, r := range races {
		theirs, dynamic := r.parsed()
		for _, c := range []struct {
			name string
			run  func() int
		}{{"upstream", theirs}, {"dynamic", dynamic}, {"generated", r.generated}, {"word", r.word}} {
			b.Run(r.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					hits = c.run()
				}
			})
		}
	}
}

func BenchmarkWordOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		WordOf(crowd[0])
	}
}

// All contestants of a race count the same.
func TestRacesAreFair(t *testing.T) {
	for _, r := range races {
		theirs, dynamic := r.parsed()
		want := theirs()
		if dynamic() != want || r.generated() != want || r.word() != want || want == 0 || want == crowdSize {
			t.Errorf("%s: upstream %d, dynamic %d, generated %d, word %d", r.name, want, dynamic(), r.generated(), r.word())
		}
	}
}
