package sdktest

import (
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

// What a test of the suite leaves behind is found, whoever else uses package sdk at the time.
func TestLeftGoroutines(t *testing.T) {
	client := fake.RunT(t).Client()
	open := func() *sdk.View[*corev1.Node] {
		view, err := sdk.SelectOf[*corev1.Node](t.Context(), client)
		if err != nil {
			t.Fatal(err)
		}
		return view
	}
	somebodyElses := open()
	defer somebodyElses.Close()
	g := watchGoroutines(t)
	view := open()
	if left := g.left(); len(left) == 0 {
		t.Error("a view that is open is not found")
	}
	view.Close()
	g.check(time.Minute)
}
