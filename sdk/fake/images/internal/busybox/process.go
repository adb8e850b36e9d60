package busybox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func ps(_ context.Context, p *unix.Proc) int {
	o := parse(p, "aefuxwTo:p:")
	if len(p.Args) > 1 && !strings.HasPrefix(p.Args[1], "-") { // ps aux
		o = &options{}
	}
	if o == nil {
		return 1
	}
	user := userName(p, p.FS().Credentials().UID)
	columns := []string{"pid", "user", "time", "args"}
	if spec := o.value("o", ""); spec != "" {
		columns = strings.FieldsFunc(spec, func(r rune) bool { return r == ',' || r == ' ' })
	}
	formats := map[string]struct{ head, format string }{
		"pid": {"PID  ", "%5s"}, "ppid": {"PPID ", "%5s"}, "user": {"USER    ", "%-8s"}, "time": {"TIME ", "%5s"}, "args": {"COMMAND", "%s"},
		"comm": {"COMMAND         ", "%-16s"}, "etime": {"ELAPSED", "%7s"}, "stat": {"STAT", "%-4s"}, "vsz": {"VSZ ", "%4s"}, "rss": {"RSS ", "%4s"},
	}
	var heads []string
	for _, c := range columns {
		f, ok := formats[c]
		if !ok {
			return p.Errorf("bad -o argument '%s'", c)
		}
		heads = append(heads, f.head)
	}
	p.Printf("%s\n", strings.Join(heads, " "))
	for _, one := range p.Processes() {
		values := map[string]string{
			"pid": strconv.Itoa(one.PID), "ppid": "0", "user": user, "time": "0:00", "args": strings.Join(one.Args, " "), "comm": commandName(one),
			"etime": elapsed(time.Since(one.Started)), "stat": "S", "vsz": "4400", "rss": "1024",
		}
		var cells []string
		for _, c := range columns {
			cells = append(cells, fmt.Sprintf(formats[c].format, values[c]))
		}
		p.Printf("%s\n", strings.Join(cells, " "))
	}
	return 0
}

func elapsed(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

func commandName(one fake.ProcessInfo) string {
	if len(one.Args) == 0 {
		return ""
	}
	return strings.TrimPrefix(path.Base(one.Args[0]), "-")
}

func kill(_ context.Context, p *unix.Proc) int {
	args, s := p.Args[1:], syscall.SIGTERM
	if len(args) > 0 && args[0] == "-l" {
		if len(args) > 1 {
			if n, ok := unix.SignalByName(args[1]); ok {
				p.Printf("%s\n", unix.SignalName(n&0x7f))
				return 0
			}
		}
		for i, name := range unix.SignalNames() {
			p.Printf("%2d) %s\n", i+1, name)
		}
		return 0
	}
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0] != "--" {
		name := args[0][1:]
		if args = args[1:]; name == "s" && len(args) > 0 {
			name, args = args[0], args[1:]
		}
		var ok bool
		if s, ok = unix.SignalByName(name); !ok {
			return p.Errorf("bad signal name '%s'", name)
		}
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Errorf("you need to specify whom to kill")
	}
	code := 0
	for _, arg := range args {
		pid, err := strconv.Atoi(arg)
		if err != nil {
			code = p.Errorf("invalid number '%s'", arg)
			continue
		}
		if err := p.Kill(pid, s); err != nil {
			code = p.Errorf("can't kill pid %d: %s", pid, unix.Reason(err))
		}
	}
	return code
}

// signalOption reads -9 and -TERM, which getopt does not know.
func signalOption(p *unix.Proc) (syscall.Signal, bool) {
	for i, arg := range p.Args[1:] {
		if len(arg) > 1 && arg[0] == '-' {
			if s, ok := unix.SignalByName(arg[1:]); ok && arg != "-x" {
				p.Args = slices.Delete(slices.Clone(p.Args), i+1, i+2)
				return s, true
			}
		}
	}
	return syscall.SIGTERM, false
}

func killall(_ context.Context, p *unix.Proc) int {
	s, _ := signalOption(p)
	o := parse(p, "qle")
	if o == nil {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		found := false
		for _, one := range p.Processes() {
			if commandName(one) == name && one.PID != p.PID() {
				found = p.Kill(one.PID, s) == nil || found
			}
		}
		if !found {
			code = 1
			if !o.has("q") {
				p.Errorf("%s: no process killed", name)
			}
		}
	}
	return code
}

