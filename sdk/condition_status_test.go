package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
)

func TestStatusCondition(t *testing.T) {
	deployment := func(observed int64, status corev1.ConditionStatus) *appsv1.Deployment {
		d := &appsv1.Deployment{}
		d.Generation, d.Status.ObservedGeneration = 2, observed
		d.Status.Conditions = []appsv1.DeploymentCondition{{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue}, {Type: appsv1.DeploymentAvailable, Status: status}}
		return d
	}
	own := func(observed int64) *corev1.Service { // of a kind whose conditions say themselves which spec they are of
		s := &corev1.Service{}
		s.Generation = 2
		s.Status.Conditions = []metav1.Condition{{Type: "Ready", Status: metav1.ConditionTrue, ObservedGeneration: observed}}
		return s
	}
	ended := pod("app", "1", phase(corev1.PodFailed))
	tests := []struct {
		name   string
		obj    sdk.Object
		t      string
		status metav1.ConditionStatus
		want   bool
		ended  bool
	}{
		{"is true", deployment(2, corev1.ConditionTrue), "Available", metav1.ConditionTrue, true, false},
		{"in any case", deployment(2, corev1.ConditionTrue), "available", "true", true, false},
		{"is false", deployment(2, corev1.ConditionFalse), "Available", metav1.ConditionTrue, false, false},
		{"is to be false", deployment(2, corev1.ConditionFalse), "Available", metav1.ConditionFalse, true, false},
		{"is of an older spec", deployment(1, corev1.ConditionTrue), "Available", metav1.ConditionTrue, false, false},
		{"is not there", deployment(2, corev1.ConditionTrue), "Ready", metav1.ConditionTrue, false, false},
		{"says itself that it is of this spec", own(2), "Ready", metav1.ConditionTrue, true, false},
		{"says itself that it is of an older spec", own(1), "Ready", metav1.ConditionTrue, false, false},
		{"of a pod that has ended", ended, "Ready", metav1.ConditionTrue, false, true},
		{"of a kind without conditions", &corev1.ConfigMap{}, "Ready", metav1.ConditionTrue, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				s.on("GET /apis/apps/v1", object(&metav1.APIResourceList{APIResources: []metav1.APIResource{{Name: "deployments", Kind: "Deployment", Namespaced: true}}}))
				for _, path := range []string{"apis/apps/v1/namespaces/default/deployments", "api/v1/namespaces/default/services", "api/v1/namespaces/default/pods", "api/v1/namespaces/default/configmaps"} {
					s.on("GET /"+path, status(noInitialEvents), listOf(t, tt.obj), parts("hang"))
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, tt.obj, sdk.StatusCondition(tt.t, tt.status))
				equal(t, "met", tt.want, err == nil)
				equal(t, "ended", tt.ended, errors.Is(err, sdk.ErrEnded))
			})
		})
	}
}

// listOf answers with a list of one object of any kind.
func listOf(t *testing.T, obj sdk.Object) http.HandlerFunc {
	t.Helper()
	obj.SetName("app")
	data, err := json.Marshal(map[string]any{"metadata": map[string]string{"resourceVersion": "7"}, "items": []any{obj}})
	ok(t, err)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(data)
	}
}

func TestNamesOfConditions(t *testing.T) {
	equal(t, "names", []string{"condition Available", "condition Ready=False", "port 80", `a log line with "up"`, "a log line", "available", "ready"}, []string{
		sdk.StatusCondition("Available", metav1.ConditionTrue).String(), sdk.StatusCondition("Ready", metav1.ConditionFalse).String(), sdk.Answers("80").String(),
		sdk.LoggedText("up").String(), sdk.Logged(nil).String(), sdk.Available().String(), sdk.Ready().String()})
}
