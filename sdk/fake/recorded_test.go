package fake_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/internal/divergence"
)

// TestRecorded replays what was recorded on a real v1.37.2 control plane over HTTP: the same status, headers and body.
func TestRecorded(t *testing.T) {
	t.Run("create", testRecordedCreates)
	t.Run("validation", testRecordedValidation)
	t.Run("requests", testRecordedRequests)
}

// tally counts the cases of a group that are equal, and those that the stand-in node answered.
type tally struct{ equal, total, node int }

func (c *tally) check(t *testing.T, name string, differences []string) {
	c.total++
	if len(differences) == 0 {
		c.equal++
		return
	}
	t.Run(name, func(t *testing.T) { t.Error(strings.Join(differences, "\n")) })
}

func (c *tally) print(t *testing.T) {
	t.Logf("equal %d/%d", c.equal, c.total)
	if c.node > 0 {
		t.Logf("%d more are the stand-in node's answers", c.node)
	}
}

// testRecordedCreates replays the descriptors that package types holds its rules against too.
func testRecordedCreates(t *testing.T) {
	r := newReplayer(t, fake.RunT(t, fake.APIOnly()))
	files, err := filepath.Glob("../../types/testdata/create/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var c tally
	for _, file := range files {
		if strings.HasSuffix(file, ".in.json") {
			continue
		}
		var exchange struct {
			Request           recordedRequest
			Response          recordedAnswer
			CausesOrderVaries bool
		}
		readJSON(t, file, &exchange)
		exchange.Response.CausesOrderVaries = exchange.Response.CausesOrderVaries || exchange.CausesOrderVaries
		body, err := os.ReadFile(filepath.Join("../../types/testdata", exchange.Request.BodyFile))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		c.check(t, name, createDifferences(t, r, exchange.Request.Path, exchange.Request.ContentType, withoutDirections(body), &exchange.Response))
	}
	c.print(t)
}

// withoutDirections is a descriptor without the lines at its head that told the recorder what to do.
func withoutDirections(body []byte) []byte {
	for bytes.HasPrefix(body, []byte("# request:")) {
		_, body, _ = bytes.Cut(body, []byte("\n"))
	}
	return body
}

// testRecordedValidation replays the objects of upstream's own validation tests.
func testRecordedValidation(t *testing.T) {
	r := newReplayer(t, fake.RunT(t, fake.APIOnly()))
	file, err := os.Open("../../types/testdata/validation.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	paths := map[string]string{"Pod": "pods", "ReplicationController": "replicationcontrollers"}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	var c tally
	for lines.Scan() {
		var line struct {
			ID, Kind string
			Obj      json.RawMessage
			Response recordedAnswer
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		line.Response.CausesOrderVaries = true
		path := "/api/v1/namespaces/default/" + paths[line.Kind] + "?dryRun=All&fieldManager=corpus&fieldValidation=Strict"
		c.check(t, line.ID, createDifferences(t, r, path, "application/json", line.Obj, &line.Response))
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	c.print(t)
}

// createDifferences sends a create that stands alone.
func createDifferences(t *testing.T, r *replayer, path, contentType string, body []byte, want *recordedAnswer) []string {
	t.Helper()
	headers := map[string]string{"User-Agent": "corpus/1", "Accept": "application/json"}
	if contentType != "" {
		headers["Content-Type"] = contentType
	}
	got, err := r.send(t.Context(), "POST", path, headers, body)
	if err != nil {
		return []string{err.Error()}
	}
	all := got.headerDifferences(want)
	tree, err := parseTree(got.body)
	if err != nil {
		return append(all, err.Error()+": "+string(got.body))
	}
	wanted, err := parseTree(want.Body)
	if err != nil {
		t.Fatal(err)
	}
	if want.CausesOrderVaries {
		wanted, tree = inAnyOrder(wanted), inAnyOrder(tree)
	}
	return append(all, newNames().differences("", wanted, tree)...)
}

// testRecordedRequests replays the scenarios.
func testRecordedRequests(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/requests/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	rows := divergence.Of("TestRecorded")
	var c tally
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			s := loadScenario(t, name, rows)
			var all [][]string
			fake.Bubble(t, func(t *testing.T) { all = s.run(t) })
			for i, differences := range all {
				if answeredByNode(s.Steps[i].Request.Path, s.Steps[i].Response.Status) {
					c.node++
					rows.Needed(rowNodeAnswers)
					continue
				}
				c.check(t, stepName(s, i), differences)
			}
		})
	}
	rows.Check(t)
	c.print(t)
}

func stepName(s *scenario, i int) string {
	step := &s.Steps[i]
	return fmt.Sprint(i, " ", step.Request.Method, " ", step.Request.Path, " ", step.Note)
}