func pidof(_ context.Context, p *unix.Proc) int {
	o := parse(p, "so:")
	if o == nil {
		return 1
	}
	var pids []string
	for _, one := range p.Processes() {
		if slices.Contains(o.rest, commandName(one)) && one.PID != p.PID() {
			pids = append([]string{strconv.Itoa(one.PID)}, pids...)
		}
	}
	if o.has("s") {
		pids = pids[:min(1, len(pids))]
	}
	if len(pids) == 0 {
		return 1
	}
	p.Printf("%s\n", strings.Join(pids, " "))
	return 0
}

// pgrep is pkill too.
func pgrep(_ context.Context, p *unix.Proc) int {
	kills := path.Base(p.Args[0]) == "pkill"
	s := syscall.SIGTERM
	if kills {
		s, _ = signalOption(p)
	}
	o := parse(p, "flaxovns:P:")
	if o == nil || len(o.rest) == 0 {
		return p.Errorf("usage: %s [-flx] PATTERN", path.Base(p.Args[0]))
	}
	pattern := o.rest[0]
	if o.has("x") {
		pattern = "^(" + pattern + ")$"
	}
	re, err := regexp.Compile(classes(pattern))
	if err != nil {
		return p.Errorf("bad regex '%s'", pattern)
	}
	code := 1
	for _, one := range p.Processes() {
		text := commandName(one)
		if o.has("f") {
			text = strings.Join(one.Args, " ")
		}
		if one.PID == p.PID() || re.MatchString(text) == o.has("v") {
			continue
		}
		code = 0
		switch {
		case kills:
			_ = p.Kill(one.PID, s)
		case o.has("l", "a"):
			p.Printf("%d %s\n", one.PID, strings.Join(one.Args, " "))
		default:
			p.Printf("%d\n", one.PID)
		}
	}
	return code
}

// duration reads 5, 0.5, 5s, 2m, 1h or 1d.
func duration(s string) (time.Duration, bool) {
	unit := time.Second
	if s != "" {
		for c, u := range map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour} {
			if s[len(s)-1] == c {
				s, unit = s[:len(s)-1], u
				break
			}
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	return time.Duration(min(n*float64(unit), float64(1<<62))), true
}

func sleep(ctx context.Context, p *unix.Proc) int {
	var total time.Duration
	if len(p.Args) < 2 {
		return p.Errorf("missing operand")
	}
	for _, arg := range p.Args[1:] {
		if arg == "infinity" || arg == "inf" {
			total = 1 << 62
			break
		}
		d, ok := duration(arg)
		if !ok {
			return p.Errorf("invalid number '%s'", arg)
		}
		total += d
	}
	return p.Pause(ctx, total)
}

func usleep(ctx context.Context, p *unix.Proc) int {
	n := 0
	if len(p.Args) > 1 {
		n = atoiOr(p.Args[1], 0)
	}
	return p.Pause(ctx, time.Duration(n)*time.Microsecond)
}

func timeout(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+s:k:t:", "signal=s", "kill-after=k", "preserve-status", "foreground")
	if o == nil || len(o.rest) < 2 {
		return p.Errorf("usage: timeout [-s SIG] [-k KILL_SECS] SECS PROG ARGS")
	}
	limit, ok := duration(o.rest[0])
	s, known := unix.SignalByName(o.value("s", "TERM"))
	if !ok || !known {
		return p.Errorf("invalid number '%s'", o.rest[0])
	}
	r, code := p.Launch(o.rest[1:], p.Files)
	if r == nil {
		return code
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-r.Done():
		return r.Wait()
	case <-ctx.Done():
		_ = p.Kill(r.PID(), syscall.SIGTERM)
		return 1
	case <-timer.C:
		_ = p.Kill(r.PID(), s)
	}
	if after, ok := duration(o.value("k", "x")); ok {
		timer.Reset(after)
		select {
		case <-r.Done():
		case <-ctx.Done():
		case <-timer.C:
			_ = p.Kill(r.PID(), syscall.SIGKILL)
		}
	}
	select {
	case <-r.Done():
	case <-ctx.Done():
		return 1
	}
	p.Die(s) // to who waits it is the command that was killed
	return 128 + int(s)
}

// become runs the rest of a command line in the place of this command.
func become(ctx context.Context, p *unix.Proc, args []string) int {
	c, withArgs, code, err := p.Find(args)
	if err != nil {
		p.Errorf("can't execute '%s': %s", args[0], "No such file or directory")
		return code
	}
	return p.Become(ctx, c, withArgs, p.Files)
}

func nohup(ctx context.Context, p *unix.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("usage: %s PROG ARGS", path.Base(p.Args[0]))
	}
	return become(ctx, p, p.Args[1:])
}

