package fake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

const fuzzedPod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"l":"v"}},"spec":{"containers":[{"name":"c","image":"i"}]}}`

// aliases is a short document that would be very long if its aliases were written out.
var aliases = func() string {
	text := "a0: &a0 x\n"
	for i := range 12 {
		text += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	return text
}()

// bodyTargets are the requests that carry objects or options. None of them changes anything.
var bodyTargets = []struct{ method, path string }{
	{"POST", "/api/v1/namespaces/default/pods?dryRun=All"},
	{"POST", "/api/v1/namespaces/default/pods?dryRun=All&fieldValidation=Strict"},
	{"POST", "/api/v1/namespaces/default/replicationcontrollers?dryRun=All"},
	{"POST", "/api/v1/namespaces/default/configmaps?dryRun=All"},
	{"POST", "/api/v1/namespaces?dryRun=All"},
	{"POST", "/api/v1/namespaces/default/pods/web/eviction?dryRun=All"},
	{"POST", "/api/v1/namespaces/default/pods/web/binding?dryRun=All"},
	{"PUT", "/api/v1/namespaces/default/pods/web?dryRun=All"},
	{"PUT", "/api/v1/namespaces/default/pods/web/status?dryRun=All"},
	{"PUT", "/api/v1/namespaces/default/replicationcontrollers/crane/scale?dryRun=All"},
	{"DELETE", "/api/v1/namespaces/default/pods/web?dryRun=All"},
}

// FuzzBody sends bodies of any content type. A body that is refused is refused with a Status.
func FuzzBody(f *testing.F) {
	pod := podOf("a", "", "i")
	proto, err := runtime.Encode(protobuf.NewSerializer(scheme.Scheme, scheme.Scheme), pod)
	if err != nil {
		f.Fatal(err)
	}
	web := strings.Replace(fuzzedPod, `"a"`, `"web"`, 1)
	for i := range bodyTargets {
		for _, seed := range []struct{ contentType, body string }{
			{"", fuzzedPod},
			{"application/json", web},
			{"application/json", `{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"],"preconditions":{"uid":"x"}}`},
			{"application/json", `{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"crane"},"spec":{"replicas":-1}}`},
			{"application/json", `{"kind":"Binding","apiVersion":"v1","metadata":{"name":"web"},"target":{"kind":"Node","name":"minikube"}}`},
			{"application/yaml", "a: &a [x]\nb: [*a, *a]\nkind: Pod\n---\nkind: Pod"},
			{"application/yaml", aliases},
			{"application/yaml; charset=utf-8", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: c, image: i, ports: [{containerPort: 1e3}]}"},
			{runtime.ContentTypeProtobuf, string(proto)},
			{runtime.ContentTypeProtobuf, "k8s\x00\x0a\xff\xff\xff\xff\x0f"},
			{"text/plain;;", strings.Repeat("[", 12000)},
			{"application/json", "\xff\x00{\"metadata\":{\"name\":\"\\ud800\"}}"},
		} {
			f.Add(uint8(i), seed.contentType, []byte(seed.body))
		}
	}
	r := fuzzedCluster(f)
	f.Fuzz(func(t *testing.T, target uint8, contentType string, body []byte) {
		to := bodyTargets[int(target)%len(bodyTargets)]
		r.try(t, to.method, to.path, map[string]string{"Content-Type": printable(contentType)}, body)
	})
}

// patchTypes are the four, and one that is none.
var patchTypes = []types.PatchType{
	types.JSONPatchType, types.MergePatchType, types.StrategicMergePatchType, types.ApplyYAMLPatchType, "application/json",
}

var patchTargets = []string{
	"/api/v1/namespaces/default/pods/web?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/pods/web/status?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/pods/web/ephemeralcontainers?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/pods/web/resize?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/pods/web?dryRun=All&fieldManager=fuzz&fieldValidation=Strict",
	"/api/v1/namespaces/default/replicationcontrollers/crane?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/replicationcontrollers/crane/scale?dryRun=All&fieldManager=fuzz",
	"/api/v1/namespaces/default/pods/new?dryRun=All&fieldManager=fuzz",
}

