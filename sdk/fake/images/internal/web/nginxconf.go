package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// nginxServer is one server block.
type nginxServer struct {
	listen, names []string
	locations     []*nginxLocation
	nginxLocation // what holds where no location does
}

// nginxLocation is a location block, and what it takes over from its server.
type nginxLocation struct {
	prefix, root, alias string
	exact               bool
	index, try          []string
	status              int // of return, 0 if there is none
	body, kind          string
}

// confDir is where the image's nginx.conf includes servers from.
const confDir = "/etc/nginx/conf.d"

// readNginx reads the servers of all files in conf.d.
func readNginx(p *unix.Proc) ([]*nginxServer, error) {
	entries, err := p.FS().ReadDir(confDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var servers []*nginxServer
	for _, e := range entries {
		name := path.Join(confDir, e.Name())
		if path.Ext(name) != ".conf" {
			continue
		}
		data, err := p.FS().ReadFile(name)
		if err != nil {
			return nil, err
		}
		c := &confReader{file: name, text: string(data), line: 1}
		list, err := c.servers()
		if err != nil {
			return nil, err
		}
		servers = append(servers, list...)
	}
	if len(servers) == 0 {
		return nil, fmt.Errorf("no server in %s", confDir)
	}
	return servers, nil
}

// confReader takes a configuration apart.
type confReader struct {
	file, text string
	at, line   int
}

func (c *confReader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s in %s:%d", fmt.Sprintf(format, args...), c.file, c.line)
}

// directive reads the words up to ; or {. Without words a block or the file is over.
func (c *confReader) directive() (words []string, block bool, err error) {
	for {
		word, quoted := c.word()
		switch {
		case quoted:
			words = append(words, word)
		case word == "" && len(words) > 0:
			return nil, false, c.errorf("unexpected end of file, expecting \";\" or \"}\"")
		case word == "", word == "}":
			return nil, false, nil
		case word == ";":
			return words, false, nil
		case word == "{":
			return words, true, nil
		default:
			words = append(words, word)
		}
	}
}

func (c *confReader) word() (word string, quoted bool) {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; {
		case b == '\n':
			c.line++
			c.at++
		case b == ' ', b == '\t', b == '\r':
			c.at++
		case b == '#':
			for c.at < len(c.text) && c.text[c.at] != '\n' {
				c.at++
			}
		case strings.IndexByte(";{}", b) >= 0:
			c.at++
			return string(b), false
		case b == '"', b == '\'':
			return c.quotedWord(b), true
		default:
			begin := c.at
			for c.at < len(c.text) && strings.IndexByte(" \t\r\n;{", c.text[c.at]) < 0 {
				c.at++
			}
			return c.text[begin:c.at], false
		}
	}
	return "", false
}

func (c *confReader) quotedWord(quote byte) string {
	var b strings.Builder
	for c.at++; c.at < len(c.text) && c.text[c.at] != quote; c.at++ {
		if c.text[c.at] == '\\' && c.at+1 < len(c.text) {
			c.at++
			if escape := strings.IndexByte("nrt", c.text[c.at]); escape >= 0 {
				b.WriteByte("\n\r\t"[escape])
				continue
			}
		}
		b.WriteByte(c.text[c.at])
	}
	c.at++
	return b.String()
}

func (c *confReader) servers() (servers []*nginxServer, err error) {
	for {
		words, block, err := c.directive()
		switch {
		case err != nil:
			return nil, err
		case words == nil:
			return servers, nil
		case words[0] != "server" || !block:
			return nil, c.errorf("directive \"%s\" is not supported by this nginx", words[0])
		}
		s := &nginxServer{nginxLocation: nginxLocation{root: "/etc/nginx/html", index: []string{"index.html"}}}
		if err := c.server(s); err != nil {
			return nil, err
		}
		if len(s.listen) == 0 {
			s.listen = []string{":80"}
		}
		servers = append(servers, s)
	}
}

func (c *confReader) server(s *nginxServer) error {
	var later []func()
	for {
		words, block, err := c.directive()
		switch {
		case err != nil:
			return err
		case words == nil:
			for _, f := range later {
				f()
			}
			return nil
		}
		switch {
		case words[0] == "listen" && len(words) > 1:
			if address, ok := listenAddress(words[1]); ok {
				s.listen = append(s.listen, address)
			}
		case words[0] == "server_name":
			s.names = append(s.names, words[1:]...)
		case words[0] == "location" && block:
			l := &nginxLocation{}
			if err := c.location(l, words[1:]); err != nil {
				return err
			}
			s.locations = append(s.locations, l)
			later = append(later, func() { l.inherit(&s.nginxLocation) }) // root may come after the locations
		case block:
			return c.errorf("block \"%s\" is not supported by this nginx", words[0])
		default:
			if err := c.setting(&s.nginxLocation, words); err != nil {
				return err
			}
		}
	}
}

