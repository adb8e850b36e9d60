package fake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/internal/divergence"
)

// scenario is one file of recorded requests, and what was done beside them.
type scenario struct {
	Scenario           string
	ControllersRunning bool
	Steps              []struct {
		Note     string
		Request  recordedRequest
		Response recordedAnswer
	}

	setup setup
	names *names
	rows  *divergence.Rows // what comparisons leave out
	// seen holds by path what the server last answered about an object.
	seen map[string]any
}

func loadScenario(t *testing.T, name string, rows *divergence.Rows) *scenario {
	t.Helper()
	s := &scenario{names: newNames(), seen: map[string]any{}, rows: rows}
	readJSON(t, "testdata/recorded/requests/"+name+".json", s)
	readJSON(t, "testdata/recorded/setup/"+name+".json", &s.setup)
	return s
}

// cluster is one like that of the recording: with a node that runs any image, or with nothing but the API, whose
// namespace has what the controllers had put there before they were stopped.
func (s *scenario) cluster(t *testing.T) *fake.Cluster {
	t.Helper()
	opts := []fake.Option{fake.UnknownImages(fake.Pause), fake.Seed(max(s.setup.Seed, 1))}
	if !s.ControllersRunning {
		opts = append(opts, fake.APIOnly(), fake.Without(fake.ServiceAccountController, fake.RootCAController))
	}
	return fake.RunT(t, opts...)
}

// remember keeps an answered object, by whose state the placeholders in later requests are filled in.
func (s *scenario) remember(path string, tree any) {
	o, ok := tree.(object)
	if name := o.object("metadata").text("name"); ok && name != "" {
		path, _, _ = strings.Cut(path, "?")
		if !strings.HasSuffix(path, "/"+name) && !strings.Contains(path, "/"+name+"/") {
			path += "/" + name
		}
		s.seen[path] = tree
	}
}

// fill puts into a request body what stands here for its placeholders. One without a number stands for what the server
// last answered in that place of the object.
func (s *scenario) fill(path string, body []byte) []byte {
	tree, err := parseTree(body)
	if err != nil {
		return body
	}
	path, _, _ = strings.Cut(path, "?")
	known := s.seen[strings.TrimSuffix(path, "/status")]
	filled := mapStrings(tree, "", func(at, v string) string {
		if v = s.names.resolve(v); placeholders.MatchString(v) {
			if is, ok := lookUp(known, at).(string); ok && s.names.clone().match(v, is) {
				return is
			}
		}
		return v
	})
	if !placeholders.Match(body) {
		return body
	}
	text, err := json.Marshal(filled)
	if err != nil {
		return body
	}
	return text
}

// recordedIn is about when the recordings were made.
var recordedIn = time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC)

// run replays the scenario and returns for each step how the answer differed.
func (s *scenario) run(t *testing.T) [][]string {
	t.Helper()
	<-time.After(time.Until(recordedIn)) // objects in the recordings have dates that a bubble's year 2000 does not know yet
	r := newReplayer(t, s.cluster(t))
	defer r.client.CloseIdleConnections()
	s.makeNamespace(t, r)
	all := make([][]string, len(s.Steps))
	for i := range s.Steps {
		s.prepare(t, r, i)
		all[i] = s.step(t, r, i)
	}
	return all
}

// patience is how long controllers and nodes may take to bring about what a recorded GET found.
const patience = 5 * time.Second

// step sends the request of a step. With controllers at work a GET is sent again until what it asks for has come about.
func (s *scenario) step(t *testing.T, r *replayer, i int) []string {
	t.Helper()
	req := &s.Steps[i].Request
	path := s.names.resolve(req.Path)
	body := s.fill(path, req.text())
	if long, ok := s.setup.Bodies[i]; ok {
		body = []byte(long.Head + strings.Repeat(long.Part, long.Times) + long.Tail)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ; ; pause(ctx) {
		got, err := r.send(t.Context(), req.Method, path, req.Headers, body)
		if err != nil {
			return []string{err.Error()}
		}
		learnt := s.names.clone()
		differences := s.compare(learnt, i, got, "")
		again := s.ControllersRunning && req.Method == "GET" && !strings.Contains(path, "watch=") && ctx.Err() == nil
		if len(differences) == 0 || !again {
			s.countNeeded(i, got)
			s.names = learnt
			if tree, err := parseTree(got.body); err == nil && got.status < 300 {
				s.remember(path, tree)
			}
			return differences
		}
	}
}

// countNeeded notes without which rows an answer would have differed.
func (s *scenario) countNeeded(i int, got *answer) {
	for _, l := range leavings {
		if len(s.compare(s.names.clone(), i, got, l.row)) > 0 {
			s.rows.Needed(l.row)
		}
	}
	if len(s.compare(s.names.clone(), i, got, rowNodeWrites)) > 0 {
		s.rows.Needed(rowNodeWrites)
	}
}

// compare holds an answer against the recorded one, leaving out what may be left out but for one row.
func (s *scenario) compare(n *names, i int, got *answer, but string) []string {
	step := &s.Steps[i]
	want := &step.Response
	all := got.headerDifferences(want)
	switch {
	case want.Text != nil:
		return append(all, n.lineDifferences(*want.Text, string(got.body))...)
	case want.Body == nil && want.Stream == nil:
		if len(got.body) > 0 {
			all = append(all, fmt.Sprintf("want no body, got %s", got.body))
		}
		return all
	}
	trees, err := got.trees()
	if err != nil {
		return append(all, err.Error())
	}
	if want.Stream != nil {
		return append(all, s.streamDifferences(n, want.Stream, trees, but)...)
	}
	wanted, err := parseTree(want.Body)
	if err != nil || len(trees) != 1 {
		return append(all, fmt.Sprintf("%d documents, %v", len(trees), err))
	}
	one := step.Request.isOneObject()
	return append(all, n.differences("", side(wanted, one, but), side(trees[0], one, but))...)
}

// side is one of the two trees that are compared.
func side(tree any, oneObject bool, but string) any {
	return leave(comparable(tree, oneObject), but)
}

// streamDifferences compares the events of a watch. With controllers at work only those of one object come in a certain order.
func (s *scenario) streamDifferences(n *names, recorded []json.RawMessage, got []any, but string) []string {
	wanted := make([]any, 0, len(recorded))
	for _, raw := range recorded {
		event, err := parseTree(bytes.TrimSpace(raw))
		if err != nil {
			return []string{err.Error()}
		}
		wanted = append(wanted, event)
	}
	wanted, got = streamed(wanted, but), streamed(got, but)
	if !s.ControllersRunning {
		return n.differences("", wanted, got)
	}
	return n.differences("", perObject(n, wanted), perObject(n, got))
}

// streamed are events without what is left out. How far the store is when a bookmark comes depends on all of it, as the
// version of a list does.
func streamed(events []any, but string) []any {
	all := make([]any, 0, len(events))
	for _, e := range events {
		event, _ := e.(object)
		o := event.object("object")
		if event.text("type") == "BOOKMARK" {
			o = o.with("metadata", o.object("metadata").without("resourceVersion"))
		}
		all = append(all, event.with("object", side(o, true, but)))
	}
	if but == rowNodeWrites {
		return all
	}
	return withoutNodeWrites(all)
}

// perObject sorts events by object, keeping the order of those of each.
func perObject(n *names, events []any) []any {
	sorted := slices.Clone(events)
	name := func(e any) string { return n.resolve(e.(object).object("object").object("metadata").text("name")) }
	slices.SortStableFunc(sorted, func(a, b any) int { return strings.Compare(name(a), name(b)) })
	return sorted
}