// FuzzPatch patches a pod and a controller in all four ways.
func FuzzPatch(f *testing.F) {
	for i := range patchTargets {
		for _, seed := range []string{
			`[{"op":"replace","path":"/metadata/labels","value":{"a":"b"}},{"op":"test","path":"/spec/containers/0/name","value":"a"}]`,
			`[{"op":"copy","from":"/metadata","path":"/metadata/x"},{"op":"move","from":"/spec","path":"/spec/spec"},{"op":"remove","path":""}]`,
			`[{"op":"add","path":"/spec/containers/-"},{"op":"add","path":"/spec/containers/-1","value":null},{"op":"nope"},null]`,
			`{"metadata":{"labels":{"a":"b"},"ownerReferences":null},"spec":{"containers":null}}`,
			`{"spec":{"containers":[{"name":"a","image":"j"},{"$patch":"delete","name":"b"}],"$setElementOrder/containers":[{"name":"b"}]}}`,
			`{"spec":{"$retainKeys":["containers"],"$deleteFromPrimitiveList/x":[1],"tolerations":[{"$patch":"replace"}],"volumes":[[]]}}`,
			`{"spec":{"replicas":1.5,"template":{"spec":{"containers":{"a":1}}}},"kind":"Node"}`,
			"apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {a: b}}\nspec: {containers: [{name: a, image: j}, {name: a}]}",
			aliases,
			"apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: crane, managedFields: [{}]}\nspec: {replicas: 3}",
			`[{"op":"test","path":""}]`, `null`, `[]`, ``, `{"metadata":{"resourceVersion":"1","uid":"x","managedFields":[{"fieldsV1":[]}]}}`,
		} {
			for kind := range patchTypes {
				f.Add(uint8(i), uint8(kind), []byte(seed))
			}
		}
	}
	r := fuzzedCluster(f)
	f.Fuzz(func(t *testing.T, target, kind uint8, body []byte) {
		contentType := string(patchTypes[int(kind)%len(patchTypes)])
		r.try(t, "PATCH", patchTargets[int(target)%len(patchTargets)], map[string]string{"Content-Type": contentType}, body)
	})
}

// queryTargets are the requests that a query steers.
var queryTargets = []struct{ method, path string }{
	{"GET", "/api/v1/namespaces/default/pods"},
	{"GET", "/api/v1/pods"},
	{"GET", "/api/v1/watch/namespaces/default/pods"},
	{"GET", "/api/v1/namespaces/default/pods/web"},
	{"GET", "/api/v1/namespaces/default/pods/web/log"},
	{"DELETE", "/api/v1/namespaces/default/pods/web"},
	{"DELETE", "/api/v1/namespaces/default/pods"},
	{"DELETE", "/api/v1/namespaces/default/configmaps"},
}

// FuzzQuery steers lists, watches, logs and deletes by any query, each of them in a cluster and in a time of its own: what is
// still under way when everything has come to rest is a watch or a log, or it hangs.
func FuzzQuery(f *testing.F) {
	for i := range queryTargets {
		for _, seed := range []string{
			"", "limit=1", "limit=-1&continue=x", "limit=1&resourceVersion=0&resourceVersionMatch=Exact", "pretty=1&limit=9223372036854775807",
			"labelSelector=a+in+(b,c),!d&fieldSelector=metadata.name!%3Dweb", "labelSelector=,,((&fieldSelector=%3D%3D%3D",
			"watch=1&timeoutSeconds=0", "watch=true&timeoutSeconds=1&allowWatchBookmarks=1", "watch&resourceVersion=1", "watch=1&resourceVersion=99999",
			"watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=9223372036854775807",
			"continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiLi4vIn0", "timeoutSeconds=-9223372036854775808",
			"follow=1&tailLines=0", "tailLines=1&limitBytes=1&timestamps=1", "previous=1&sinceSeconds=9223372036854775807",
			"sinceTime=0001-01-01T00:00:00Z&sinceSeconds=1", "container=nope&stream=Stdout", "sinceTime=x&follow=maybe",
			"gracePeriodSeconds=0", "gracePeriodSeconds=-9223372036854775808", "propagationPolicy=Orphan&orphanDependents=true",
			"dryRun=All&dryRun=None", "propagationPolicy=Foreground&dryRun=All", "%zz&;=%00", "includeObject=None&limit=1",
		} {
			f.Add(uint8(i), seed)
		}
	}
	f.Fuzz(func(t *testing.T, target uint8, query string) {
		to := queryTargets[int(target)%len(queryTargets)]
		fake.Bubble(t, func(t *testing.T) {
			r := fuzzedCluster(t)
			<-time.After(time.Minute) // until the pod has run
			r.try(t, to.method, to.path+"?"+escaped(query), nil, nil)
		})
	})
}

// fuzzedCluster is a cluster with a pod that has ended, and a controller.
func fuzzedCluster(tb testing.TB) *replayer {
	tb.Helper()
	c := fake.RunT(tb)
	c.HandleFunc("i", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "one\ntwo\nthree")
		return nil
	})
	none := craneController()
	none.Spec.Replicas = new(int32(0))
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "config"}}
	for _, obj := range []sdk.Object{podOf("web", corev1.RestartPolicyNever, "i"), none, config} {
		if err := c.Client().Create(tb.Context(), obj); err != nil {
			tb.Fatal(err)
		}
	}
	transport, err := rest.TransportFor(c.RESTConfig())
	if err != nil {
		tb.Fatal(err)
	}
	return &replayer{c.RESTConfig().Host, &http.Client{Transport: transport}}
}

// answerWithin is how long an answer may take. A stream may take longer.
const answerWithin = 10 * time.Second

// panicText is the answer to a patch that makes a real server panic, which happens in the package that both use for JSON patches.
const panicText = "This request caused apiserver to panic. Look in the logs for details.\n"

