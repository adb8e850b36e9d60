package fake_test

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/yaml"
)

// With one seed each object has the same history in every run: all its versions and the events about it, at the same times, however many
// threads there are. The names, addresses and ids that were drawn are part of that.
func TestSeed(t *testing.T) {
	runs := 100
	if underRace() {
		runs = 6
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // which is a third of the time
	first := happen(t, 1)
	if missing := first.without(
		"BackOff", "DeadlineExceeded", "Evicted", "Failed", "FailedMount", "FailedPostStartHook", "FailedScheduling", "Killing", "NodeNotReady",
		"NodeReady", "Preempted", "Pulled", "Pulling", "Rebooted", "SandboxChanged", "SuccessfulCreate", "SuccessfulDelete",
		"TaintManagerEviction", "Unhealthy",
	); len(missing) > 0 {
		t.Errorf("in this story there is no %v", missing)
	}
	for run := range runs {
		threads := []int{1, 2, 4}[run%3]
		runtime.GOMAXPROCS(threads)
		if diff := first.difference(happen(t, 1)); diff != "" {
			t.Fatalf("run %d, with GOMAXPROCS=%d, is not as the first (-first +now):\n%s", run, threads, diff)
		}
	}
	other := happen(t, 2)
	for object := range first {
		if _, both := other[object]; both && strings.HasPrefix(object, "pods town/web-") {
			t.Errorf("with another seed there is %s too", object)
		}
	}
}

// underRace says whether the race detector is on, with which all takes ten times as long.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// happen tells the story of a cluster with a seed, in a bubble.
func happen(t *testing.T, seed uint64) histories {
	t.Helper()
	h := histories{}
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.Seed(seed), fake.Nodes(3))
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var watching sync.WaitGroup
		watching.Go(func() {
			if err := c.Log(ctx, func(e store.Event) { h.add(time.Since(began), e) }); err != nil {
				t.Error(err)
			}
		})
		tell(t, c, began)
		cancel()
		watching.Wait()
	})
	return h
}

// histories are what was seen of each object, by its resource, namespace and name, and of the events about it.
type histories map[string][]version

// version is what an object was like from some time on.
type version struct {
	at     time.Duration
	how    watch.EventType
	object store.Object
}

func (h histories) add(at time.Duration, e store.Event) {
	object := e.Object.DeepCopyObject().(store.Object)
	object.SetResourceVersion("") // of which there is one sequence for all objects
	v := version{at, e.Type, object}
	key := fmt.Sprintf("%s %s/%s", e.Resource.Resource, object.GetNamespace(), object.GetName())
	if event, ok := object.(*corev1.Event); ok {
		about := &event.InvolvedObject
		about.ResourceVersion = ""
		key = fmt.Sprintf("events about %s %s/%s", about.Kind, about.Namespace, about.Name)
	}
	h[key] = append(h[key], v)
}

// without are those of the reasons for which there was no event.
func (h histories) without(reasons ...string) []string {
	return slices.DeleteFunc(reasons, func(reason string) bool {
		for _, versions := range h {
			if slices.ContainsFunc(versions, func(v version) bool {
				e, ok := v.object.(*corev1.Event)
				return ok && e.Reason == reason
			}) {
				return true
			}
		}
		return false
	})
}

// difference shows where the first object begins to differ, in time, whose history is another one.
func (h histories) difference(other histories) string {
	var first time.Duration = 1 << 62
	var text string
	all := maps.Clone(h)
	maps.Copy(all, other)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		was, is := h[key], other[key]
		i := 0
		for i < min(len(was), len(is)) && was[i].equal(is[i]) {
			i++
		}
		if i == max(len(was), len(is)) {
			continue
		}
		if at := max(versionAt(was, i).at, versionAt(is, i).at); at < first {
			first, text = at, fmt.Sprintf("version %d of %s:\n%s", i, key, cmp.Diff(versionAt(was, i).String(), versionAt(is, i).String()))
		}
	}
	return text
}

// versionAt is one of a history, the zero value after its end.
func versionAt(h []version, i int) version {
	if i < len(h) {
		return h[i]
	}
	return version{}
}

func (v version) equal(other version) bool {
	return v.at == other.at && v.how == other.how && equality.Semantic.DeepEqual(v.object, other.object)
}

func (v version) String() string {
	if v.object == nil {
		return "none"
	}
	text, err := yaml.Marshal(v.object)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s after %v\n%s", v.how, v.at, text)
}
