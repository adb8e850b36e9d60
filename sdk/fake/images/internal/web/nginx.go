package web

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

const nginxVersion = "1.27.0"

// Nginx is the program nginx: it reads /etc/nginx/conf.d/*.conf, serves what they say, and logs as it does. Of its options it knows -g and
// -t, -v, -V, -T, -c, -s; what its configuration has beside listen, server_name, root, index, location with root, alias, return and
// try_files, and access_log and error_log, is an error that names it.
func Nginx(ctx context.Context, p *unix.Proc) int {
	check := false
	for i := 1; i < len(p.Args); i++ {
		switch arg := p.Args[i]; arg {
		case "-v":
			fmt.Fprintf(p.Stderr, "nginx version: nginx/%s\n", nginxVersion)
			return 0
		case "-t":
			check = true
		case "-g", "-c":
			i++
		case "-s":
			return nginxSignal(p, strings.Join(p.Args[i+1:], " "))
		default:
			fmt.Fprintf(p.Stderr, "nginx: invalid option: \"%s\"\n", strings.TrimLeft(arg, "-"))
			return 1
		}
	}
	servers, err := readNginx(p)
	if err != nil {
		nginxLog(p, "emerg", "%v", err)
		if check {
			fmt.Fprintln(p.Stderr, "nginx: configuration file /etc/nginx/nginx.conf test failed")
		}
		return 1
	}
	if check {
		fmt.Fprint(p.Stderr, "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"+
			"nginx: configuration file /etc/nginx/nginx.conf test is successful\n")
		return 0
	}
	return serveNginx(ctx, p, servers)
}

// nginxSignal is nginx -s.
func nginxSignal(p *unix.Proc, name string) int {
	s, ok := map[string]syscall.Signal{
		"stop": syscall.SIGTERM, "quit": syscall.SIGQUIT, "reload": syscall.SIGHUP, "reopen": unix.SIGUSR1,
	}[name]
	if !ok {
		fmt.Fprintf(p.Stderr, "nginx: invalid option: \"-s %s\"\n", name)
		return 1
	}
	for _, other := range p.Processes() {
		if len(other.Args) > 0 && path.Base(other.Args[0]) == "nginx" && other.PID != p.PID() {
			if err := p.Kill(other.PID, s); err != nil {
				return 1
			}
			return 0
		}
	}
	nginxLog(p, "error", "open() \"/run/nginx.pid\" failed (2: No such file or directory)")
	return 1
}

// serveNginx serves until it is told to stop; SIGHUP reads the configuration again.
func serveNginx(ctx context.Context, p *unix.Proc, servers []*nginxServer) int {
	signals := make(chan syscall.Signal, 1)
	p.Catch(func(s syscall.Signal) bool {
		switch s {
		case syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP:
			select {
			case signals <- s:
			default:
			}
			return true
		}
		return s == unix.SIGUSR1 || s == unix.SIGWINCH
	})
	nginxLog(p, "notice", "using the \"epoll\" event method")
	nginxLog(p, "notice", "nginx/%s", nginxVersion)
	nginxLog(p, "notice", "start worker processes")
	for {
		round, stop := context.WithCancel(ctx)
		ended := make(chan int, 1)
		go func() { ended <- servePorts(round, p, servers) }()
		select {
		case code := <-ended:
			stop()
			return code
		case s := <-signals:
			stop()
			<-ended
			nginxLog(p, "notice", "signal %d (SIG%s) received, %s", s, unix.SignalName(s), map[bool]string{true: "reconfiguring", false: "exiting"}[s == syscall.SIGHUP])
			if s != syscall.SIGHUP {
				nginxLog(p, "notice", "exit")
				return 0
			}
			if again, err := readNginx(p); err != nil {
				nginxLog(p, "emerg", "%v", err)
			} else {
				servers = again
			}
		}
	}
}

