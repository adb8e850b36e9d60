package sdk_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
)

func TestKindsOutsideTheTableAreDiscoveredOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET /apis/apps/v1", object(&metav1.APIResourceList{
			GroupVersion: "apps/v1",
			APIResources: []metav1.APIResource{
				{Name: "deployments", Kind: "Deployment", Namespaced: true},
				{Name: "deployments/status", Kind: "Deployment", Namespaced: true},
				{Name: "deployments/scale", Kind: "Scale", Group: "autoscaling", Version: "v1", Namespaced: true},
			},
		}))
		s.on("GET /apis/apps/v1/namespaces/default/deployments/app", object(&appsv1.Deployment{}))
		s.on("GET /apis/apps/v1/namespaces/web/deployments/app", object(&appsv1.Deployment{}))
		d := &appsv1.Deployment{}
		ok(t, c.Get(t.Context(), "app", d))
		ok(t, c.Namespace("web").Get(t.Context(), "app", d))
		equal(t, "requests", []string{
			"GET /apis/apps/v1",
			"GET /apis/apps/v1/namespaces/default/deployments/app",
			"GET /apis/apps/v1/namespaces/web/deployments/app",
		}, s.lines())
		equal(t, "kind", metav1.TypeMeta{Kind: "Deployment", APIVersion: "apps/v1"}, d.TypeMeta)
	})
}

// What the server lacks is asked for again: it may be installed later.
func TestKindTheServerLacks(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		for range 2 {
			err := c.Get(t.Context(), "app", &appsv1.ReplicaSet{})
			if !meta.IsNoMatchError(err) {
				t.Errorf("error %v is not a NoMatch", err)
			}
			says(t, err, "get ReplicaSet: ", "does not have this kind")
		}
		equal(t, "requests", []string{"GET /apis/apps/v1", "GET /apis/apps/v1"}, s.lines())
	})
}
