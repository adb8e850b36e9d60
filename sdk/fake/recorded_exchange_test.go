package fake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"k8s.io/client-go/rest"
)

// recordedRequest is a request as the recordings hold it.
type recordedRequest struct {
	Method, Path string
	Headers      map[string]string
	// Body is JSON. A string is the text itself, which may be no JSON.
	Body json.RawMessage

	// The recorded creates keep these beside the headers.
	ContentType, BodyFile string
}

// recordedAnswer is an answer as the recordings hold it, which has one of the last three, or no body.
type recordedAnswer struct {
	Status            int
	Headers           map[string]any // by lower-case name; a list for a header sent more than once
	CausesOrderVaries bool
	Body              json.RawMessage
	Text              *string
	Stream            []json.RawMessage
}

// text is the body to send.
func (r *recordedRequest) text() []byte {
	var s string
	if json.Unmarshal(r.Body, &s) == nil {
		return []byte(s)
	}
	return r.Body
}

// isOneObject says whether the path names an object, and not a list of them.
func (r *recordedRequest) isOneObject() bool {
	path, _, _ := strings.Cut(r.Path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")[2:]
	if strings.HasPrefix(path, "/apis/") {
		parts = parts[1:]
	}
	if len(parts) > 2 && parts[0] == "namespaces" {
		parts = parts[2:]
	}
	return len(parts) > 1
}

// answer is what the fake answered.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	duration time.Duration
}

// replayer sends requests to one cluster.
type replayer struct {
	host   string
	client *http.Client
}

func newReplayer(t *testing.T, c *fake.Cluster) *replayer {
	t.Helper()
	config := c.RESTConfig()
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return &replayer{config.Host, &http.Client{Transport: transport}}
}

func (r *replayer) send(ctx context.Context, method, path string, headers map[string]string, body []byte) (*answer, error) {
	host := r.host
	if !strings.Contains(host, "://") {
		host = "http://" + host
	}
	req, err := http.NewRequestWithContext(ctx, method, host+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	began := time.Now()
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return &answer{resp.StatusCode, resp.Header, text, time.Since(began)}, err
}

// headerDifferences compares the headers that say what the body means.
func (a *answer) headerDifferences(want *recordedAnswer) (all []string) {
	if a.status != want.Status {
		all = append(all, fmt.Sprintf("status: want %d, got %d", want.Status, a.status))
	}
	for _, name := range []string{"Content-Type", "Warning"} {
		var wanted []string
		switch v := want.Headers[strings.ToLower(name)].(type) {
		case string:
			wanted = []string{v}
		case []any:
			for _, s := range v {
				wanted = append(wanted, s.(string))
			}
		}
		if got := a.header.Values(name); strings.Join(wanted, "\n") != strings.Join(got, "\n") {
			all = append(all, fmt.Sprintf("%s:\n\twant %q\n\t got %q", name, wanted, got))
		}
	}
	return all
}

// trees are the documents in the body: one, or the events of a watch.
func (a *answer) trees() (trees []any, err error) {
	mediaType, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if mediaType != "application/json" {
		return nil, fmt.Errorf("the body is %s: %.300s", mediaType, a.body)
	}
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber()
	for {
		tree, err := readTree(d)
		if err == io.EOF {
			return trees, nil
		}
		if err != nil {
			return trees, fmt.Errorf("%w in %.300s", err, a.body)
		}
		trees = append(trees, tree)
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
