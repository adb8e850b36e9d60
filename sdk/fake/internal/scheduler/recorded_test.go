package scheduler

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shortReasons are how testdata/plugins.txt calls the reasons. A "!" says that preemption does not help.
var shortReasons = map[string]string{notNear: "near", notApart: "apart", othersNotApart: "others", uneven: "uneven", noSuchPart: "label"}

func shortVerdict(v *verdict) string {
	switch {
	case v == nil:
		return "fits"
	case v.final:
		return shortReasons[v.reasons[0]] + "!"
	}
	return shortReasons[v.reasons[0]]
}

// cluster is the nodes of a scenario with what is on them, and the pod.
func (s scenario) cluster() *attempt {
	x := newNodes()
	for _, n := range s.namespaces {
		x.observeNamespace("ADDED", n)
	}
	for _, n := range s.nodes {
		x.observe("ADDED", n)
	}
	for _, p := range s.there {
		x.place(nameOfPod(p), p, p.Spec.NodeName)
	}
	return x.newAttempt(&pending{name: nameOfPod(s.pod), pod: s.pod, needs: needsOf(s.pod)})
}

// filtered is what a plugin says of each node, and what it would say of its own node if the first of the pods were not there.
func (s scenario) filtered(a *attempt, filter func(*attempt, *node) *verdict) (line string, fits []bool) {
	var words []string
	less := "-"
	for _, n := range a.nodes.ready {
		v := filter(a, n)
		words, fits = append(words, shortVerdict(v)), append(fits, v == nil)
		if len(s.there) > 0 && s.there[0].Spec.NodeName == n.name {
			without, rest := a.clone(), n.clone()
			without.change(a.nodes.placed[nameOfPod(s.there[0])], rest, -1)
			less = shortVerdict(filter(without, rest))
		}
	}
	return strings.Join(words, ",") + " " + less, fits
}

func scored(a *attempt, fitting []*node, score func(*attempt, []*node, []int64) bool) string {
	if len(fitting) == 0 {
		return "-"
	}
	points := make([]int64, len(fitting))
	score(a, fitting, points)
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(points), " ", ","), "[]")
}

// uncounted says whether the real plugin miscounts when the first pod goes: it takes back what it had not counted, a pod that was going
// already and one that an empty selector selects.
func (s scenario) uncounted() bool {
	if len(s.there) == 0 {
		return false
	}
	for _, c := range constraintsOf(s.pod, mustHold) {
		if c.all {
			return true
		}
	}
	return s.there[0].DeletionTimestamp != nil
}

// testdata/plugins.txt holds what the plugins PodTopologySpread and InterPodAffinity of kube-scheduler v1.37.2 answered, a line for each
// scenario: its number; for either plugin its verdict on each node, and on the node of the first pod without that pod; the scores that
// either gives the nodes which both let pass. A plugin that abstains lets pass, and gives 0.
func TestPluginsAnswerAsRecorded(t *testing.T) {
	f, err := os.Open("testdata/plugins.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var number uint64
		if _, err := fmt.Sscan(lines.Text(), &number); err != nil {
			t.Fatal(err)
		}
		s := newScenario(number)
		a := s.cluster()
		spread, even := s.filtered(a, unevenWith)
		affinity, among := s.filtered(a, notAmongOthers)
		var fitting []*node
		for i, n := range a.nodes.ready {
			if even[i] && among[i] {
				fitting = append(fitting, n)
			}
		}
		got := fmt.Sprint(number, " ", spread, " ", affinity, " ", scored(a, fitting, evenest), " ", scored(a, fitting, amongFriends))
		want := lines.Text()
		if s.uncounted() {
			got, want = withoutField(got, 2), withoutField(want, 2)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("scenario %d (-want +got):\n%s", number, diff)
		}
	}
}

// withoutField leaves out one field of a line.
func withoutField(line string, i int) string {
	fields := strings.Fields(line)
	return strings.Join(append(fields[:i:i], fields[i+1:]...), " ")
}
