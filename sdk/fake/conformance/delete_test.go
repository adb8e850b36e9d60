package conformance

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
)

// slow stands for a program that takes its time to stop: it does so once released.
func slow(released <-chan struct{}) func(context.Context, *fake.Process) error {
	return func(ctx context.Context, _ *fake.Process) error {
		<-ctx.Done()
		<-released
		return nil
	}
}

// kubectl delete returns when the object is gone. It watches it by a list that streams (WatchList).
func TestDeleteWaits(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	c := serve(t)
	c.HandleFunc("test/slow", slow(released))
	c.kubectl("run", "one", "--image=test/slow")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	deletion := c.spawn(nil, "delete", "pod", "one", "-v=7")
	deletion.until(`pod "one" deleted from default namespace`)
	deletion.until(`verb="GET"`, "sendInitialEvents=true")
	has(t, normal(c.kubectl("get", "pod", "one")), "one 1/1 Terminating 0 <age>")
	close(released)
	deletion.rest()
	if diff := cmp.Diff(traced(t, "trace-delete-pod.txt"), requestsIn(deletion.seen.String())); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	has(t, c.refused("get", "pod", "one"), `pods "one" not found`)
}

// Waiting and deleting are two commands just as well.
func TestDeleteWithoutWaiting(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	c := serve(t)
	c.HandleFunc("test/slow", slow(released))
	c.kubectl("run", "one", "--image=test/slow")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	c.kubectl("delete", "pod", "one", "--wait=false", "--grace-period=17")
	if got := c.kubectl("get", "pod", "one", "-o", "jsonpath={.metadata.deletionGracePeriodSeconds}"); got != "17" {
		t.Errorf("grace period = %q, want 17", got)
	}
	waiting := c.spawn(nil, "wait", "--for=delete", "pod/one", "--timeout=30s", "-v=7")
	waiting.until(`verb="GET"`, "sendInitialEvents=true")
	close(released)
	has(t, waiting.rest(), "pod/one condition met")
}

func TestDeleteForms(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		c.kubectl("run", name, "--image=heejeong/crane")
	}
	for _, tc := range []struct{ args, stdout, left string }{
		{"delete pod a", "pod \"a\" deleted from default namespace\n", "pod/b\npod/c\npod/d\npod/e\n"},
		{"delete pod/b --now", "pod \"b\" deleted from default namespace\n", "pod/c\npod/d\npod/e\n"},
		{"delete pod c --force", "pod \"c\" force deleted from default namespace\n", "pod/d\npod/e\n"},
		{"delete pods -l run=d", "pod \"d\" deleted from default namespace\n", "pod/e\n"},
		{"delete pod nope --ignore-not-found", "", "pod/e\n"},
		{"delete pod e --dry-run=server", "pod \"e\" deleted from default namespace (server dry run)\n", "pod/e\n"},
		{"delete pods --all -o name", "pod/e\n", ""},
		{"delete pods --all", "No resources found\n", ""},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if got := c.kubectl(fields(tc.args)...); got != tc.stdout {
				t.Errorf("said %q, want %q", got, tc.stdout)
			}
			if left := c.kubectl("get", "pods", "-o", "name"); left != tc.left {
				t.Errorf("left are %q, want %q", left, tc.left)
			}
		})
	}
}

// --cascade says what becomes of the pods of a controller.
func TestDeleteCascades(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	c.kubectl("delete", "rc", "crane", "--cascade=orphan")
	if got := c.kubectl("get", "pod", pod, "-o", "jsonpath={.status.phase}{.metadata.ownerReferences}"); got != "Running" {
		t.Errorf("the orphan's phase and owners are %q, want Running and none", got)
	}
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=1", "rc/crane", "--timeout=30s")
	if got := c.kubectl("get", "pods", "-o", "name"); got != "pod/"+pod+"\n" {
		t.Errorf("a new controller has the pods %q, want the orphan adopted", got)
	}
	c.kubectl("delete", "rc", "crane", "--cascade=foreground")
	if got := c.kubectl("get", "rc,pods", "-o", "name"); got != "" {
		t.Errorf("after a foreground deletion there are %q", got)
	}
}

func TestDeleteNamespace(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.kubectl("create", "namespace", "other")
	c.kubectl("run", "one", "--image=heejeong/crane", "-n", "other")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "-n", "other", "--timeout=30s")
	has(t, c.kubectl("delete", "namespace", "other"), `namespace "other" deleted`)
	has(t, c.refused("get", "namespace", "other"), `namespaces "other" not found`)
	if got := c.kubectl("get", "pods", "-A", "-o", "name"); got != "" {
		t.Errorf("of the namespace are left %q", got)
	}
}
