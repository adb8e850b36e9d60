package sdktest_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
	"github.com/podwright/podwright/sdk/sdktest"
)

// The rules mostly wait for seconds to pass, so that many can be tried at once on few processors.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// namedCluster is the environment variable that names the kubeconfig of a cluster to try too.
const namedCluster = "PODWRIGHT_KUBECONFIG"

// cluster is a fake one that has the images.
func cluster(t *testing.T) *fake.Cluster {
	t.Helper()
	c := fake.RunT(t)
	images.Register(c, images.Agnhost, images.Busybox, images.Pause)
	return c
}

func TestContract(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		sdktest.Run(t, cluster(t).RESTConfig())
	})
	// Without a cluster that is named, it is a fake one that plays it, served on a port and found by its kubeconfig.
	t.Run("named", func(t *testing.T) {
		t.Parallel()
		o := sdk.LoadOptions{Kubeconfig: os.Getenv(namedCluster), QPS: -1}
		if o.Kubeconfig == "" {
			e, err := cluster(t).Serve(context.Background(), "127.0.0.1:0") // until the cluster is closed
			if err != nil {
				t.Fatal(err)
			}
			o.Data = e.Kubeconfig()
		}
		config, _, err := o.Config()
		if err != nil {
			t.Fatal(err)
		}
		sdktest.Run(t, config)
	})
}
