package agnhost

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// run is one call of a command: its process, its log, and how it ends early.
type run struct {
	*unix.Proc
	log  *log.Logger
	exit func(code int) // may be called more than once, by any goroutine; the first counts
	rest []string
}

// command registers its flags, and returns what to do once they are read.
type command func(f *flag.FlagSet) func(ctx context.Context, r *run) int

// commands is filled by init, since help looks into it.
var commands map[string]command

func init() {
	commands = map[string]command{
		"connect": connect, "dns-server-list": dnsServerList, "dns-suffix": dnsSuffix, "entrypoint-tester": entrypointTester,
		"etc-hosts": etcHosts, "grpc-health-checking": grpcHealthChecking, "guestbook": guestbookCommand, "liveness": liveness,
		"logs-generator": logsGenerator, "mounttest": mounttest, "netexec": netexec, "pause": pause, "port-forward-tester": portForwardTester,
		"porter": porter, "serve-hostname": serveHostname, "test-webserver": testWebserver,
	}
}

// Version is what agnhost calls itself.
const Version = "2.66.1"

// Main is the file agnhost, by any name.
func Main(ctx context.Context, p *unix.Proc) int {
	if len(p.Args) < 2 {
		fmt.Fprintf(p.Stderr, "no command; there are: %s\n", names())
		return 1
	}
	name := p.Args[1]
	if name == "--version" || name == "--help" {
		p.Printf("agnhost version %s: %s\n", Version, names())
		return 0
	}
	make, ok := commands[name]
	if !ok {
		fmt.Fprintf(p.Stderr, "Error: unknown command %q for \"app\"; this agnhost has: %s\n", name, names())
		return 1
	}
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	for _, of := range []string{"v", "vmodule", "log-flush-frequency", "logging-format", "stderrthreshold"} {
		f.String(of, "", "of klog, which is not there")
	}
	for _, of := range []string{"alsologtostderr", "logtostderr"} {
		f.Bool(of, false, "of klog, which is not there")
	}
	do := make(f)
	r := &run{Proc: p, log: log.New(p.Stderr, "", log.LstdFlags|log.LUTC)}
	if err := f.Parse(permuted(f, p.Args[2:])); err != nil && name != "entrypoint-tester" {
		fmt.Fprintf(p.Stderr, "Error: %v\n", err)
		return 1
	}
	r.rest = f.Args()
	return r.until(ctx, do)
}

func names() string { return strings.Join(slices.Sorted(maps.Keys(commands)), ", ") }

// permuted puts the flags first, as pflag reads them.
func permuted(f *flag.FlagSet, args []string) []string {
	var flags, rest []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			rest = append(rest, arg)
			continue
		}
		if arg == "--" {
			return append(append(append(flags, "--"), rest...), args[i+1:]...)
		}
		flags = append(flags, arg)
		known := f.Lookup(strings.TrimLeft(arg, "-"))
		if known == nil {
			continue
		}
		if b, ok := known.Value.(interface{ IsBoolFlag() bool }); (!ok || !b.IsBoolFlag()) && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	return append(append(flags, "--"), rest...)
}

// until runs a command that any of its goroutines may end by exit.
func (r *run) until(ctx context.Context, do func(context.Context, *run) int) int {
	exited := make(chan int, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.exit = func(code int) {
		select {
		case exited <- code:
			cancel()
		default:
		}
	}
	code := do(ctx, r)
	select {
	case code = <-exited:
	default:
	}
	return code
}

// fatal is log.Fatal.
func (r *run) fatal(args ...any) int {
	r.log.Print(args...)
	return 1
}

// signals returns a channel of the signals that are given, which then do nothing else.
func (r *run) signals(wanted ...syscall.Signal) <-chan syscall.Signal {
	got := make(chan syscall.Signal, 1)
	r.Catch(func(s syscall.Signal) bool {
		if !slices.Contains(wanted, s) {
			return false
		}
		select {
		case got <- s:
		default:
		}
		return true
	})
	return got
}

// entrypointTester prints its command line.
func entrypointTester(*flag.FlagSet) func(context.Context, *run) int {
	return func(_ context.Context, r *run) int {
		r.Printf("%v\n", r.Args)
		return 0
	}
}

// pause waits for a signal, and leaves word of it.
func pause(*flag.FlagSet) func(context.Context, *run) int {
	return func(ctx context.Context, r *run) int {
		r.Printf("Paused\n")
		signals := r.signals(syscall.SIGINT, syscall.SIGTERM)
		r.Printf("Signals registered\n")
		select {
		case <-ctx.Done():
			return 1
		case s := <-signals:
			name := r.Getenv("TERMINATION_MESSAGE_PATH")
			if name == "" {
				name = "/dev/termination-log"
			}
			text := fmt.Sprintf("exiting because of signal %q\n", s)
			_ = r.FS().WriteFile(name, []byte(text), 0o644)
			r.Printf("%s", text)
			if s == syscall.SIGINT {
				return 1
			}
			return 2
		}
	}
}

// logsGenerator prints lines at even times.
func logsGenerator(f *flag.FlagSet) func(context.Context, *run) int {
	var lines int
	var all time.Duration
	f.IntVar(&lines, "log-lines-total", 0, "")
	f.IntVar(&lines, "t", 0, "")
	f.DurationVar(&all, "run-duration", 0, "")
	f.DurationVar(&all, "d", 0, "")
	return func(ctx context.Context, r *run) int {
		switch {
		case lines <= 0:
			return r.fatal("Invalid total number of lines: ", lines)
		case all <= 0:
			return r.fatal("Invalid duration: ", all)
		}
		ticker := time.NewTicker(all / time.Duration(lines))
		defer ticker.Stop()
		for i := range lines {
			now := time.Now().UTC()
			fmt.Fprintf(r.Stderr, "I%s %7d logs_generator.go:76] %s\n", now.Format("0102 15:04:05.000000"), r.PID(), logLine(i))
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return 1
			}
		}
		return 0
	}
}

// logLine is a line that looks like one of an API server. What agnhost draws at random is here the same in each run.
func logLine(id int) string {
	n := uint32(id)*2654435761 + 12345
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	name := make([]byte, 3+n%2)
	for i := range name {
		n = n*1664525 + 1013904223
		name[i] = letters[(n>>16)%uint32(len(letters))]
	}
	method, namespace := []string{"GET", "POST", "PUT"}[(n>>8)%3], []string{"kube-system", "default", "ns"}[(n>>12)%3]
	return fmt.Sprintf("%d %s /api/v1/namespaces/%s/pods/%s %d", id, method, namespace, name, 200+(n>>10)%400)
}
