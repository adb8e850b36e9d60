package fake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// setup is what the recording of a scenario did without recording it: the objects that its requests find there.
type setup struct {
	// Seed draws names that sort as the recorded ones do.
	Seed  uint64
	Steps []setupStep
	// Bodies are the requests' bodies that the recording only describes, by step.
	Bodies map[int]repeated
}

// setupStep is a request that is sent before a step of the scenario. Until it answers as wanted it is sent again. Or it is a pause,
// of so many seconds.
type setupStep struct {
	Before       int
	Pause        int
	Method, Path string
	ContentType  string
	Body         json.RawMessage
	Bind         map[string]string // placeholders, by their places in the answer
	Until        map[string]any    // what must stand at places of the answer
}

// repeated is a body too long to write out.
type repeated struct {
	Head, Part, Tail string
	Times            int
}

// namespaceContent is made in the scenario's namespace beforehand, by the manager that a real cluster's objects show.
var namespaceContent = []struct{ path, body string }{
	{"/serviceaccounts", `{"metadata":{"name":"default"}}`},
	{"/configmaps", `{"metadata":{"name":"kube-root-ca.crt","annotations":{"kubernetes.io/description":` +
		`"Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ` +
		`No other usage is guaranteed across distributions of Kubernetes clusters."}},"data":{"ca.crt":"x"}}`},
}

func (s *scenario) makeNamespace(t *testing.T, r *replayer) {
	t.Helper()
	// No User-Agent: the field manager is "unknown".
	s.must(t, r, "POST", "/api/v1/namespaces", map[string]string{"User-Agent": ""}, `{"metadata":{"name":"o-`+s.Scenario+`"}}`)
	if s.ControllersRunning {
		return
	}
	for _, o := range namespaceContent {
		s.must(t, r, "POST", s.namespace()+o.path, map[string]string{"User-Agent": "kube-controller-manager/1"}, o.body)
	}
}

func (s *scenario) namespace() string { return "/api/v1/namespaces/o-" + s.Scenario }

func (s *scenario) must(t *testing.T, r *replayer, method, path string, headers map[string]string, body string) *answer {
	t.Helper()
	got, err := r.send(t.Context(), method, path, headers, []byte(body))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	return got
}

// prepare sends what belongs before a step.
func (s *scenario) prepare(t *testing.T, r *replayer, step int) {
	t.Helper()
	for _, p := range s.setup.Steps {
		if p.Before != step {
			continue
		}
		if p.Pause > 0 {
			<-time.After(time.Duration(p.Pause) * time.Second)
			continue
		}
		path := strings.Replace(p.Path, "~", s.namespace(), 1)
		headers := map[string]string{"User-Agent": "corpus/1", "Content-Type": "application/json"}
		if p.ContentType != "" {
			headers["Content-Type"] = p.ContentType
		}
		tree := s.await(t, r, p, path, headers)
		for placeholder, place := range p.Bind {
			value, _ := lookUp(tree, place).(string)
			if !s.names.match(placeholder, value) {
				t.Fatalf("setup of %s: %s cannot be %q, %s of %v", s.Scenario, placeholder, value, place, tree)
			}
		}
		s.remember(path, tree)
	}
}

// await sends a request until its answer is as wanted.
func (s *scenario) await(t *testing.T, r *replayer, p setupStep, path string, headers map[string]string) any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for ; ; pause(ctx) {
		got := s.must(t, r, p.Method, path, headers, string(p.Body))
		tree, err := parseTree(got.body)
		if err != nil {
			t.Fatal(err)
		}
		missing := ""
		for place, want := range p.Until {
			if is := lookUp(tree, place); fmt.Sprint(is) != fmt.Sprint(want) {
				missing = fmt.Sprintf("%s is %v, want %v", place, is, want)
			}
		}
		if missing == "" {
			return tree
		}
		if ctx.Err() != nil {
			t.Fatalf("setup of %s: %s", path, missing)
		}
	}
}

// pause lets the cluster go on.
func pause(ctx context.Context) {
	timer := time.NewTimer(5 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
