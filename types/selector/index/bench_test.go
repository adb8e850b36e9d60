package index

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"

	"github.com/podwright/podwright/types/selector"
)

// A race is a piece of work done as programs do it without this package and by this package, n times each.
type race struct {
	group, name  string
	theirs, ours func(n int)
}

// A yard is a fleet and all that it is held in.
type yard struct {
	size    int
	of      distribution
	pods    []*corev1.Pod
	tight   []corev1.Pod // side by side, the best case of a scan
	x       *Index[types.NamespacedName, *corev1.Pod]
	indexer cache.Indexer
	out     []*corev1.Pod
}

const byName = "by name" // a hand-made index

var yards sync.Map

func yardOf(size int, d distribution) *yard {
	made, _ := yards.LoadOrStore(fmt.Sprint(size, d.name), sync.OnceValue(func() *yard { return newYard(size, d) }))
	return made.(func() *yard)()
}

func newYard(size int, d distribution) *yard {
	y := &yard{size: size, of: d, pods: fleet(size, d)}
	y.x = indexOf(y.pods)
	y.tight = make([]corev1.Pod, size)
	for i, p := range y.pods {
		y.tight[i] = *p
	}
	y.indexer = storeOf(y.pods, cache.Indexers{
		cache.NamespaceIndex: cache.MetaNamespaceIndexFunc,
		byName:               func(o any) ([]string, error) { return []string{o.(*corev1.Pod).Labels["name"]}, nil },
	})
	y.out = make([]*corev1.Pod, 0, size)
	return y
}

func storeOf(pods []*corev1.Pod, by cache.Indexers) cache.Indexer {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, by)
	for _, p := range pods {
		if err := indexer.Add(p); err != nil {
			panic(err)
		}
	}
	return indexer
}

func upstreamOf(text string) labels.Selector {
	s, err := labels.Parse(text)
	if err != nil {
		panic(err)
	}
	return s
}

// scan is what lists pods without an index, in the quickest way.
func (y *yard) scan(s labels.Selector) {
	y.out = y.out[:0]
	for i := range y.tight {
		if s.Matches(labels.Set(y.tight[i].Labels)) {
			y.out = append(y.out, &y.tight[i])
		}
	}
}

func times(n int, run func()) {
	for range n {
		run()
	}
}

func (y *yard) name(text string) string { return fmt.Sprintf("%d %s: %s", y.size, y.of.name, text) }

// lists are the questions, against a scan.
func (y *yard) lists() (list []race) {
	for _, text := range questions {
		s, theirs := selector.MustParse(text), upstreamOf(text)
		list = append(list, race{"List", y.name(fmt.Sprintf("%q (%d)", text, y.x.Count(s))),
			func(n int) { times(n, func() { y.scan(theirs) }) },
			func(n int) { times(n, func() { y.out = y.x.List(s, y.out[:0]) }) },
		})
	}
	return list
}

// listers are the same against client-go's lister, some of them.
func (y *yard) listers() (list []race) {
	add := func(o any) { y.out = append(y.out, o.(*corev1.Pod)) }
	for _, text := range []string{"name=app-7", "env=prod"} {
		s, theirs := selector.MustParse(text), upstreamOf(text)
		list = append(list, race{"List, lister", y.name(text),
			func(n int) {
				times(n, func() {
					y.out = y.out[:0]
					_ = cache.ListAll(y.indexer, theirs, add)
				})
			},
			func(n int) { times(n, func() { y.out = y.x.List(s, y.out[:0]) }) },
		})
	}
	s, theirs := selector.MustParse("env=prod"), upstreamOf("env=prod")
	return append(list,
		race{"List, ByIndex", y.name("name=app-7 by a hand-made index"),
			func(n int) {
				times(n, func() {
					found, _ := y.indexer.ByIndex(byName, "app-7")
					y.out = y.out[:0]
					for _, o := range found {
						add(o)
					}
				})
			},
			func(n int) {
				s := selector.FromSet(map[string]string{"name": "app-7"})
				times(n, func() { y.out = y.x.List(s, y.out[:0]) })
			}},
		race{"ListIn", y.name("env=prod in one namespace after the other"),
			y.walking(func(namespace string) {
				_ = cache.ListAllByNamespace(y.indexer, namespace, theirs, add)
			}),
			y.walking(func(namespace string) { y.out = y.x.ListIn(namespace, s, y.out) })},
	)
}

