package busybox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

// nc connects or listens. UDP is not there.
func nc(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "lkp:w:i:vnzue:s:q:N")
	if o == nil {
		return 1
	}
	if o.has("u") {
		return p.Errorf("-u: UDP is not supported by this network")
	}
	if o.has("l") {
		port := o.value("p", "")
		if port == "" && len(o.rest) > 0 {
			port = o.rest[len(o.rest)-1]
		}
		return ncListen(ctx, p, o, port)
	}
	if len(o.rest) != 2 {
		return p.Errorf("usage: nc [-l] [-p PORT] [HOST PORT]")
	}
	return ncDial(ctx, p, o)
}

func ncDial(ctx context.Context, p *unix.Proc, o *options) int {
	dial := ctx
	if limit, ok := duration(o.value("w", "x")); ok {
		var cancel context.CancelFunc
		dial, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	host, port := o.rest[0], o.rest[1]
	conn, err := p.DialContext(dial, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		if isBadAddress(err) {
			return p.Errorf("bad address '%s'", host)
		}
		return p.Errorf("can't connect to remote host (%s): %s", host, unix.Reason(err))
	}
	defer conn.Close()
	if o.has("v") {
		fmt.Fprintf(p.Stderr, "%s (%s) open\n", net.JoinHostPort(host, port), conn.RemoteAddr())
	}
	if o.has("z") {
		return 0
	}
	idle, _ := duration(o.value("w", "0"))
	return ncTalk(ctx, p, o, conn, idle)
}

func isBadAddress(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns)
}

func ncListen(ctx context.Context, p *unix.Proc, o *options, port string) int {
	l, err := p.Listen("tcp", ":"+port)
	if err != nil {
		return p.Errorf("bind: %s", unix.Reason(err))
	}
	defer l.Close()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			return 1
		}
		code := ncTalk(ctx, p, o, conn, 0)
		_ = conn.Close()
		if !o.has("k") || ctx.Err() != nil {
			return code
		}
	}
}

// ncTalk copies both ways. It is over when the other side is, or was silent for as long as given.
func ncTalk(ctx context.Context, p *unix.Proc, o *options, conn net.Conn, idle time.Duration) int {
	if command := o.value("e", ""); command != "" {
		f := unix.NewFile(conn, conn, nil)
		defer f.Close()
		return p.RunWith(ctx, append([]string{command}, o.rest...), [3]*unix.File{f, f, p.Files[2]})
	}
	over, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(over, func() { _ = conn.Close() })
	defer stop()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if p.Files[0] == nil {
			return
		}
		_, _ = io.Copy(conn, p.Files[0].Reader(over))
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	}()
	_, err := io.Copy(p.Stdout, &idleReader{conn, idle})
	cancel()
	<-sent
	return boolCode(err == nil || ctx.Err() == nil)
}

// idleReader ends when nothing comes for a while; 0 is for ever.
type idleReader struct {
	net.Conn
	idle time.Duration
}

func (r *idleReader) Read(b []byte) (int, error) {
	if r.idle > 0 {
		_ = r.SetReadDeadline(time.Now().Add(r.idle))
	}
	return r.Conn.Read(b)
}

func nslookup(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "dt:")
	if o == nil || len(o.rest) == 0 {
		return p.Errorf("usage: nslookup HOST")
	}
	name := o.rest[0]
	server := "10.96.0.10"
	for line := range strings.Lines(readText(p, "/etc/resolv.conf")) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "nameserver" {
			server = f[1]
			break
		}
	}
	p.Printf("Server:\t\t%s\nAddress:\t%s:53\n\n", server, server)
	addresses, err := p.LookupHost(ctx, name)
	if err != nil {
		p.Printf("** server can't find %s: NXDOMAIN\n\n", name)
		return 1
	}
	for _, ip := range addresses {
		p.Printf("Name:\t%s\nAddress: %s\n", strings.TrimSuffix(name, "."), ip)
	}
	p.Printf("\n")
	return 0
}

func readText(p *unix.Proc, name string) string {
	data, _ := p.FS().ReadFile(name)
	return string(data)
}

// ping has no ICMP.
func ping(_ context.Context, p *unix.Proc) int {
	return p.Errorf("permission denied: this network has no ICMP; try nc -z HOST PORT")
}

// ip shows the pod's one address.
func ip(_ context.Context, p *unix.Proc) int {
	address := p.Pod().Status.PodIP
	if path.Base(p.Args[0]) == "ifconfig" {
		p.Printf("eth0      Link encap:Ethernet\n          inet addr:%s  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n", address)
		p.Printf("lo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n")
		return 0
	}
	what := "addr"
	for _, arg := range p.Args[1:] {
		if !strings.HasPrefix(arg, "-") {
			what = arg
			break
		}
	}
	if !strings.HasPrefix("address", what) {
		return p.Errorf("ip %s is not supported", what)
	}
	p.Printf("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    inet 127.0.0.1/8 scope host lo\n")
	p.Printf("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n    inet %s/24 scope global eth0\n", address)
	return 0
}

// httpd serves files, in the background unless -f.
func httpd(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "fivp:h:u:c:r:")
	if o == nil {
		return 1
	}
	root := path.Join(p.Dir, o.value("h", "."))
	if h := o.value("h", ""); path.IsAbs(h) {
		root = h
	}
	if info, err := p.FS().Stat(root); err != nil || !info.IsDir() {
		return p.Errorf("can't change directory to '%s': No such file or directory", root)
	}
	address := o.value("p", "80")
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	serve := func(ctx context.Context, p *unix.Proc) int {
		h := web.Files(p, root, httpdStyle)
		if o.has("v") {
			h = web.Logged(h, func(r web.Request) {
				fmt.Fprintf(p.Stderr, "[::ffff:%s]: response:%d\n", r.RemoteAddr, r.Status)
			})
		}
		return web.Serve(ctx, p, h, address)
	}
	if o.has("f") {
		return serve(ctx, p)
	}
	// The listener is opened by the process that serves; that it is, or cannot be, must be known when this one ends.
	ready := make(chan int, 1)
	p.Start(func(ctx context.Context, q *unix.Proc) int {
		l, err := q.Listen("tcp", address)
		if err != nil {
			ready <- q.Errorf("bind: %s", unix.Reason(err))
			return 1
		}
		ready <- 0
		h := web.Files(q, root, httpdStyle)
		return web.ServeOn(ctx, q, h, l)
	}, p.Args, p.Files)
	select {
	case code := <-ready:
		return code
	case <-ctx.Done():
		return 1
	}
}

var httpdStyle = web.Style{
	Server: "httpd",
	Page: func(status int) (string, string) {
		text := http.StatusText(status)
		return fmt.Sprintf("<HTML><HEAD><TITLE>%d %s</TITLE></HEAD>\n<BODY><H1>%d %s</H1>\n%s\n</BODY></HTML>\n",
			status, text, status, text, map[int]string{http.StatusNotFound: "The requested URL was not found"}[status]), "text/html"
	},
}

// netstat lists who is listened for. Connections are not shown.
func netstat(_ context.Context, p *unix.Proc) int {
	if parse(p, "laentuwxrWpH") == nil {
		return 1
	}
	p.Printf("Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address           Foreign Address         State\n")
	for _, a := range p.Listening() {
		p.Printf("tcp        0      0 %-23s %-23s LISTEN\n", a, "0.0.0.0:*")
	}
	return 0
}
