package types_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// recorded is one create: a descriptor, and what a real API server said to it.
type recorded struct {
	name     string
	input    descriptor.Object
	anyOrder bool           // of the causes
	warnings []string       // as sent
	want     map[string]any // the object with its defaults, or nil
	causes   []cause
}

type cause struct{ Field, Reason, Message string }

// answer is a response as the recordings hold it.
type answer struct {
	Status            int
	Headers           map[string]any
	CausesOrderVaries bool
	Body              json.RawMessage
}

// read takes an answer apart. It reports whether it is one that this package decides: the object with its
// defaults, or the problems found in validation.
func (r *recorded) read(t *testing.T, a answer) bool {
	t.Helper()
	r.anyOrder = r.anyOrder || a.CausesOrderVaries
	for key, value := range a.Headers {
		if strings.EqualFold(key, "warning") {
			r.warnings = warningTexts(value)
		}
	}
	switch a.Status {
	case 201:
		return json.Unmarshal(a.Body, &r.want) == nil
	case 422:
		var status metav1.Status
		if err := json.Unmarshal(a.Body, &status); err != nil {
			t.Fatal(err)
		}
		if status.Details.Kind == "CreateOptions" {
			return false
		}
		for _, c := range status.Details.Causes {
			r.causes = append(r.causes, cause{c.Field, string(c.Type), c.Message})
		}
		return true
	}
	return false
}

// warningTexts takes the texts out of Warning headers, without those about unknown fields, which decoding gives.
func warningTexts(header any) (texts []string) {
	list, ok := header.([]any)
	if !ok {
		list = []any{header}
	}
	for _, h := range list {
		text, err := strconv.Unquote(strings.TrimPrefix(h.(string), "299 - "))
		if err == nil && !strings.HasPrefix(text, "unknown field") {
			texts = append(texts, text)
		}
	}
	return texts
}

// recordings are the cases in testdata, recorded on a v1.37.2 cluster.
func recordings(t *testing.T) []*recorded {
	t.Helper()
	var all []*recorded
	answers, _ := filepath.Glob("testdata/create/*.json")
	for _, file := range answers {
		if strings.HasSuffix(file, ".in.json") {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		var exchange struct {
			Request           struct{ BodyFile string }
			Response          answer
			CausesOrderVaries bool
		}
		unmarshalFile(t, file, &exchange)
		r := &recorded{name: name, anyOrder: exchange.CausesOrderVaries}
		input, err := os.ReadFile(filepath.Join("testdata", exchange.Request.BodyFile))
		if err != nil {
			t.Fatal(err)
		}
		if r.read(t, exchange.Response) && r.decode(input) {
			all = append(all, r)
		}
	}
	return append(all, upstreamCases(t)...)
}

func upstreamCases(t *testing.T) (all []*recorded) {
	t.Helper()
	file, err := os.Open("testdata/validation.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct {
			ID       string
			Obj      json.RawMessage
			Response answer
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		r := &recorded{name: line.ID, anyOrder: true}
		if r.read(t, line.Response) && r.decode(line.Obj) {
			all = append(all, r)
		}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	return all
}

func unmarshalFile(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// decode reads the descriptor as the server did: the first document, as the kind of the URL, unknown fields dropped.
func (r *recorded) decode(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n---"))
	if strings.HasPrefix(r.name, "rc-") || bytes.Contains(first, []byte(`"ReplicationController"`)) {
		rc, err := descriptor.DecodeInto[corev1.ReplicationController](orEmpty(first), descriptor.Lax())
		r.input = rc
		return err == nil
	}
	pod, err := descriptor.DecodeInto[corev1.Pod](orEmpty(first), descriptor.Lax())
	r.input = pod
	return err == nil
}

// orEmpty makes an object of a text that holds none, as the server does.
func orEmpty(text []byte) []byte {
	if objects, err := descriptor.DecodeAll(text, descriptor.Lax()); err == nil && len(objects) == 0 {
		return []byte("{}")
	}
	return text
}

// create does to the input what the server does before it validates. The random parts of names are those of the recording.
func (r *recorded) create() []string {
	types.Default(r.input)
	warned := types.Warnings(r.input)
	r.input.SetNamespace("default")
	if r.input.GetName() == "" && r.input.GetGenerateName() != "" {
		r.input.SetName(r.input.GetGenerateName() + "<rand1>")
		if r.want != nil {
			r.input.SetName(r.input.GetGenerateName() + "abcde")
		}
	}
	if pod, ok := r.input.(*corev1.Pod); ok {
		types.Admit(pod, "abcde")
	}
	types.Prepare(r.input)
	return warned
}

// TestRecorded replays every recorded create: the same defaults, or the same problems in the same order.
func TestRecorded(t *testing.T) {
	equal, total := 0, 0
	for _, r := range recordings(t) {
		total++
		if t.Run(r.name, func(t *testing.T) {
			warned := r.create()
			var got []cause
			for _, e := range types.Errors(r.input) {
				got = append(got, cause{e.Field, string(e.Type), e.ErrorBody()})
			}
			want := r.causes
			if r.anyOrder {
				got, want = ordered(got), ordered(want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if r.want == nil {
				return
			}
			if diff := cmp.Diff(r.want["spec"], asJSON(t, r.input)["spec"]); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			labels := func(o map[string]any) any { return o["metadata"].(map[string]any)["labels"] }
			if diff := cmp.Diff(labels(r.want), labels(asJSON(t, r.input))); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(r.warnings, warned); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		}) {
			equal++
		}
	}
	t.Logf("equal %d/%d", equal, total)
}

func ordered(list []cause) []cause {
	list = append([]cause(nil), list...)
	sort.Slice(list, func(i, j int) bool { return list[i].Field+list[i].Message < list[j].Field+list[j].Message })
	return list
}

// asJSON is an object as the server sends it, with the recording's placeholder for the token volume's suffix.
func asJSON(t *testing.T, obj descriptor.Object) (fields map[string]any) {
	t.Helper()
	text, err := json.Marshal(obj)
	if err == nil {
		err = json.Unmarshal(bytes.ReplaceAll(text, []byte("kube-api-access-abcde"), []byte("kube-api-access-<rand>")), &fields)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fields
}
