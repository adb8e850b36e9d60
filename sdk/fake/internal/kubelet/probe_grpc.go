package kubelet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	corev1 "k8s.io/api/core/v1"
)

// grpcProbe is good if the health service of a gRPC server answers SERVING. The protocol is HTTP/2 with a message of a few bytes,
// so that no gRPC library is needed.
func (p *prober) grpcProbe(ctx context.Context, a *corev1.GRPCAction, timeout time.Duration) (bool, string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errTimedOut)
	defer cancel()
	address := net.JoinHostPort(p.in.w.hostOr(""), strconv.Itoa(int(a.Port)))
	service := ""
	if a.Service != nil {
		service = *a.Service
	}
	answer, err := p.checkHealth(ctx, address, service)
	var refused *grpcError
	switch {
	case errors.As(err, &refused) && refused.code == codeUnimplemented:
		return false, "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): " + refused.message, nil
	case errors.As(err, &refused):
		return false, fmt.Sprintf("error: health rpc probe failed: %v", err), nil
	case err != nil && context.Cause(ctx) == errTimedOut:
		return false, fmt.Sprintf("timeout: health rpc did not complete within %v", timeout), nil
	case err != nil: // a gRPC client goes on trying to connect until the time is over
		select {
		case <-ctx.Done():
		case <-p.in.main.ended:
		}
		return false, fmt.Sprintf("timeout: failed to connect service %q within %v: %v", address, timeout, context.DeadlineExceeded), nil
	case answer != serving:
		return false, fmt.Sprintf("service unhealthy (responded with %q)", answer), nil
	}
	return true, "", nil
}

// codeUnimplemented is what a server answers that has no such service.
const codeUnimplemented = 12

// serving is the answer of a healthy service, by its name in grpc.health.v1.
const serving = "SERVING"

var servingStatus = []string{"UNKNOWN", serving, "NOT_SERVING", "SERVICE_UNKNOWN"}

// grpcError is the status of a call that failed.
type grpcError struct {
	code    int
	message string
}

func (e *grpcError) Error() string {
	return fmt.Sprintf("rpc error: code = %s desc = %s", grpcCode(e.code), e.message)
}

// grpcCode names the codes that servers of health services use.
func grpcCode(code int) string {
	names := map[int]string{2: "Unknown", 3: "InvalidArgument", 5: "NotFound", 13: "Internal", 14: "Unavailable", codeUnimplemented: "Unimplemented"}
	if name, ok := names[code]; ok {
		return name
	}
	return fmt.Sprintf("Code(%d)", code)
}

// checkHealth calls grpc.health.v1.Health/Check and returns the status by its name.
func (p *prober) checkHealth(ctx context.Context, address, service string) (string, error) {
	var message []byte
	if service != "" {
		message = protowire.AppendTag(message, 1, protowire.BytesType)
		message = protowire.AppendString(message, service)
	}
	body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	u := url.URL{Scheme: "http", Host: address, Path: "/grpc.health.v1.Health/Check"}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(append(body, message...)))
	if err != nil {
		return "", err
	}
	req.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}, "User-Agent": {"kube-probe/" + probeVersion}}
	transport := p.in.w.nodeTransport(true)
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return "", err
	}
	if err := grpcStatus(res); err != nil {
		return "", err
	}
	return healthOf(answer)
}

// grpcStatus reads the status, which stands in the trailer, or in the header of an answer without a message.
func grpcStatus(res *http.Response) error {
	for _, h := range []http.Header{res.Trailer, res.Header} {
		if text := h.Get("Grpc-Status"); text != "" {
			code, err := strconv.Atoi(text)
			if err == nil && code == 0 {
				return nil
			}
			message, _ := url.PathUnescape(h.Get("Grpc-Message"))
			return &grpcError{code, message}
		}
	}
	return &grpcError{codeUnimplemented, fmt.Sprintf("unexpected HTTP status code received from server: %s", res.Status)}
}

// healthOf reads a HealthCheckResponse behind its five bytes of length.
func healthOf(answer []byte) (string, error) {
	const header = 5
	if len(answer) < header {
		return "", &grpcError{13, "the answer has no message"}
	}
	status := uint64(0)
	for b := answer[header:]; len(b) > 0; {
		number, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return "", &grpcError{13, "the answer is no HealthCheckResponse"}
		}
		b = b[n:]
		if number == 1 && typ == protowire.VarintType {
			status, n = protowire.ConsumeVarint(b)
		} else {
			n = protowire.ConsumeFieldValue(number, typ, b)
		}
		if n < 0 {
			return "", &grpcError{13, "the answer is no HealthCheckResponse"}
		}
		b = b[n:]
	}
	if status >= uint64(len(servingStatus)) {
		return strconv.FormatUint(status, 10), nil
	}
	return servingStatus[status], nil
}
