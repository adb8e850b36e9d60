package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// managed returns a client of a cluster that has only an API server, and whose fields are the named manager's.
func managed(t *testing.T, managers ...string) []*sdk.Client {
	t.Helper()
	config := fake.RunT(t, fake.Without(fake.Scheduler)).RESTConfig()
	var clients []*sdk.Client
	for _, name := range managers {
		c, err := sdk.New(config, sdk.FieldManager(name))
		ok(t, err)
		clients = append(clients, c)
	}
	return clients
}

// wanted is a pod as its author means it.
func wanted(labels map[string]string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app", Labels: labels},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Image: "a"}}}}
}

func TestApplyRules(t *testing.T) {
	clients := managed(t, "bakery", "mill")
	bakery, mill := clients[0], clients[1]
	first := wanted(map[string]string{"x": "1", "y": "1"})
	ok(t, bakery.Apply(t.Context(), first))
	equal(t, "policy", corev1.RestartPolicyAlways, first.Spec.RestartPolicy)

	again := wanted(map[string]string{"x": "1"})
	ok(t, bakery.Apply(t.Context(), again))
	equal(t, "labels when one is not said any more", map[string]string{"x": "1"}, again.Labels)

	theirs := wanted(map[string]string{"x": "2"})
	err := mill.Apply(t.Context(), theirs)
	says(t, err, "apply Pod default/app: ", `conflict with "bakery"`, ".metadata.labels.x")
	if !apierrors.IsConflict(err) {
		t.Errorf("error %v is not Conflict", err)
	}
	equal(t, "object after an error", wanted(map[string]string{"x": "2"}), theirs)

	ok(t, mill.Apply(t.Context(), theirs, sdk.Force()))
	equal(t, "labels when taken over", map[string]string{"x": "2"}, theirs.Labels)

	says(t, mill.Apply(t.Context(), theirs), "it is what the server answered", "make it anew")
}

// Of status and the rest, only one is applied at a time.
func TestApplyStatus(t *testing.T) {
	c := managed(t, "bakery")[0]
	p := wanted(map[string]string{"x": "1"})
	p.Status.Message = "hello"
	ok(t, c.Apply(t.Context(), p))
	equal(t, "message", "", p.Status.Message)

	p = wanted(map[string]string{"x": "2"})
	p.Status.Message = "hello"
	ok(t, c.Apply(t.Context(), p, sdk.Subresource("status")))
	equal(t, "message", "hello", p.Status.Message)
	equal(t, "labels", map[string]string{"x": "1"}, p.Labels)
}

func TestApplyRequest(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("PATCH "+appPath, object(pod("app", "8")))
		p := wanted(nil)
		ok(t, c.Apply(t.Context(), p, sdk.DryRun(), sdk.Force()))
		equal(t, "object", pod("app", "8"), p)
		got := s.asks()[0]
		equal(t, "request", "PATCH "+appPath+"?dryRun=All&fieldManager=bakery&force=true", got.Line)
		equal(t, "content type", "application/apply-patch+yaml", got.ContentType)
		equal(t, "body", said(t, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app"},"spec":{"containers":[{"name":"a","image":"a"}]}}`), said(t, got.Body))
	}, sdk.FieldManager("bakery"))
}

func TestApplyRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		says(t, c.Apply(t.Context(), wanted(nil)), "apply Pod default/app: ", "Give New the option FieldManager")
		says(t, c.Apply(t.Context(), nil), "object is nil")
		says(t, c.ApplyConfiguration(t.Context(), nil, nil), "it has no kind")
		says(t, c.ApplyConfiguration(t.Context(), &corev1ac.PodApplyConfiguration{}, nil), "it has no kind or no apiVersion")
		equal(t, "requests", []string(nil), s.lines())
	})
	c := managed(t, "bakery")[0]
	says(t, c.Apply(t.Context(), &corev1.Pod{}), "apply Pod default/: ", "no name")
}

// What a typed object cannot say, a configuration can.
func TestApplyConfiguration(t *testing.T) {
	c := managed(t, "bakery")[0].Namespace("default")
	config := corev1ac.Pod("app", "").WithSpec(corev1ac.PodSpec().WithContainers(corev1ac.Container().WithName("a").WithImage("a").
		WithEnv(corev1ac.EnvVar().WithName("EMPTY").WithValue(""))))
	var answer corev1.Pod
	ok(t, c.ApplyConfiguration(t.Context(), config, &answer))
	equal(t, "kind", podMeta, answer.TypeMeta)
	equal(t, "names", "default/app", answer.Namespace+"/"+answer.Name)
	ok(t, c.ApplyConfiguration(t.Context(), config, nil))
	says(t, c.ApplyConfiguration(t.Context(), broken{}, nil), "no JSON today")
}

type broken struct{}

func (broken) IsApplyConfiguration()        {}
func (broken) MarshalJSON() ([]byte, error) { return nil, errors.New("no JSON today") }

var _ runtime.ApplyConfiguration = broken{}

// A pod is applied twice; what the second time is not said any more goes.
func ExampleClient_Apply() {
	cluster, err := fake.Start() // or any cluster
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	client, err := sdk.New(cluster.RESTConfig(), sdk.FieldManager("bakery"))
	if err != nil {
		log.Fatal(err)
	}
	for _, labels := range []map[string]string{{"app": "web", "tier": "front"}, {"app": "web"}} {
		pod := &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: labels},
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "nginx:1.27"}}},
		}
		if err := client.Apply(context.Background(), pod); err != nil {
			log.Fatal(err)
		}
		fmt.Println(pod.Labels)
	}
	// Output:
	// map[app:web tier:front]
	// map[app:web]
}
