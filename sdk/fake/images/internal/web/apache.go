package web

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// htdocs is where Apache's image has its pages.
const htdocs = "/usr/local/apache2/htdocs"

// Apache is httpd-foreground, and httpd -DFOREGROUND: the pages of the image, or of what is mounted over them. Its configuration is
// not read.
func Apache(ctx context.Context, p *unix.Proc) int {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p.Catch(func(s syscall.Signal) bool {
		switch s {
		case syscall.SIGTERM, unix.SIGWINCH, syscall.SIGINT: // the image's stop signal is WINCH
			stop()
			return true
		}
		return s == unix.SIGUSR1 || s == syscall.SIGHUP
	})
	apacheLog(p, "mpm_event:notice", "AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations")
	apacheLog(p, "core:notice", "AH00094: Command line: 'httpd -D FOREGROUND'")
	h := Logged(Files(p, htdocs, apacheStyle), func(r Request) {
		p.Printf("%s - - [%s] \"%s %s %s\" %d %d\n", r.Client, r.At.UTC().Format("02/Jan/2006:15:04:05 -0700"), r.Method, r.RequestURI, r.Proto, r.Status, r.Bytes)
	})
	if code := Serve(ctx, p, h, ":80"); code != 0 {
		return code
	}
	apacheLog(p, "mpm_event:notice", "AH00491: caught SIGTERM, shutting down")
	return 0
}

func apacheLog(p *unix.Proc, module, text string) {
	fmt.Fprintf(p.Stderr, "[%s] [%s] [pid %d:tid %d] %s\n", time.Now().UTC().Format("Mon Jan 02 15:04:05.000000 2006"), module, p.PID(), p.PID(), text)
}

var apacheStyle = Style{
	Server: "Apache/2.4.62 (Unix)",
	Page: func(status int) (string, string) {
		text := http.StatusText(status)
		why := map[int]string{
			http.StatusNotFound:  "<p>The requested URL was not found on this server.</p>",
			http.StatusForbidden: "<p>You don't have permission to access this resource.</p>",
		}[status]
		return fmt.Sprintf("<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>%d %s</title>\n</head><body>\n<h1>%s</h1>\n%s\n</body></html>\n",
			status, text, text, why), "text/html; charset=iso-8859-1"
	},
	List: func(name string, entries []fs.DirEntry) string {
		var b strings.Builder
		fmt.Fprintf(&b, "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html>\n <head>\n  <title>Index of %s</title>\n </head>\n <body>\n<h1>Index of %s</h1>\n<ul>", name, name)
		for _, e := range entries {
			text := e.Name()
			if e.IsDir() {
				text += "/"
			}
			fmt.Fprintf(&b, "<li><a href=\"%s\"> %s</a></li>\n", text, text)
		}
		b.WriteString("</ul>\n</body></html>\n")
		return b.String()
	},
}