// listenAddress is a port with or without address. That of IPv6 is left out: pods have none.
func listenAddress(s string) (string, bool) {
	if strings.HasPrefix(s, "[") {
		return "", false
	}
	if host, port, ok := strings.Cut(s, ":"); ok {
		if host == "0.0.0.0" || host == "*" {
			host = ""
		}
		return host + ":" + port, true
	}
	return ":" + s, true
}

func (c *confReader) location(l *nginxLocation, words []string) error {
	switch {
	case len(words) == 2 && words[0] == "=":
		l.exact, l.prefix = true, words[1]
	case len(words) == 2 && words[0] == "^~":
		l.prefix = words[1]
	case len(words) == 1:
		l.prefix = words[0]
	default:
		return c.errorf("location \"%s\" is not supported by this nginx", strings.Join(words, " "))
	}
	for {
		words, block, err := c.directive()
		switch {
		case err != nil:
			return err
		case words == nil:
			return nil
		case block:
			return c.errorf("block \"%s\" is not supported by this nginx", words[0])
		}
		if err := c.setting(l, words); err != nil {
			return err
		}
	}
}

// setting is what may stand in a server and in a location.
func (c *confReader) setting(l *nginxLocation, words []string) error {
	args := words[1:]
	switch words[0] {
	case "root":
		l.root = strings.Join(args, " ")
	case "alias":
		l.alias = strings.Join(args, " ")
	case "index":
		l.index = args
	case "try_files":
		l.try = args
	case "default_type":
		l.kind = strings.Join(args, " ")
	case "add_header":
		if len(args) < 2 || !strings.EqualFold(args[0], "Content-Type") {
			return c.errorf("directive \"add_header\" of another header than Content-Type is not supported by this nginx")
		}
		l.kind = args[1]
	case "return":
		return c.returns(l, args)
	case "access_log", "error_log", "charset", "error_page", "sendfile", "keepalive_timeout", "client_max_body_size":
		// Logs go where the container's do, and the others change nothing that is seen here. An error_page is a page of a style of its own.
	default:
		return c.errorf("directive \"%s\" is not supported by this nginx", words[0])
	}
	return nil
}

func (c *confReader) returns(l *nginxLocation, args []string) error {
	if len(args) == 0 {
		return c.errorf("invalid number of arguments in \"return\" directive")
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		n, args = http.StatusFound, append([]string{""}, args...)
	}
	l.status = n
	if len(args) > 1 {
		l.body = args[1]
	}
	return nil
}

func (l *nginxLocation) inherit(s *nginxLocation) {
	if l.root == "" {
		l.root = s.root
	}
	if l.index == nil {
		l.index = s.index
	}
	if l.kind == "" {
		l.kind = s.kind
	}
	if l.try == nil {
		l.try = s.try
	}
}

// location finds the one for a path: the exact one, or that of the longest prefix.
func (s *nginxServer) location(name string) *nginxLocation {
	best := &s.nginxLocation
	if best.status != 0 {
		return best
	}
	for _, l := range s.locations {
		switch {
		case l.exact && l.prefix == name:
			return l
		case !l.exact && strings.HasPrefix(name, l.prefix) && len(l.prefix) >= len(best.prefix):
			best = l
		}
	}
	return best
}

// file is where a path lies.
func (l *nginxLocation) file(name string) string {
	if l.alias != "" {
		return path.Join(l.alias, strings.TrimPrefix(name, l.prefix))
	}
	return path.Join(l.root, path.Clean("/"+name))
}

// answer is return: a text, or a redirect.
func (l *nginxLocation) answer(w http.ResponseWriter, r *http.Request) {
	text := strings.NewReplacer("$host", strings.Split(r.Host, ":")[0], "$http_host", r.Host, "$request_uri", r.RequestURI, "$uri", r.URL.Path,
		"$scheme", "http", "$remote_addr", strings.Split(r.RemoteAddr, ":")[0], "$request_method", r.Method).Replace(l.body)
	if l.status/100 == 3 {
		w.Header().Set("Location", text)
		nginxStyle.Fail(w, l.status)
		return
	}
	if l.body == "" {
		nginxStyle.Fail(w, l.status)
		return
	}
	kind := l.kind
	if kind == "" {
		kind = "text/plain"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(l.status)
	_, _ = w.Write([]byte(text))
}

func statusNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n >= 200 && n < 600 {
		return n
	}
	return http.StatusNotFound
}
