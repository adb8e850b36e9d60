package apiserver

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"google.golang.org/protobuf/proto"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newServer() *Server {
	return New(Config{API: api.New(registry.NewTable(registry.Served...), 1), Seed: 1, Token: "secret"})
}

// ask sends a GET with headers, given in pairs.
func ask(h http.Handler, path string, headers ...string) *http.Response {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for pair := range slices.Chunk(headers, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

func bodyOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestHealth(t *testing.T) {
	s := newServer()
	for _, c := range []struct {
		path string
		code int
		want string
	}{
		{"/healthz", 200, "ok"},
		{"/livez?verbose", 200, "[+]ping ok\n[+]log ok\n[+]etcd ok\nlivez check passed\n"},
		{"/healthz?verbose&exclude=etcd&exclude=x&exclude=y", 200,
			"[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: no matches for \"x\",\"y\"\nhealthz check passed\n"},
		{"/readyz/ping", 200, "ok"},
		{"/livez/shutdown", 404, "404 page not found\n"},
		{"/healthz/nope", 404, "404 page not found\n"},
	} {
		resp := ask(s, c.path)
		if diff := cmp.Diff(c.want, bodyOf(t, resp)); resp.StatusCode != c.code || diff != "" {
			t.Errorf("%s: %d, want %d (-want +got):\n%s", c.path, resp.StatusCode, c.code, diff)
		}
	}
}

func TestTheRootListsPathsThatAnswer(t *testing.T) {
	s := newServer()
	var root metav1.RootPaths
	if err := json.NewDecoder(ask(s, "/").Body).Decode(&root); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(root.Paths) || len(root.Paths) < 30 {
		t.Errorf("paths %q", root.Paths)
	}
	for _, path := range root.Paths {
		if path == "/openapi/v3/" {
			continue // as a real server's, it begins the others
		}
		if resp := ask(s, path); resp.StatusCode != http.StatusOK {
			t.Errorf("%s is listed and answers %s", path, resp.Status)
		}
	}
}

func TestWhatIsMissingSaysSo(t *testing.T) {
	resp := ask(newServer(), "/metrics")
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusNotImplemented || !strings.Contains(body, "the fake has no metrics") {
		t.Errorf("%s %s", resp.Status, body)
	}
}

func TestWhoMayCome(t *testing.T) {
	s := newServer()
	for _, c := range []struct {
		rule    string
		handler http.Handler
		path    string
		headers []string
		code    int
	}{
		{"in memory, without a token", s, "/api", nil, 200},
		{"in memory, with the token", s, "/api", []string{"Authorization", "Bearer secret"}, 200},
		{"in memory, with another", s, "/api", []string{"Authorization", "Bearer other"}, 401},
		{"in memory, with what is no token", s, "/api", []string{"Authorization", "Basic Ym9i"}, 200},
		{"without a token", s.Guarded(), "/api", nil, 401},
		{"with the token", s.Guarded(), "/api", []string{"Authorization", "bearer  secret"}, 200},
		{"with another", s.Guarded(), "/healthz", []string{"Authorization", "Bearer other"}, 401},
		{"health", s.Guarded(), "/readyz", nil, 200},
		{"the version", s.Guarded(), "/version/", nil, 200},
		{"a part of health", s.Guarded(), "/readyz/ping", nil, 401},
		{"somebody else", s, "/api", []string{"Impersonate-User", "bob"}, 200},
		{"a group of nobody's", s, "/api", []string{"Impersonate-Group", "bob"}, 400},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if resp := ask(c.handler, c.path, c.headers...); resp.StatusCode != c.code {
				t.Errorf("%s, want %d", resp.Status, c.code)
			}
		})
	}
}

func TestSwaggerForms(t *testing.T) {
	s := newServer()
	plain := ask(s, "/openapi/v2")
	tag := plain.Header.Get("ETag")
	if got := plain.Header.Get("Content-Type"); got != "application/json" || tag == "" {
		t.Errorf("%s, tag %s", got, tag)
	}
	for _, accept := range []string{
		"application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf, application/json",
	} {
		resp := ask(s, "/openapi/v2", "Accept", accept)
		doc := &openapi_v2.Document{}
		if err := proto.Unmarshal([]byte(bodyOf(t, resp)), doc); err != nil || doc.Swagger != "2.0" {
			t.Errorf("%s: %v", accept, err)
		}
		if got := resp.Header.Get("Content-Type"); got != "application/com.github.proto-openapi.spec.v2.v1.0+protobuf" {
			t.Errorf("%s: media type %s", accept, got)
		}
	}
	zipped := ask(s, "/openapi/v2", "Accept-Encoding", "deflate, gzip;q=0.5")
	r, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil || zipped.Header.Get("Content-Encoding") != "gzip" || string(body) != bodyOf(t, plain) {
		t.Errorf("compressed, it is another document (%v)", err)
	}
	for rule, c := range map[string]struct {
		header, value string
		code          int
	}{
		"who has it already": {"If-None-Match", tag, http.StatusNotModified},
		"who has another":    {"If-None-Match", `"x"`, http.StatusOK},
		"who wants no form":  {"Accept", "text/html", http.StatusNotAcceptable},
	} {
		if resp := ask(s, "/openapi/v2", c.header, c.value, "Accept-Encoding", "gzip"); resp.StatusCode != c.code {
			t.Errorf("%s: %s, want %d", rule, resp.Status, c.code)
		}
	}
}

func TestDocumentsByHash(t *testing.T) {
	s := newServer()
	var index struct {
		Paths map[string]struct{ ServerRelativeURL string }
	}
	if err := json.NewDecoder(ask(s, "/openapi/v3").Body).Decode(&index); err != nil {
		t.Fatal(err)
	}
	url := index.Paths["api/v1"].ServerRelativeURL
	current := ask(s, url)
	if got := current.Header.Get("Cache-Control"); current.StatusCode != http.StatusOK || got != "public, immutable" || current.Header.Get("Expires") == "" {
		t.Errorf("%s: %s, %s", url, current.Status, got)
	}
	old := ask(s, "/openapi/v3/api/v1?hash=OLD")
	if old.StatusCode != http.StatusMovedPermanently || old.Header.Get("Location") != url {
		t.Errorf("an old hash: %s to %s, want %s", old.Status, old.Header.Get("Location"), url)
	}
	if resp := ask(s, url, "If-None-Match", current.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("who has it already: %s", resp.Status)
	}
}

func TestTheIssuerOfTokens(t *testing.T) {
	s := newServer()
	var issuer map[string]any
	if err := json.NewDecoder(ask(s, "/.well-known/openid-configuration").Body).Decode(&issuer); err != nil {
		t.Fatal(err)
	}
	if got := issuer["issuer"]; got != "https://kubernetes.default.svc.cluster.local" {
		t.Errorf("issuer %v", got)
	}
	keys := ask(s, "/openid/v1/jwks")
	if body := bodyOf(t, keys); keys.Header.Get("Content-Type") != "application/jwk-set+json" || !strings.Contains(body, `"alg":"ES256"`) {
		t.Errorf("keys %s %s", keys.Header.Get("Content-Type"), body)
	}
}