// walking lists namespaces in turns.
func (y *yard) walking(list func(namespace string)) func(int) {
	names := make([]string, y.size/1000)
	for i := range names {
		names[i] = fmt.Sprint("team-", i)
	}
	at := 0
	return func(n int) {
		for range n {
			y.out = y.out[:0]
			list(names[at])
			at = (at + 1) % len(names)
		}
	}
}

// counts are against a scan.
func (y *yard) counts() (list []race) {
	for _, text := range []string{"name=app-7", "env=prod", "env=prod,tier=backend", "!canary,env=qa", "env in (prod,qa),tier notin (cache,frontend)"} {
		s, theirs := selector.MustParse(text), upstreamOf(text)
		list = append(list, race{"Count", y.name(text),
			func(n int) { times(n, func() { y.scan(theirs) }) },
			func(n int) { times(n, func() { y.x.Count(s) }) },
		})
	}
	return list
}

// updates are against client-go's store. hot is the same pods again and again, cold a walk through all.
func (y *yard) updates() []race {
	bare := storeOf(y.pods, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	of := func(key string) cache.IndexFunc {
		return func(o any) ([]string, error) { return []string{o.(*corev1.Pod).Labels[key]}, nil }
	}
	two := storeOf(y.pods, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc, "name": of("name"), "version": of("version")})
	set := func(p *corev1.Pod) { y.x.Set(keyOf(p), p.Namespace, p.Labels, p) }
	hot := y.pods[:64]
	changed, cold := y.relabelled(hot), y.relabelled(y.pods)
	return []race{
		{"Set, labels as before", y.name("hot"), updating(bare, hot), setting(set, hot)},
		{"Set, labels as before", y.name("cold"), updating(bare, y.pods), setting(set, y.pods)},
		{"Set, one label changed", y.name("hot"), updating(two, hot, changed), setting(set, hot, changed)},
		{"Set, one label changed", y.name("cold"), updating(two, cold, y.pods), setting(set, cold, y.pods)},
	}
}

// relabelled are copies with another version.
func (y *yard) relabelled(pods []*corev1.Pod) []*corev1.Pod {
	copies := make([]*corev1.Pod, len(pods))
	for i, p := range pods {
		copies[i] = p.DeepCopy()
		copies[i].Labels["version"] = fmt.Sprint("v", i%7+100)
	}
	return copies
}

// updating walks the rounds of pods one after the other, from where it was the last time.
func updating(store cache.Store, rounds ...[]*corev1.Pod) func(int) {
	return setting(func(p *corev1.Pod) { _ = store.Update(p) }, rounds...)
}

func setting(set func(*corev1.Pod), rounds ...[]*corev1.Pod) func(int) {
	at := 0
	size := len(rounds[0])
	return func(n int) {
		for range n {
			set(rounds[at/size][at%size])
			at = (at + 1) % (size * len(rounds))
		}
	}
}

// reverses are which of many selectors select a pod, against trying each, as a controller does that finds the owners of a pod.
func reverses(count int) []race {
	all := NewSelectors[int]()
	var theirs []labels.Selector
	for i := range count {
		text := fmt.Sprintf("name=app-%d,env=%s", i/2, []string{"prod", "qa"}[i%2])
		if i%1000 == 999 {
			text = fmt.Sprintf("!canary,env!=v%d", i)
		}
		all.Set(i, "", selector.MustParse(text))
		theirs = append(theirs, upstreamOf(text))
	}
	pod := podOf(14, 1, newRandom())
	delete(pod.Labels, "canary")
	l := NewLabelSet("", pod.Labels)
	var out []int
	linear := func(n int) {
		times(n, func() {
			out = out[:0]
			for i, s := range theirs {
				if s.Matches(labels.Set(pod.Labels)) {
					out = append(out, i)
				}
			}
		})
	}
	return []race{
		{"Match", fmt.Sprintf("%d selectors", count), linear, func(n int) { times(n, func() { out = all.Match("", pod.Labels, out[:0]) }) }},
		{"MatchSet", fmt.Sprintf("%d selectors", count), linear, func(n int) { times(n, func() { out = all.MatchSet(l, out[:0]) }) }},
	}
}

