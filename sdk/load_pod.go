package sdk

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/cert"
)

// accountDir is where a pod has the files of its service account.
const accountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// inPod is what a program finds around it in a pod of a cluster.
type inPod struct {
	dir    string // accountDir
	getenv func(string) string
}

// possible reports whether this is a pod with a service account, as clientcmd's inClusterClientConfig.Possible does.
func (p inPod) possible() bool {
	info, err := os.Stat(filepath.Join(p.dir, "token"))
	return err == nil && !info.IsDir() && p.getenv("KUBERNETES_SERVICE_HOST") != "" && p.getenv("KUBERNETES_SERVICE_PORT") != ""
}

// config is what rest.InClusterConfig returns, but that a certificate that cannot be read is an error, not a line in a log.
func (p inPod) config() (*rest.Config, error) {
	tokenFile, caFile := filepath.Join(p.dir, "token"), filepath.Join(p.dir, "ca.crt")
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, err
	}
	if _, err := cert.NewPool(caFile); err != nil {
		return nil, err
	}
	return &rest.Config{
		Host:            "https://" + net.JoinHostPort(p.getenv("KUBERNETES_SERVICE_HOST"), p.getenv("KUBERNETES_SERVICE_PORT")),
		TLSClientConfig: rest.TLSClientConfig{CAFile: caFile},
		BearerToken:     string(token),
		BearerTokenFile: tokenFile,
	}, nil
}

// namespace is the pod's, as clientcmd's inClusterClientConfig.Namespace finds it.
func (p inPod) namespace() string {
	if name := p.getenv("POD_NAMESPACE"); name != "" {
		return name
	}
	data, _ := os.ReadFile(filepath.Join(p.dir, "namespace"))
	return cmp.Or(strings.TrimSpace(string(data)), DefaultNamespace)
}
