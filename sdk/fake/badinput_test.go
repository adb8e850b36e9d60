package fake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Bad input gets the status code of a real server, and a message that names what is wrong.
func TestBadInput(t *testing.T) {
	const pods = "/api/v1/namespaces/default/pods"
	pod := func(more string) string {
		return `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"` + more + `},"spec":{"containers":[{"name":"c","image":"i"}]}}`
	}
	for _, tc := range []struct {
		name, verb, path, body string
		code                   int32
		says                   string
	}{
		{"malformed JSON", "POST", pods, `{"kind":`, 400, "unexpected end of JSON input"},
		{"unknown kind", "POST", pods, `{"apiVersion":"v1","kind":"Podd"}`, 400, `no kind "Podd" is registered for version "v1"`},
		{"another kind", "POST", pods, `{"apiVersion":"v1","kind":"Service"}`, 400, "Service in version \"v1\" cannot be handled as a Pod"},
		{"unknown namespace", "POST", "/api/v1/namespaces/nope/pods", pod(""), 404, `namespaces "nope" not found`},
		{"another namespace than the URL's", "POST", pods, pod(`,"namespace":"x"`), 400, "does not match the namespace"},
		{"resourceVersion on create", "POST", pods, pod(`,"resourceVersion":"5"`), 500, "resourceVersion should not be set on objects to be created"},
		{"old resourceVersion", "PUT", pods + "/web", `{"metadata":{"name":"web","resourceVersion":"1"},"spec":{"containers":[{"name":"c","image":"i"}]}}`, 409, "the object has been modified"},
		{"resourceVersion that is no number", "PUT", pods + "/web", `{"metadata":{"name":"web","resourceVersion":"x"},"spec":{"containers":[{"name":"c","image":"i"}]}}`, 500, `parsing "x"`},
		{"missing image", "POST", pods, `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c"}]}}`, 422, "spec.containers[0].image: Required value"},
		{"no containers", "POST", pods, `{"metadata":{"name":"a"},"spec":{}}`, 422, "spec.containers: Required value"},
		{"unknown field, strict", "POST", pods + "?fieldValidation=Strict", `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","imagee":"x"}]}}`, 400, `unknown field "spec.containers[0].imagee"`},
		{"wrong type", "POST", pods, `{"metadata":{"name":1}}`, 400, "cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"},
		{"name taken", "POST", pods, strings.Replace(pod(""), `"a"`, `"web"`, 1), 409, `pods "web" already exists`},
		{"name of another object in the URL", "PUT", pods + "/web", pod(""), 400, "the name of the object (a) does not match the name on the URL (web)"},
		{"unknown pod", "GET", pods + "/nope", "", 404, `pods "nope" not found`},
		{"unknown container", "GET", pods + "/web/log?container=nope", "", 400, "container nope is not valid for pod web"},
		{"several containers and none named", "GET", pods + "/two/log", "", 400, "a container name must be specified for pod two, choose one of: [a b]"},
		{"bad log option", "GET", pods + "/web/log?tailLines=-1", "", 422, "tailLines: Invalid value: -1"},
		{"unknown resource", "GET", "/api/v1/namespaces/default/pods2", "", 404, "the server could not find the requested resource"},
		{"unknown subresource", "GET", pods + "/web/nope", "", 404, "the server could not find the requested resource"},
		{"wrong method", "PUT", pods + "/web/binding", "{}", 405, "does not allow this method"},
		{"bad label selector", "GET", pods + "?labelSelector=a+b", "", 400, "unable to parse requirement"},
		{"bad field selector", "GET", pods + "?fieldSelector=spec.nope%3D1", "", 400, "field label not supported: spec.nope"},
		{"a field of another kind", "GET", "/api/v1/nodes?fieldSelector=status.phase%3DReady", "", 400, "field label not supported: status.phase"},
		{"the namespace of what has none", "GET", "/api/v1/nodes?fieldSelector=metadata.namespace%3Dx", "", 400, "field label not supported: metadata.namespace"},
		{"a field of what has none", "GET", "/api/v1/configmaps?fieldSelector=data%3Dx", "", 400, `"data" is not a known field selector: only "metadata.name", "metadata.namespace"`},
		{"bad continue", "GET", pods + "?limit=1&continue=x", "", 400, "continue key is not valid"},
		{"version from the future", "GET", pods + "?resourceVersion=999999&resourceVersionMatch=Exact", "", 504, "Too large resource version"},
		{"bad limit", "GET", pods + "?limit=x", "", 400, "parsing"},
		{"port-forward without upgrade", "GET", pods + "/web/portforward", "", 400, "Upgrade request required"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := fake.RunT(t, fake.UnknownImages(fake.Pause))
			web := podOf("web", "", "i")
			web.Spec.NodeName = "minikube" // whether the scheduler has come to it or not
			if err := c.Client().Create(t.Context(), web); err != nil {
				t.Fatal(err)
			}
			if err := c.Client().Create(t.Context(), podOf("two", "", "i", "i")); err != nil {
				t.Fatal(err)
			}
			client := kubernetes.NewForConfigOrDie(c.RESTConfig()).CoreV1().RESTClient()
			req := client.Verb(tc.verb).RequestURI(tc.path)
			if tc.body != "" {
				req = req.SetHeader("Content-Type", "application/json").Body([]byte(tc.body))
			}
			checkStatus(t, req, tc.code, tc.says)
		})
	}
}

// checkStatus sends a request that must be refused.
func checkStatus(t *testing.T, req *rest.Request, code int32, says string) {
	t.Helper()
	err := req.MaxRetries(0).Do(t.Context()).Error()
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatalf("error = %v, want a Status", err)
	}
	if got := status.Status(); got.Code != code || !strings.Contains(got.Message, says) {
		t.Errorf("%d %q, want %d %q", got.Code, got.Message, code, says)
	}
}
