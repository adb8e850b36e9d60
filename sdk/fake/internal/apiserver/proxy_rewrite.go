package apiserver

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// rewriter makes links of a backend's answers lead through the proxy again, as proxy.Transport of apimachinery does.
type rewriter struct {
	http.RoundTripper
	prefix string // of the paths that lead through the proxy
}

func (r *rewriter) RoundTrip(req *http.Request) (*http.Response, error) {
	uri := path.Join(r.prefix, req.URL.EscapedPath())
	if strings.HasSuffix(req.URL.Path, "/") {
		uri += "/"
	}
	req.Header.Set("X-Forwarded-Uri", uri)
	resp, err := r.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, unreachable(err)
	}
	for _, name := range []string{"Credentials", "Headers", "Methods", "Origin"} {
		resp.Header.Del("Access-Control-Allow-" + name)
	}
	if to := resp.Header.Get("Location"); to != "" {
		target, err := url.Parse(to)
		if err != nil {
			return nil, apierrors.NewInternalError(fmt.Errorf("error trying to parse Location header: %w", err))
		}
		resp.Header.Set("Location", r.link(target, req))
		return resp, nil
	}
	mediaType, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(mediaType) != "text/html" {
		return resp, nil
	}
	return resp, r.page(resp, req)
}

// link is where a link of an answer leads. Relative ones, and those to elsewhere, stay as they are.
func (r *rewriter) link(target *url.URL, req *http.Request) string {
	elsewhere := target.Host != "" && target.Host != req.URL.Host && target.Host != req.Host
	if elsewhere || !strings.HasPrefix(target.Path, "/") {
		return target.String()
	}
	if target.Host != req.Host {
		target.Scheme, target.Host = "", ""
	}
	if strings.HasPrefix(target.Path, r.prefix) {
		return target.String()
	}
	slash := strings.HasSuffix(target.Path, "/")
	if target.Path = path.Join(r.prefix, target.Path); slash {
		target.Path += "/"
	}
	return target.String()
}

// page rewrites the links of an answer in HTML. One in an encoding that is not known stays as it is.
func (r *rewriter) page(resp *http.Response, req *http.Request) error {
	var in io.Reader = resp.Body
	var out bytes.Buffer
	to := io.WriteCloser(nopCloser{&out})
	switch resp.Header.Get("Content-Encoding") {
	case "":
	case "gzip":
		unzip, err := gzip.NewReader(resp.Body)
		if err != nil {
			return fmt.Errorf("errorf making gzip reader: %w", err)
		}
		in, to = unzip, gzip.NewWriter(&out)
	case "deflate":
		in = flate.NewReader(resp.Body)
		to, _ = flate.NewWriter(&out, flate.BestCompression) // a level that exists
	default:
		return nil
	}
	defer resp.Body.Close()
	if err := r.rewrite(in, to, req); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	resp.Body = io.NopCloser(&out)
	resp.Header.Del("Content-Length")
	resp.ContentLength = int64(out.Len())
	return nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func (r *rewriter) rewrite(in io.Reader, out io.Writer, req *http.Request) error {
	tokens := html.NewTokenizer(in)
	for {
		var text []byte
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); err != io.EOF {
				return err
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			text = []byte(r.tag(tokens.Token(), req))
		default:
			text = tokens.Raw()
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
}

func (r *rewriter) tag(tag html.Token, req *http.Request) string {
	for i, attr := range tag.Attr {
		if !slices.Contains(linkAttributes[tag.Data], attr.Key) {
			continue
		}
		if target, err := url.Parse(attr.Val); err == nil {
			tag.Attr[i].Val = r.link(target, req)
		}
	}
	return tag.String()
}

// linkAttributes hold URLs, by the name of their element.
var linkAttributes = map[string][]string{
	"a": {"href"}, "area": {"href"}, "base": {"href"}, "link": {"href"},
	"audio": {"src"}, "embed": {"src"}, "script": {"src"}, "source": {"src"}, "video": {"poster", "src"},
	"img": {"longdesc", "src", "usemap"}, "frame": {"longdesc", "src"}, "iframe": {"longdesc", "src"},
	"blockquote": {"cite"}, "del": {"cite"}, "ins": {"cite"}, "q": {"cite"},
	"form": {"action"}, "button": {"formaction"}, "input": {"formaction", "src", "usemap"},
	"applet": {"codebase"}, "object": {"classid", "codebase", "data", "usemap"},
	"body": {"background"}, "command": {"icon"}, "head": {"profile"}, "html": {"manifest"},
}
