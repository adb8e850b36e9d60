package fake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// A thousand clusters live in one process at the same time, each does the chapter's work, and nothing of them is left.
// The test is not parallel, so that no other cluster is alive when goroutines are counted.
func TestThousandClusters(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 50
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	t.Run("alive at once", func(t *testing.T) {
		errs := make([]error, n)
		var work sync.WaitGroup
		turn := make(chan struct{}, 64) // so many work at once; clients give up on a machine that has too much to do
		for i := range n {
			c := fake.RunT(t) // closed at the end of this subtest, when all have done their work
			c.HandleFunc("heejeong/crane", crane)
			work.Go(func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				errs[i] = chapter(ctx, c)
			})
		}
		work.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	})
	if left := clusterGoroutines(t); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

// chapter creates the controller, waits, forwards, asks, and reads the log.
func chapter(ctx context.Context, c *fake.Cluster) error {
	client := c.Client()
	rc := craneController()
	if err := client.Run(ctx, rc); err != nil {
		return err
	}
	for _, err := range client.Logs(ctx, rc, sdk.LogOptions{Follow: true}) {
		if err != nil {
			return err
		}
		break // crane is up
	}
	f, err := client.PortForward(ctx, rc, "8888:8080")
	if err != nil {
		return err
	}
	defer f.Close()
	resp, err := f.HTTPClient().Get("http://localhost:8888/")
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	r, err := client.LogStream(ctx, rc, sdk.LogOptions{})
	if err != nil {
		return err
	}
	defer r.Close()
	log, err := io.ReadAll(r)
	if err == nil && string(log) != "crane is up\nGET /\n" {
		err = fmt.Errorf("log = %q", log)
	}
	return err
}

// clusterGoroutines returns the stacks of goroutines that belong to any cluster: they all bear its label. One that has
// done its last deed is counted until the runtime has buried it, so those that are left get time to go.
func clusterGoroutines(t *testing.T) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		if left := labelledGoroutines(t); left == "" || time.Now().After(deadline) {
			return left
		}
	}
}

func labelledGoroutines(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, stack := range strings.Split(b.String(), "\n\n") {
		if strings.Contains(stack, "podwright-cluster") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}
