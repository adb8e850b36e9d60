package kubelet

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// most is how much of a command's output or an answer's body a probe reads.
const most = 10 << 10

// act carries out the probe. Output of a good one is a warning, if there is any; the error says that it could not be carried out.
func (p *prober) act(ctx context.Context, pod *corev1.Pod) (good bool, output string, err error) {
	timeout := time.Duration(max(p.probe.TimeoutSeconds, 1)) * time.Second
	switch {
	case p.probe.Exec != nil:
		return p.execProbe(ctx, p.probe.Exec.Command, timeout)
	case p.probe.HTTPGet != nil:
		return p.httpProbe(ctx, p.probe.HTTPGet, timeout)
	case p.probe.TCPSocket != nil:
		return p.tcpProbe(ctx, p.probe.TCPSocket, timeout)
	case p.probe.GRPC != nil:
		return p.grpcProbe(ctx, p.probe.GRPC, timeout)
	}
	return false, "", fmt.Errorf("missing probe handler for %s:%s", podText(pod), p.slot.name)
}

// podText is a pod as the kubelet's messages have it.
func podText(pod *corev1.Pod) string {
	return fmt.Sprintf("%s_%s(%s)", pod.Name, pod.Namespace, pod.UID)
}

// errTimedOut is the cause of the end of an action that took too long.
var errTimedOut = errors.New("timed out")

// execProbe is good if a command ends with exit code 0.
func (p *prober) execProbe(ctx context.Context, command []string, timeout time.Duration) (bool, string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errTimedOut)
	defer cancel()
	var out output
	code := p.in.exec(ctx, Command{Args: command, Stdout: &out, Stderr: &out})
	switch {
	case context.Cause(ctx) == errTimedOut:
		return false, fmt.Sprintf("command timed out: %q timed out after %v", strings.Join(command, " "), timeout), nil
	case code != 0:
		return false, out.String(), nil
	}
	return true, "", nil
}

// output collects what a command prints, up to a limit. A process that was killed in the middle may still write to it.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buffer.Write(p[:min(len(p), most-min(most, o.buffer.Len()))])
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// tcpProbe is good if a connection is accepted.
func (p *prober) tcpProbe(ctx context.Context, a *corev1.TCPSocketAction, timeout time.Duration) (bool, string, error) {
	port, err := containerPort(a.Port, p.spec)
	if err != nil {
		return false, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := p.in.w.dialFromNode(ctx, "tcp", net.JoinHostPort(p.in.w.hostOr(a.Host), strconv.Itoa(port)))
	if err != nil {
		return false, err.Error(), nil
	}
	_ = conn.Close()
	return true, "", nil
}

// httpProbe is good if the answer's status is from 200 to 399. A redirect to another host is not followed, and a warning.
func (p *prober) httpProbe(ctx context.Context, a *corev1.HTTPGetAction, timeout time.Duration) (bool, string, error) {
	req, err := p.in.w.actionRequest(ctx, a, p.spec, "probe")
	if err != nil {
		return false, "", err
	}
	transport := p.in.w.nodeTransport(a.Protocol != nil && *a.Protocol == corev1.HTTPProtocolHTTP2)
	defer transport.CloseIdleConnections()
	client := &http.Client{Timeout: timeout, Transport: transport, CheckRedirect: localRedirects}
	res, err := client.Do(req)
	if err != nil {
		return false, err.Error(), nil
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	switch {
	case err != nil:
		return false, "", err
	case res.StatusCode < http.StatusOK || res.StatusCode >= http.StatusBadRequest:
		return false, fmt.Sprintf("HTTP probe failed with statuscode: %d", res.StatusCode), nil
	case res.StatusCode >= http.StatusMultipleChoices:
		return true, fmt.Sprintf("Probe terminated redirects, Response body: %s", body), nil
	}
	return true, "", nil
}

// localRedirects follows redirects on the host that was asked first.
func localRedirects(req *http.Request, via []*http.Request) error {
	switch {
	case req.URL.Hostname() != via[0].URL.Hostname():
		return http.ErrUseLastResponse
	case len(via) >= 10:
		return errors.New("stopped after 10 redirects")
	}
	return nil
}

// actionRequest is the request of a probe or hook, as NewRequestForHTTPGetAction makes it.
func (w *worker) actionRequest(ctx context.Context, a *corev1.HTTPGetAction, spec *corev1.Container, purpose string) (*http.Request, error) {
	port, err := containerPort(a.Port, spec)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(a.Path)
	if err != nil {
		u = &url.URL{Path: a.Path}
	}
	u.Scheme, u.Host = "http", net.JoinHostPort(w.hostOr(a.Host), strconv.Itoa(port))
	if a.Scheme != "" {
		u.Scheme = strings.ToLower(string(a.Scheme))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	for _, h := range a.HTTPHeaders {
		req.Header.Add(h.Name, h.Value)
	}
	if _, set := req.Header["User-Agent"]; !set {
		req.Header.Set("User-Agent", "kube-"+purpose+"/"+probeVersion)
	}
	if accept, set := req.Header["Accept"]; !set {
		req.Header.Set("Accept", "*/*")
	} else if accept[0] == "" {
		req.Header.Del("Accept")
	}
	req.Host = req.Header.Get("Host")
	return req, nil
}

// probeVersion is how probes call themselves.
const probeVersion = "1.37"

// nodeTransport sends requests from the pod's node, each on a connection of its own, and trusts every certificate. unencrypted
// HTTP/2 is for those who ask for it.
func (w *worker) nodeTransport(http2 bool) *http.Transport {
	t := &http.Transport{
		DialContext: w.dialFromNode, DisableKeepAlives: true, DisableCompression: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // as every kubelet does
	}
	if http2 {
		t.Protocols = &http.Protocols{}
		t.Protocols.SetUnencryptedHTTP2(true)
		t.Protocols.SetHTTP2(true)
	}
	return t
}

// hostOr is a host, or the pod's address if none is given.
func (w *worker) hostOr(host string) string {
	if host != "" {
		return host
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sandbox == nil {
		return ""
	}
	return w.sandbox.IP().String()
}

// containerPort is a port of a container, by its number or its name, as ResolveContainerPort has it.
func containerPort(port intstr.IntOrString, spec *corev1.Container) (int, error) {
	number := port.IntValue()
	if port.Type == intstr.String {
		for i := range spec.Ports {
			if spec.Ports[i].Name == port.StrVal {
				number = int(spec.Ports[i].ContainerPort)
			}
		}
		if number == 0 {
			return 0, fmt.Errorf("couldn't find port by name %s", port.StrVal)
		}
	}
	if number <= 0 || number > 65535 {
		return 0, fmt.Errorf("invalid port number: %v", number)
	}
	return number, nil
}
