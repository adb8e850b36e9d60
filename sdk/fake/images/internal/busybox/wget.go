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
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

// mostRedirects is how many wget follows.
const mostRedirects = 5

func wget(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "cqSO:P:T:t:U:Y:o:", "spider", "post-data:", "post-file:", "header:", "no-check-certificate", "timeout=T", "quiet=q",
		"output-document=O", "directory-prefix=P", "user-agent=U", "server-response=S", "tries=t", "continue=c", "no-verbose=q", "proxy=Y",
		"method:", "body-data:")
	if o == nil {
		return 1
	}
	if len(o.rest) == 0 {
		return p.Errorf("usage: wget [OPTIONS] URL...")
	}
	if limit, ok := duration(o.value("T", "x")); ok && limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	for _, address := range o.rest {
		if code := download(ctx, p, o, address); code != 0 {
			return code
		}
	}
	return 0
}

func download(ctx context.Context, p *unix.Proc, o *options, address string) int {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return p.Errorf("bad address '%s'", address)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return p.Errorf("not an http or ftp url: %s", address)
	}
	for range mostRedirects {
		response, err := ask(ctx, p, o, u)
		if err != nil {
			return p.Errorf("%s", wgetReason(u, err))
		}
		if o.has("S") {
			tellHeaders(p, response)
		}
		to := response.Header.Get("Location")
		if response.StatusCode/100 == 3 && to != "" {
			_ = response.Body.Close()
			if u, err = u.Parse(to); err != nil {
				return p.Errorf("bad redirect '%s'", to)
			}
			continue
		}
		code := save(ctx, p, o, u, response)
		_ = response.Body.Close()
		return code
	}
	return p.Errorf("too many redirections")
}

func ask(ctx context.Context, p *unix.Proc, o *options, u *url.URL) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if o.has("spider") {
		method = http.MethodHead
	}
	if o.has("post-data", "body-data") {
		method, body = http.MethodPost, strings.NewReader(o.value("post-data", o.value("body-data", "")))
	}
	if name := o.value("post-file", ""); name != "" {
		method, body = http.MethodPost, strings.NewReader(readText(p, name))
	}
	request, err := http.NewRequestWithContext(ctx, o.value("method", method), u.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", o.value("U", "Wget"))
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, header := range o.values["header"] {
		name, value, _ := strings.Cut(header, ":")
		if request.Header.Set(strings.TrimSpace(name), strings.TrimSpace(value)); strings.EqualFold(name, "host") {
			request.Host = strings.TrimSpace(value)
		}
	}
	if !o.has("q") {
		host := u.Host
		if u.Port() == "" {
			host += map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
		}
		fmt.Fprintf(p.Stderr, "Connecting to %s (%s)\n", u.Host, host)
	}
	client := web.Client(p)
	// busybox does not know any authorities, and says so.
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	return client.Do(request)
}

func tellHeaders(p *unix.Proc, r *http.Response) {
	fmt.Fprintf(p.Stderr, "  %s %s\n", r.Proto, r.Status)
	var text strings.Builder
	_ = r.Header.Write(&text)
	for line := range strings.Lines(text.String()) {
		fmt.Fprintf(p.Stderr, "  %s\n", strings.TrimRight(line, "\r\n"))
	}
}

func save(ctx context.Context, p *unix.Proc, o *options, u *url.URL, r *http.Response) int {
	if r.StatusCode/100 != 2 {
		return p.Errorf("server returned error: %s %s", r.Proto, r.Status)
	}
	say := func(format string, args ...any) {
		if !o.has("q") {
			fmt.Fprintf(p.Stderr, format+"\n", args...)
		}
	}
	if o.has("spider") {
		say("remote file exists")
		return 0
	}
	name := o.value("O", "")
	if name == "-" {
		say("writing to stdout")
		if _, err := io.Copy(p.Stdout, r.Body); err != nil {
			return p.Errorf("%s", wgetReason(u, err))
		}
		say("written to stdout")
		return 0
	}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if name == "" {
		flag |= os.O_EXCL // it does not overwrite what it was not told to
		if name = path.Base(u.Path); name == "/" || name == "." || strings.HasSuffix(u.Path, "/") {
			name = "index.html"
		}
		if dir := o.value("P", ""); dir != "" {
			name = joinName(dir, name)
		}
	}
	f, err := p.OpenFile(name, flag, 0o666)
	if err != nil {
		return p.Errorf("can't open '%s': %s", name, unix.Reason(err))
	}
	defer f.Close()
	say("saving to '%s'", name)
	if _, err := io.Copy(f.Writer(ctx), r.Body); err != nil {
		return p.Errorf("%s", wgetReason(u, err))
	}
	say("'%s' saved", name)
	return 0
}

// wgetReason is an error in busybox's words.
func wgetReason(u *url.URL, err error) string {
	if isBadAddress(err) {
		return fmt.Sprintf("bad address '%s'", u.Hostname())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "download timed out"
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return fmt.Sprintf("can't connect to remote host (%s): %s", u.Hostname(), unix.Reason(err))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "error getting response: Connection reset by peer"
	}
	return unix.Reason(err)
}
