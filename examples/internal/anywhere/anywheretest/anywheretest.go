// Package anywheretest holds an example that runs anywhere to what it printed before.
package anywheretest

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/examples/internal/anywhere"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
)

// namedCluster is the environment variable that names the kubeconfig of a cluster to run the example on.
const namedCluster = "PODWRIGHT_KUBECONFIG"

// patience is how long an example may take, on a cluster that has yet to pull its images.
const patience = 5 * time.Minute

// Output fails the test unless the example prints testdata/output.txt: on a fake cluster in memory and in virtual time, three times in a
// row, and on the cluster that a kubeconfig leads to, which is a served fake one unless PODWRIGHT_KUBECONFIG names another.
func Output(t *testing.T, name string, tour anywhere.Tour) {
	t.Helper()
	want, err := os.ReadFile("testdata/output.txt")
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, o sdk.LoadOptions) {
		var out bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		err := anywhere.Run(ctx, &out, name, o, tour)
		if diff := cmp.Diff(string(want), out.String()); diff != "" {
			t.Errorf("output (-want +got):\n%s", diff)
		}
		if err != nil {
			t.Error(err)
		}
	}
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		for range 3 {
			fake.Bubble(t, func(t *testing.T) { check(t, sdk.LoadOptions{}) })
		}
	})
	t.Run("kubeconfig", func(t *testing.T) {
		t.Parallel()
		o := sdk.LoadOptions{Kubeconfig: os.Getenv(namedCluster)}
		if o.Kubeconfig == "" {
			cluster := fake.RunT(t)
			images.Register(cluster, images.Agnhost, images.Busybox)
			e, err := cluster.Serve(context.Background(), "127.0.0.1:0") // until the cluster is closed
			if err != nil {
				t.Fatal(err)
			}
			o.Data, o.QPS = e.Kubeconfig(), -1
		}
		check(t, o)
	})
}