func nice(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+n:")
	if o == nil {
		return 1
	}
	if len(o.rest) == 0 {
		p.Printf("0\n")
		return 0
	}
	return become(ctx, p, o.rest)
}

func timeCommand(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+vpao:f:")
	if o == nil || len(o.rest) == 0 {
		return 1
	}
	begin := time.Now()
	code := p.Run(ctx, o.rest)
	d := time.Since(begin)
	fmt.Fprintf(p.Stderr, "real\t%dm %.2fs\nuser\t0m 0.00s\nsys\t0m 0.00s\n", int(d.Minutes()), d.Seconds()-60*float64(int(d.Minutes())))
	return code
}

func watch(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+tn:")
	if o == nil || len(o.rest) == 0 {
		return 1
	}
	every, ok := duration(o.value("n", "2"))
	if !ok {
		return p.Errorf("invalid number '%s'", o.value("n", ""))
	}
	for {
		if !o.has("t") {
			p.Printf("\x1b[H\x1b[JEvery %.1fs: %-59s%s\n\n", every.Seconds(), strings.Join(o.rest, " "), time.Now().UTC().Format(time.DateTime))
		}
		p.Run(ctx, []string{"sh", "-c", strings.Join(o.rest, " ")})
		if p.Pause(ctx, every) != 0 {
			return 1
		}
	}
}

func xargs(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+0rtxpn:I:L:P:s:d:i", "no-run-if-empty=r", "null=0", "max-args=n", "max-procs=P")
	if o == nil {
		return 1
	}
	words, err := xargsWords(p, o)
	if err != nil {
		return p.Errorf("%v", err)
	}
	command := o.rest
	if len(command) == 0 {
		command = []string{"echo"}
	}
	most, ok := o.number(p, "n", max(len(words), 1))
	if !ok || most < 1 {
		return 1
	}
	replace := o.value("I", "")
	if o.has("i") {
		replace = "{}"
	}
	if replace != "" {
		most = 1
	}
	if len(words) == 0 && (o.has("r") || replace != "") {
		return 0
	}
	code := 0
	for begin := 0; begin == 0 || begin < len(words); begin += most {
		batch := words[begin:min(begin+most, len(words))]
		args := slices.Clone(command)
		if replace == "" {
			args = append(args, batch...)
		} else {
			for i, arg := range args {
				args[i] = strings.ReplaceAll(arg, replace, batch[0])
			}
		}
		if o.has("t") {
			fmt.Fprintln(p.Stderr, strings.Join(args, " "))
		}
		_, _, n, err := p.Find(args)
		if err != nil {
			p.Errorf("%s: No such file or directory", args[0])
		} else {
			n = p.Run(ctx, args)
		}
		switch {
		case ctx.Err() != nil:
			return 1
		case n == 126 || n == 127:
			return n
		case n == 255:
			return 124
		case n > 128:
			return 125
		case n != 0:
			code = 123
		}
	}
	return code
}

func xargsWords(p *unix.Proc, o *options) ([]string, error) {
	data, err := io.ReadAll(bufio.NewReader(p.Stdin))
	if err != nil {
		return nil, err
	}
	text := string(data)
	separator := o.value("d", "")
	if o.has("0") {
		separator = "\x00"
	}
	if o.has("I", "i", "L") && separator == "" {
		separator = "\n"
	}
	if separator != "" {
		separator, _ = unescape(separator, false)
		words := strings.Split(strings.TrimSuffix(text, separator), separator)
		return slices.DeleteFunc(words, func(w string) bool { return w == "" && separator != "\x00" }), nil
	}
	return quotedWords(text)
}

// quotedWords splits at blanks, but for quotes and backslashes.
func quotedWords(text string) (words []string, err error) {
	var b strings.Builder
	var quote byte
	in := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, in = c, true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
			in = true
		case strings.IndexByte(" \t\n\r", c) >= 0:
			if in {
				words = append(words, b.String())
			}
			b.Reset()
			in = false
		default:
			b.WriteByte(c)
			in = true
		}
	}
	if quote != 0 {
		return nil, errors.New("unmatched quote")
	}
	if in {
		words = append(words, b.String())
	}
	return words, nil
}