// try sends a request and wants an answer, in time and of the right shape. A handler that panics cuts its client off.
func (r *replayer) try(t *testing.T, method, path string, headers map[string]string, body []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerWithin)
	defer cancel()
	got, err := r.send(ctx, method, path, headers, body)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && got != nil && isStream(path):
	case err != nil:
		t.Errorf("%s %s: %v", method, path, err)
	case got.status < http.StatusBadRequest:
	case got.status == http.StatusInternalServerError && string(got.body) == panicText:
	default:
		if err := checkRefusal(got); err != nil {
			t.Errorf("%s %s: %v in %d %s", method, path, err, got.status, got.body)
		}
	}
}

// isStream says whether the answer to a request may go on for as long as its client listens.
func isStream(path string) bool {
	return strings.Contains(path, "watch") || strings.Contains(path, "follow")
}

// checkRefusal wants an answer to be a Status whose code is that of the answer.
func checkRefusal(got *answer) error {
	mediaType, _, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || mediaType != runtime.ContentTypeJSON {
		return fmt.Errorf("content type %q, %w", mediaType, err)
	}
	var s metav1.Status
	if err := json.Unmarshal(got.body, &s); err != nil {
		return err
	}
	if s.Kind != "Status" || s.APIVersion != "v1" || s.Status != metav1.StatusFailure || int(s.Code) != got.status {
		return errors.New("want a Status of a failure, with the code of the answer")
	}
	return nil
}

// printable is what a header can hold of a text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// escaped is a query as a client can send it: what would end the request line, or the query, is escaped.
func escaped(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' || c > '~' || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// endless counts what is read of a body that never ends. At its limit it waits for the answer, which must come without more.
type endless struct {
	read     atomic.Int64
	limit    int64
	answered <-chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	if left := e.limit - e.read.Load(); left < int64(len(p)) {
		p = p[:left]
	}
	if len(p) == 0 {
		<-e.answered
		return 0, io.EOF
	}
	for i := range p {
		p[i] = ' '
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// A server stops reading a body at 3 MiB, whatever the body is for.
func TestBodyLimit(t *testing.T) {
	const limit, underWay = 3 << 20, 16 << 20 // what the client sends before it hears of the answer
	r := fuzzedCluster(t)
	type request struct{ method, path, contentType string }
	var requests []request
	for _, to := range bodyTargets {
		requests = append(requests, request{to.method, to.path, "application/json"})
	}
	for _, kind := range patchTypes[:4] {
		requests = append(requests, request{"PATCH", patchTargets[0], string(kind)})
	}
	host := strings.TrimPrefix(r.host, "http://")
	for _, row := range requests {
		t.Run(row.method+" "+row.path+" "+row.contentType, func(t *testing.T) {
			ctx, answered := context.WithTimeout(t.Context(), time.Minute)
			defer answered()
			sent := endless{limit: limit + underWay, answered: ctx.Done()}
			req, err := http.NewRequestWithContext(ctx, row.method, "http://"+host+row.path, io.NopCloser(&sent))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", row.contentType)
			resp, err := r.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusRequestEntityTooLarge || sent.read.Load() > limit+underWay {
				t.Errorf("%s after %d bytes, want 413 after %d", resp.Status, sent.read.Load(), limit)
			}
		})
	}
}

// A JSON patch that doubles an object again and again stays small: what it copies is limited too.
func TestCopyLimit(t *testing.T) {
	r := fuzzedCluster(t)
	var operations bytes.Buffer
	operations.WriteString(`[{"op":"add","path":"/metadata/annotations","value":{"a":"` + strings.Repeat("x", 1000) + `"}}`)
	for i := range 20 {
		fmt.Fprintf(&operations, `,{"op":"copy","from":"/metadata/annotations","path":"/metadata/annotations/%d"}`, i)
	}
	operations.WriteString(`]`)
	headers := map[string]string{"Content-Type": string(types.JSONPatchType)}
	got, err := r.send(t.Context(), "PATCH", patchTargets[0], headers, operations.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got.status != http.StatusUnprocessableEntity {
		t.Errorf("%d %.300s, want 422", got.status, got.body)
	}
}

// A strategic merge patch may name any kind, and its manager owns what it changes all the same.
func TestStrategicPatchNamesAnotherKind(t *testing.T) {
	r := fuzzedCluster(t)
	headers := map[string]string{"Content-Type": string(types.StrategicMergePatchType)}
	got, err := r.send(t.Context(), "PATCH", patchTargets[0], headers, []byte(`{"kind":"Node","metadata":{"labels":{"n":"1"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var pod corev1.Pod
	if err := json.Unmarshal(got.body, &pod); err != nil {
		t.Fatal(err)
	}
	owns := slices.ContainsFunc(pod.ManagedFields, func(e metav1.ManagedFieldsEntry) bool { return e.Manager == "fuzz" })
	if got.status != http.StatusOK || pod.Kind != "Pod" || pod.Labels["n"] != "1" || !owns {
		t.Errorf("%d %s", got.status, got.body)
	}
}