// matches are of the label sets of some pods in turns.
func matches(count int) (list []race) {
	x := New[int, int]()
	var maps []map[string]string
	var sets []LabelSet
	for i := range count {
		maps = append(maps, map[string]string{
			"app": pickOf(i, "nginx", "apache"), "env": pickOf(i/2, "production", "qa", "dev"), "tier": pickOf(i/5, "backend", "cache"),
			"version": fmt.Sprint("v", i/3%9+7), "pod-template-hash": fmt.Sprintf("%08x", i*2654435761&0xffffffff),
		})
		x.Set(i, "", maps[i], i)
		sets = append(sets, x.Labels(i))
	}
	for _, text := range []string{
		"app=nginx", "app=nginx,tier=backend", "app=nginx,tier=backend,env=production,version=v7", "env in (production,qa,staging)",
		"env in (production,qa,staging),tier in (backend,cache)", "tier notin (frontend,cache)", "app", "!canary",
		"app=nginx,env in (production,qa),tier!=cache,!canary", "app=caddy",
	} {
		theirs, ours := upstreamOf(text), x.Compile(selector.MustParse(text))
		list = append(list, race{"MatchesSet", fmt.Sprintf("%s, %d sets", text, count),
			func(n int) {
				for i := range n {
					sink = theirs.Matches(labels.Set(maps[i&(count-1)]))
				}
			},
			func(n int) {
				for i := range n {
					sink = ours.MatchesSet(sets[i&(count-1)])
				}
			},
		})
	}
	return list
}

func pickOf(i int, list ...string) string { return strings.Clone(list[i%len(list)]) }

var sink bool

// conflicting are the selectors of many controllers, of which some could take each other's pods, against all pairs.
func conflicting(count int) *Selectors[int] {
	s := NewSelectors[int]()
	for i := range count {
		text := fmt.Sprintf("name=app-%d,env=%s", i/2, []string{"prod", "qa"}[i%2])
		switch i % 100 {
		case 7:
			text = fmt.Sprintf("name=app-%d", i/2)
		case 8:
			text = fmt.Sprintf("name in (app-%d,app-%d),!canary", i/2, i/2+1)
		}
		s.Set(i, "shop", selector.MustParse(text))
	}
	return s
}

func (y *yard) all() []race {
	list := append(y.lists(), y.listers()...)
	return append(append(list, y.counts()...), y.updates()...)
}

// Benchmark is of all races, for instance -bench '/1000000.RC-like'. Fleets are made when they are first asked for.
func Benchmark(b *testing.B) {
	for _, size := range []int{10_000, 100_000, 1_000_000} {
		for _, d := range distributions {
			b.Run(fmt.Sprint(size, " ", d.name), func(b *testing.B) { run(b, yardOf(size, d).all()) })
		}
	}
	b.Run("reverse", func(b *testing.B) {
		for _, count := range []int{100, 1000, 10_000} {
			run(b, reverses(count))
		}
	})
	b.Run("matches", func(b *testing.B) { run(b, append(matches(1), matches(1024)...)) })
	b.Run("Conflicts", func(b *testing.B) {
		s := conflicting(10_000)
		for b.Loop() {
			for range s.Conflicts() {
			}
		}
	})
}

func run(b *testing.B, list []race) {
	for _, r := range list {
		name := strings.ReplaceAll(r.group+" "+r.name, "/", " ")
		b.Run(name+"/theirs", func(b *testing.B) { r.theirs(b.N) })
		b.Run(name+"/ours", func(b *testing.B) { r.ours(b.N) })
	}
}

// BenchmarkBuild is of an index of a hundred thousand pods.
func BenchmarkBuild(b *testing.B) {
	for _, d := range distributions {
		pods := fleet(100_000, d)
		b.Run(d.name, func(b *testing.B) {
			for b.Loop() {
				indexOf(pods)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(pods)), "ns/object")
		})
	}
}
