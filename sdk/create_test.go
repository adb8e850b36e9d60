package sdk_test

import (
	"encoding/json"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
)

func TestCreate(t *testing.T) {
	tests := []struct {
		name string
		obj  sdk.Object
		opts []sdk.CreateOption
		want string
	}{
		{"goes to the client's namespace", pod("app", ""), nil, "POST /api/v1/namespaces/default/pods"},
		{"goes to the object's namespace", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app", Namespace: "web"}}, nil, "POST /api/v1/namespaces/web/pods"},
		{"of a cluster-wide kind has no namespace", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "web"}}, nil, "POST /api/v1/namespaces"},
		{"passes options on", pod("app", ""), []sdk.CreateOption{sdk.DryRun(), sdk.Strict()}, "POST /api/v1/namespaces/default/pods?dryRun=All&fieldValidation=Strict"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				c.Create(t.Context(), tt.obj, tt.opts...)
				equal(t, "requests", []string{tt.want}, s.lines())
			})
		})
	}
}

// The object's TypeMeta is made right on the wire, and the answer replaces all it held.
func TestCreateFillsTheObject(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("POST /api/v1/namespaces/default/pods", object(pod("app", "7", phase(corev1.PodPending))))
		obj := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app", Labels: map[string]string{"dropped": "by the server"}}}
		ok(t, c.Create(t.Context(), obj))
		equal(t, "object", pod("app", "7", phase(corev1.PodPending)), obj)

		sent := s.asks()[0]
		equal(t, "content type", "application/vnd.kubernetes.protobuf", sent.ContentType)
		equal(t, "accept", "application/vnd.kubernetes.protobuf,application/json", sent.Header.Get("Accept"))
		var body corev1.Pod
		ok(t, json.Unmarshal([]byte(sent.Body), &body))
		equal(t, "body", podMeta, body.TypeMeta)
	})
}

func TestCreateFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("POST /api/v1/namespaces/default/pods", status(apierrors.NewAlreadyExists(schemaResource("pods"), "app")))
		obj := pod("app", "", labelled(map[string]string{"a": "b"}))
		err := c.Create(t.Context(), obj)
		if !apierrors.IsAlreadyExists(err) {
			t.Errorf("error %v is not AlreadyExists", err)
		}
		says(t, err, `create Pod default/app: pods "app" already exists`)
		equal(t, "object", pod("app", "", labelled(map[string]string{"a": "b"})), obj)

		unnamed := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{GenerateName: "app-"}}
		says(t, c.Create(t.Context(), unnamed), "create Pod default/app-*: ")
	})
}

func TestCreateRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		says(t, c.Create(t.Context(), nil), "create", "nil")
		says(t, c.Create(t.Context(), (*corev1.Pod)(nil)), "create *v1.Pod", "nil")
		says(t, c.Create(t.Context(), &unregistered{}), "create *sdk_test.unregistered", "WithScheme")
		equal(t, "requests", []string(nil), s.lines())
	})
}

// unregistered is a kind that no scheme knows.
type unregistered struct{ corev1.Pod }
