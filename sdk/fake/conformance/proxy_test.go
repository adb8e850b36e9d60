package conformance

import (
	"testing"
)

// get --raw reaches a pod through the API server, and gets the real server's words where nobody answers.
func TestRawProxy(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	base := "/api/v1/namespaces/default/pods/" + pod
	c.kubectl("expose", "rc", "crane", "--port=80", "--target-port=8080")
	direct := c.kubectl("get", "--raw", base+":8080/proxy/")
	if direct == "" {
		t.Error("the pod answers nothing")
	}
	if got := c.kubectl("get", "--raw", "/api/v1/namespaces/default/services/crane:80/proxy/"); got != direct {
		t.Errorf("by its service the pod answers %q, not %q", got, direct)
	}
	has(t, c.refused("get", "--raw", base+":1/proxy/"), "Error from server (ServiceUnavailable): ")
	has(t, c.refused("get", "--raw", "/api/v1/namespaces/default/pods/other/proxy/"), "Error from server (NotFound): ")
	has(t, c.kubectl("get", "--raw", "/api/v1/nodes/minikube/proxy/pods"), `"name":"`+pod+`"`)
}