// servePorts answers on the ports of all servers. Servers of one port are told apart by the name that is asked for.
func servePorts(ctx context.Context, p *unix.Proc, servers []*nginxServer) int {
	byAddress := map[string][]*nginxServer{}
	var addresses []string
	for _, s := range servers {
		for _, address := range s.listen {
			if byAddress[address] == nil {
				addresses = append(addresses, address)
			}
			byAddress[address] = append(byAddress[address], s)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	codes := make(chan int, len(addresses))
	for _, address := range addresses {
		l, err := p.Listen("tcp", address)
		if err != nil {
			nginxLog(p, "emerg", "bind() to 0.0.0.0%s failed (98: %s)", address, unix.Reason(err))
			cancel()
			codes <- 1
			continue
		}
		h := Logged(nginxHandler(p, byAddress[address]), func(r Request) { accessLog(p, r) })
		go func() { codes <- ServeOn(ctx, p, h, l) }()
	}
	worst := 0
	for range addresses {
		worst = max(worst, <-codes)
	}
	return worst
}

// accessLog is the format main of the image's nginx.conf.
func accessLog(p *unix.Proc, r Request) {
	forwarded := OrDash(r.Header.Get("X-Forwarded-For"))
	p.Printf("%s - - [%s] \"%s %s %s\" %d %d \"%s\" \"%s\" \"%s\"\n", r.Client, r.At.UTC().Format("02/Jan/2006:15:04:05 -0700"),
		r.Method, r.RequestURI, r.Proto, r.Status, r.Bytes, OrDash(r.Referer()), OrDash(r.UserAgent()), forwarded)
}

func nginxLog(p *unix.Proc, level, format string, args ...any) {
	fmt.Fprintf(p.Stderr, "%s [%s] %d#%d: %s\n", time.Now().UTC().Format("2006/01/02 15:04:05"), level, p.PID(), p.PID(), fmt.Sprintf(format, args...))
}

// nginxStyle is how its pages look.
var nginxStyle = Style{
	Server: "nginx/" + nginxVersion,
	Page: func(status int) (string, string) {
		text := http.StatusText(status)
		if status == http.StatusMethodNotAllowed {
			text = "Not Allowed"
		}
		return fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n<hr><center>nginx/%s</center>\r\n</body>\r\n</html>\r\n",
			status, text, status, text, nginxVersion), "text/html"
	},
}

// nginxHandler answers for the servers of one address.
func nginxHandler(p *unix.Proc, servers []*nginxServer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", nginxStyle.Server)
		serverOf(servers, r.Host).serve(w, r, p)
	})
}

func serverOf(servers []*nginxServer, host string) *nginxServer {
	name, _, _ := strings.Cut(host, ":")
	for _, s := range servers {
		for _, n := range s.names {
			if n == name {
				return s
			}
		}
	}
	return servers[0]
}

func (s *nginxServer) serve(w http.ResponseWriter, r *http.Request, p *unix.Proc) {
	l := s.location(r.URL.Path)
	switch {
	case l.status != 0:
		l.answer(w, r)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		nginxStyle.Fail(w, http.StatusMethodNotAllowed)
		return
	}
	for i, name := range l.try {
		name = strings.ReplaceAll(name, "$uri", r.URL.Path)
		if status, ok := strings.CutPrefix(name, "="); ok && i == len(l.try)-1 {
			nginxStyle.Fail(w, statusNumber(status))
			return
		}
		info, err := p.FS().Stat(l.file(name))
		if i == len(l.try)-1 || err == nil && info.IsDir() == strings.HasSuffix(name, "/") {
			l.serveFile(w, r, p, name)
			return
		}
	}
	l.serveFile(w, r, p, r.URL.Path)
}

// serveFile answers with a file, by its name below the root.
func (l *nginxLocation) serveFile(w http.ResponseWriter, r *http.Request, p *unix.Proc, name string) {
	file := l.file(name)
	info, err := p.FS().Stat(file)
	if err == nil && info.IsDir() {
		if !strings.HasSuffix(name, "/") {
			w.Header().Set("Location", "http://"+r.Host+name+"/")
			nginxStyle.Fail(w, http.StatusMovedPermanently)
			return
		}
		dir := file
		for _, index := range l.index {
			file = path.Join(dir, index)
			if info, err = p.FS().Stat(file); err == nil {
				break
			}
		}
		if err != nil {
			nginxLog(p, "error", "directory index of \"%s/\" is forbidden, client: %s", dir, r.RemoteAddr)
			nginxStyle.Fail(w, http.StatusForbidden)
			return
		}
	}
	if err != nil {
		nginxLog(p, "error", "open() \"%s\" failed (2: No such file or directory), client: %s, server: localhost, request: \"%s %s %s\", host: \"%s\"",
			file, r.RemoteAddr, r.Method, r.RequestURI, r.Proto, r.Host)
		nginxStyle.Fail(w, statusOf(err))
		return
	}
	nginxStyle.file(w, r, p, file, info)
}
