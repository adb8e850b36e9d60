package busybox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

// Exit codes of curl.
const (
	curlBadURL     = 3
	curlNoHost     = 6
	curlNoConnect  = 7
	curlBadStatus  = 22
	curlNoWrite    = 23
	curlTimeout    = 28
	curlNoResponse = 52
)

// Curl is the command curl, which busybox does not have: images that bring one along link to it.
func Curl(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "sSfkLOiIvgqNo:X:d:H:w:m:A:u:G4", "silent=s", "show-error=S", "fail=f", "insecure=k", "location=L", "remote-name=O", "include=i",
		"head=I", "verbose=v", "globoff=g", "output=o", "request=X", "data=d", "data-raw=d", "header=H", "write-out=w", "max-time=m", "user-agent=A",
		"user=u", "get=G", "connect-timeout:", "retry:", "retry-delay:", "retry-connrefused", "noproxy:", "url:", "no-buffer=N", "interface:", "ipv4=4")
	if o == nil {
		return 2
	}
	addresses := append(o.values["url"], o.rest...)
	if len(addresses) == 0 {
		fmt.Fprintln(p.Stderr, "curl: try 'curl --help' or 'curl --manual' for more information")
		return 2
	}
	if limit, ok := duration(o.value("m", "x")); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	code := 0
	for _, address := range addresses {
		tries := atoiOr(o.value("retry", ""), 0)
		for {
			var text string
			code, text = transfer(ctx, p, o, address)
			if code == 0 || tries == 0 || ctx.Err() != nil {
				if text != "" && (!o.has("s") || o.has("S")) {
					fmt.Fprintf(p.Stderr, "curl: (%d) %v\n", code, text)
				}
				break
			}
			tries--
			p.Pause(ctx, time.Duration(atoiOr(o.value("retry-delay", ""), 1))*time.Second)
		}
	}
	return code
}

// transfer gets one address. The text is what curl says about the exit code.
func transfer(ctx context.Context, p *unix.Proc, o *options, address string) (code int, text string) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return curlBadURL, "URL rejected: malformed, or of a protocol that is not http or https"
	}
	request, err := curlRequest(ctx, o, u)
	if err != nil {
		return curlBadURL, err.Error()
	}
	client := web.Client(p)
	transport := client.Transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: o.has("k")}
	if limit, ok := duration(o.value("connect-timeout", "x")); ok {
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			return p.DialContext(ctx, network, address)
		}
	}
	if o.has("L") {
		client.CheckRedirect = nil
	}
	begin := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return curlFailure(u, err, time.Since(begin))
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 && o.has("f") {
		return curlBadStatus, fmt.Sprintf("The requested URL returned error: %d", response.StatusCode)
	}
	return curlSave(ctx, p, o, u, response)
}

func curlRequest(ctx context.Context, o *options, u *url.URL) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	data := strings.Join(o.values["d"], "&")
	switch {
	case o.has("I"):
		method = http.MethodHead
	case o.has("d") && o.has("G"):
		u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+data, "&")
	case o.has("d"):
		method, body = http.MethodPost, strings.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, o.value("X", method), u.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", o.value("A", "curl/8.14.1"))
	request.Header.Set("Accept", "*/*")
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if name, password, ok := strings.Cut(o.value("u", ""), ":"); ok {
		request.SetBasicAuth(name, password)
	}
	for _, header := range o.values["H"] {
		name, value, _ := strings.Cut(header, ":")
		if strings.EqualFold(name, "host") {
			request.Host = strings.TrimSpace(value)
		}
		request.Header.Set(name, strings.TrimSpace(value))
	}
	return request, nil
}

func curlFailure(u *url.URL, err error, took time.Duration) (int, string) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	var op *net.OpError
	switch {
	case isBadAddress(err):
		return curlNoHost, fmt.Sprintf("Could not resolve host: %s", u.Hostname())
	case errors.Is(err, context.DeadlineExceeded):
		return curlTimeout, fmt.Sprintf("Connection timed out after %d milliseconds", took.Milliseconds())
	case errors.As(err, &op) && op.Op == "dial":
		return curlNoConnect, fmt.Sprintf("Failed to connect to %s port %s after %d ms: Could not connect to server", u.Hostname(), port, took.Milliseconds())
	}
	return curlNoResponse, fmt.Sprintf("Empty reply from server (%s)", unix.Reason(err))
}

func curlSave(ctx context.Context, p *unix.Proc, o *options, u *url.URL, r *http.Response) (int, string) {
	out := p.Stdout
	name := o.value("o", "")
	if o.has("O") {
		name = path.Base(u.Path)
	}
	if name != "" && name != "-" {
		f, err := p.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
		if err != nil {
			return curlNoWrite, fmt.Sprintf("client returned ERROR on write: %s", unix.Reason(err))
		}
		defer f.Close()
		out = f.Writer(ctx)
	}
	if o.has("i", "I") {
		fmt.Fprintf(out, "%s %s\r\n", r.Proto, r.Status)
		_ = r.Header.Write(out)
		fmt.Fprint(out, "\r\n")
	}
	n, err := io.Copy(out, r.Body)
	if err != nil {
		return curlFailure(u, err, 0)
	}
	text := strings.NewReplacer("%{http_code}", strconv.Itoa(r.StatusCode), "%{response_code}", strconv.Itoa(r.StatusCode),
		"%{size_download}", strconv.FormatInt(n, 10), "%{url_effective}", r.Request.URL.String(), "%{content_type}", r.Header.Get("Content-Type")).
		Replace(o.value("w", ""))
	text, _ = unescape(text, false)
	_, _ = io.WriteString(p.Stdout, text)
	return 0, ""
}
