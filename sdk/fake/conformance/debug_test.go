package conformance

import (
	"context"
	"fmt"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// TestDebug: an ephemeral container joins the pod, and a copy of the pod is another one.
func TestDebug(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	c.HandleFunc("test/look", func(_ context.Context, p *fake.Process) error {
		for _, other := range p.Processes() {
			fmt.Fprintln(p.Stdout, other.PID, other.Container)
		}
		return nil
	})
	c.kubectl("debug", pod, "--image=test/look", "--target=crane", "-c", "look", "--profile=general")
	c.kubectl("wait", "--for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.reason}=Completed", "pod/"+pod, "--timeout=30s")
	has(t, c.kubectl("logs", pod, "-c", "look"), "1 crane\n", " look\n")
	c.kubectl("debug", pod, "--copy-to=copy", "--image=test/look", "-c", "look", "--profile=general")
	c.kubectl("wait", "--for=jsonpath={.spec.containers[1].name}=look", "pod/copy", "--timeout=30s")
}

// Somebody who debugs sees the processes of the container that he targets, and gets the prompt of his own.
func TestDebugTarget(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	at := c.terminal("debug", "box", "-it", "--image=busybox", "-c", "look", "--target=box", "--profile=general")
	want := "Targeting container \"box\". If you don't see processes from this container it may be because the container runtime doesn't support " +
		"this feature.\r\n" + recorded
	if got := at.sees(pressEnter); got != want {
		t.Errorf("it begins with %q", got)
	}
	at.types(enter)
	at.sees(prompt)
	has(t, at.command("ps"), " sleep 3600\r\n", " sh\r\n")
	at.types("exit" + enter)
	rest, code := at.ends()
	want = "exit\r\nSession ended, the ephemeral container will not be restarted but may be reattached using " +
		"'kubectl attach box -c look -n default -i -t' if it is still running\r\n"
	if rest != want || code != 0 {
		t.Errorf("the end: %q, exit code %d", rest, code)
	}
	if got := c.kubectl("get", "pod", "box", "-o", "jsonpath={.spec.ephemeralContainers[*].targetContainerName} {.status.phase}"); got != "box Running" {
		t.Errorf("the pod: %s", got)
	}
	has(t, normal(c.kubectl("describe", "pod", "box")), "Ephemeral Containers:\n look:\n", " State: Terminated\n Reason: Completed\n")
}

// A copy is another pod, with another image and another command, that shares its processes.
func TestDebugCopy(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	c.kubectl("label", "pod", "box", "app=web")
	c.kubectl("debug", "box", "--copy-to=copy", "--set-image=box=alpine", "--share-processes", "--image=busybox", "-c", "beside", "--profile=general",
		"--", "sh", "-c", "ps; sleep 3600")
	c.kubectl("wait", "--for=condition=Ready", "pod/copy", "--timeout=30s")
	if got, want := c.kubectl("get", "pod", "copy", "-o", "jsonpath={.spec.containers[*].image} {.spec.shareProcessNamespace} {.metadata.labels}"),
		"alpine busybox true "; got != want {
		t.Errorf("the copy: %q, want %q", got, want) // without labels, so that no service sends it anything
	}
	has(t, c.kubectl("logs", "copy", "-c", "beside"), " sleep 3600\n", " sh -c ps; sleep 3600\n")
	has(t, c.refused("debug", "box", "--image=busybox", "--copy-to=copy", "--profile=general"), `pods "copy" already exists`)
}

// A node is debugged by a pod that shares its namespaces and has its files at /host.
func TestDebugNode(t *testing.T) {
	t.Parallel()
	c := boxed(t)
	files, err := c.NodeFiles("minikube")
	if err != nil {
		t.Fatal(err)
	}
	if err := files.WriteFile("/etc/os-release", []byte("ID=minikube\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	at := c.terminal("debug", "node/minikube", "-it", "--image=busybox", "--profile=general")
	if got := normal(at.sees(pressEnter)); got != normal("Creating debugging pod node-debugger-minikube-<rand> with container debugger on node minikube.\r\n"+recorded) {
		t.Errorf("it begins with %q", got)
	}
	at.types(enter)
	at.sees(prompt)
	if got := at.command("cat /host/etc/os-release; hostname"); got != "ID=minikube\r\nminikube\r\n" {
		t.Errorf("there one sees %q", got)
	}
	at.types("exit" + enter)
	if _, code := at.ends(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got, want := c.kubectl("get", "pods", "-l", "app.kubernetes.io/managed-by=kubectl-debug", "-o", "jsonpath={.items[*].spec.nodeName} {.items[*].spec.hostNetwork}"),
		"minikube true"; got != want {
		t.Errorf("the pod stays: %q, want %q", got, want)
	}
	has(t, c.refused("debug", "node/nowhere", "--image=busybox", "--profile=general"), `nodes "nowhere" not found`)
}
