package web

import (
	"strings"
	"testing"
)

func TestNginxConfiguration(t *testing.T) {
	for _, tc := range []struct{ rule, text, want string }{
		{"an unknown directive", "server {\n  gzip on;\n}", `directive "gzip" is not supported by this nginx in x.conf:2`},
		{"an unknown block", "server { if ($x) { return 1; } }", `block "if" is not supported`},
		{"a location by expression", "server { location ~ x { } }", `location "~ x" is not supported`},
		{"something outside of a server", "upstream a { }", `directive "upstream" is not supported`},
		{"a file that ends early", "server { listen 80", "unexpected end of file"},
	} {
		_, err := (&confReader{file: "x.conf", text: tc.text, line: 1}).servers()
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.rule, err, tc.want)
		}
	}
}

func TestNginxLocations(t *testing.T) {
	const text = `# a comment
server {
  listen 8080; listen [::]:8080; server_name a.example b.example;
  location / { root /srv; }
  location /img/ { alias /pictures/; }
  location = /x { return 204; }
  root /usr/share;
}`
	servers, err := (&confReader{file: "x.conf", text: text, line: 1}).servers()
	if err != nil || len(servers) != 1 {
		t.Fatalf("%d servers, %v", len(servers), err)
	}
	s := servers[0]
	if len(s.listen) != 1 || s.listen[0] != ":8080" || len(s.names) != 2 {
		t.Errorf("listens on %q as %q", s.listen, s.names)
	}
	for path, want := range map[string]string{"/a/b": "/srv/a/b", "/img/c.png": "/pictures/c.png", "/../etc": "/srv/etc"} {
		if got := s.location(path).file(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if l := s.location("/x"); l.status != 204 {
		t.Errorf("/x returns %d", l.status)
	}
}
