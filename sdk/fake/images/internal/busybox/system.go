package busybox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	corev1 "k8s.io/api/core/v1"
)

func env(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+i0u:", "ignore-environment=i", "unset=u")
	if o == nil {
		return 1
	}
	all := slices.Clone(p.Env)
	if o.has("i") {
		all = nil
	}
	for _, name := range o.values["u"] {
		all = slices.DeleteFunc(all, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
	}
	args := o.rest
	if len(args) > 0 && args[0] == "-" {
		all, args = nil, args[1:]
	}
	for len(args) > 0 && strings.Contains(args[0], "=") {
		name, _, _ := strings.Cut(args[0], "=")
		all = slices.DeleteFunc(all, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
		all, args = append(all, args[0]), args[1:]
	}
	if len(args) == 0 {
		for _, pair := range all {
			p.Printf("%s\n", pair)
		}
		return 0
	}
	p.Env = all
	return become(ctx, p, args)
}

func printenv(_ context.Context, p *unix.Proc) int {
	if len(p.Args) == 1 {
		for _, pair := range p.Env {
			p.Printf("%s\n", pair)
		}
		return 0
	}
	code := 0
	for _, name := range p.Args[1:] {
		if !slices.ContainsFunc(p.Env, func(pair string) bool { return strings.HasPrefix(pair, name+"=") }) {
			code = 1
			continue
		}
		p.Printf("%s\n", p.Getenv(name))
	}
	return code
}

func pwd(_ context.Context, p *unix.Proc) int {
	p.Printf("%s\n", p.Dir)
	return 0
}

func id(_ context.Context, p *unix.Proc) int {
	o := parse(p, "ugGnr")
	if o == nil {
		return 1
	}
	who := p.FS().Credentials()
	user, group := userName(p, who.UID), groupName(p, who.GID)
	all := []int{who.GID}
	for _, g := range who.Groups {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	var numbers, names []string
	for _, g := range all {
		numbers, names = append(numbers, strconv.Itoa(g)), append(names, groupName(p, g))
	}
	pick := func(n int, name string) {
		if o.has("n") {
			p.Printf("%s\n", name)
			return
		}
		p.Printf("%d\n", n)
	}
	switch {
	case o.has("u"):
		pick(who.UID, user)
	case o.has("g"):
		pick(who.GID, group)
	case o.has("G") && o.has("n"):
		p.Printf("%s\n", strings.Join(names, " "))
	case o.has("G"):
		p.Printf("%s\n", strings.Join(numbers, " "))
	default:
		named := func(n int, name string) string {
			if name == strconv.Itoa(n) {
				return name
			}
			return fmt.Sprintf("%d(%s)", n, name)
		}
		var list []string
		for i, g := range all {
			list = append(list, named(g, names[i]))
		}
		text := fmt.Sprintf("uid=%s gid=%s", named(who.UID, user), named(who.GID, group))
		if len(list) > 0 {
			text += " groups=" + strings.Join(list, ",")
		}
		p.Printf("%s\n", text)
	}
	return 0
}

func whoami(_ context.Context, p *unix.Proc) int {
	uid := p.FS().Credentials().UID
	name := userName(p, uid)
	if name == strconv.Itoa(uid) {
		return p.Errorf("unknown uid %d", uid)
	}
	p.Printf("%s\n", name)
	return 0
}

func groups(_ context.Context, p *unix.Proc) int {
	who := p.FS().Credentials()
	names := []string{groupName(p, who.GID)}
	for _, g := range who.Groups {
		names = append(names, groupName(p, g))
	}
	p.Printf("%s\n", strings.Join(slices.Compact(names), " "))
	return 0
}

func hostname(_ context.Context, p *unix.Proc) int {
	o := parse(p, "iIsfdF:", "fqdn=f", "short=s", "ip-address=i")
	if o == nil {
		return 1
	}
	name := p.Hostname()
	full, ip := name, ""
	for _, line := range hosts(p) {
		if slices.Contains(line[1:], name) {
			ip, full = line[0], line[1]
		}
	}
	switch {
	case len(o.rest) > 0 || o.has("F"):
		return p.Errorf("sethostname: Operation not permitted")
	case o.has("i", "I"):
		p.Printf("%s\n", ip)
	case o.has("f"):
		p.Printf("%s\n", full)
	case o.has("d"):
		_, domain, _ := strings.Cut(full, ".")
		p.Printf("%s\n", domain)
	case o.has("s"):
		short, _, _ := strings.Cut(name, ".")
		p.Printf("%s\n", short)
	default:
		p.Printf("%s\n", name)
	}
	return 0
}

// hosts are the rows of /etc/hosts: an address and its names.
func hosts(p *unix.Proc) (all [][]string) {
	data, _ := p.FS().ReadFile("/etc/hosts")
	for line := range strings.Lines(string(data)) {
		text, _, _ := strings.Cut(line, "#")
		if f := strings.Fields(text); len(f) > 1 {
			all = append(all, f)
		}
	}
	return all
}

// The kernel and machine that programs are told of.
const (
	kernelRelease = "6.6.0"
	kernelVersion = "#1 SMP PREEMPT_DYNAMIC"
	machine       = "x86_64"
)

func uname(_ context.Context, p *unix.Proc) int {
	o := parse(p, "asnrvmpio")
	if o == nil {
		return 1
	}
	var parts []string
	for _, part := range []struct{ flag, text string }{
		{"s", "Linux"}, {"n", p.Hostname()}, {"r", kernelRelease}, {"v", kernelVersion}, {"m", machine}, {"p", ""}, {"i", ""}, {"o", "Linux"},
	} {
		if part.text != "" && (o.has("a", part.flag) || len(o.flags) == 0 && part.flag == "s") {
			parts = append(parts, part.text)
		}
	}
	p.Printf("%s\n", strings.Join(parts, " "))
	return 0
}

func arch(_ context.Context, p *unix.Proc) int {
	p.Printf("%s\n", machine)
	return 0
}

func nproc(_ context.Context, p *unix.Proc) int {
	n := int64(1)
	if c := p.Container(); c != nil {
		if cpu, ok := c.Resources.Limits[corev1.ResourceCPU]; ok {
			n = max(1, cpu.Value())
		}
	}
	p.Printf("%d\n", n)
	return 0
}

func uptime(_ context.Context, p *unix.Proc) int {
	var since time.Duration
	if all := p.Processes(); len(all) > 0 {
		since = time.Since(all[0].Started)
	}
	p.Printf(" %s up %d min,  load average: 0.00, 0.00, 0.00\n", time.Now().UTC().Format("15:04:05"), int(since.Minutes()))
	return 0
}

func free(_ context.Context, p *unix.Proc) int {
	total := int64(8 << 30)
	if c := p.Container(); c != nil {
		if memory, ok := c.Resources.Limits[corev1.ResourceMemory]; ok {
			total = memory.Value()
		}
	}
	unit := int64(1 << 10)
	if slices.Contains(p.Args, "-m") {
		unit = 1 << 20
	}
	p.Printf("              total        used        free      shared  buff/cache   available\n")
	p.Printf("Mem:    %11d %11d %11d %11d %11d %11d\n", total/unit, 0, total/unit, 0, 0, total/unit)
	return 0
}

func tty(_ context.Context, p *unix.Proc) int {
	if p.TTY == nil {
		p.Printf("not a tty\n")
		return 1
	}
	p.Printf("/dev/pts/0\n")
	return 0
}

func clearScreen(_ context.Context, p *unix.Proc) int {
	p.Printf("\x1b[H\x1b[J")
	return 0
}

func date(_ context.Context, p *unix.Proc) int {
	iso := ""
	p.Args = slices.DeleteFunc(slices.Clone(p.Args), func(arg string) bool { // -I has a value only if it is written right after it
		precision, ok := strings.CutPrefix(strings.Replace(arg, "--iso-8601", "-I", 1), "-I")
		if ok {
			iso = isoFormats[strings.TrimPrefix(precision, "=")]
		}
		return ok
	})
	o := parse(p, "uRd:D:r:s:", "utc=u", "universal=u", "date=d", "rfc-2822=R", "reference=r")
	if o == nil {
		return 1
	}
	now := time.Now().UTC()
	switch {
	case o.has("s"):
		return p.Errorf("can't set date: Operation not permitted")
	case o.has("d"):
		t, ok := readDate(o.value("d", ""))
		if !ok {
			return p.Errorf("invalid date '%s'", o.value("d", ""))
		}
		now = t.UTC()
	case o.has("r"):
		info, err := p.FS().Stat(o.value("r", ""))
		if err != nil {
			return failed(p, o.value("r", ""), err)
		}
		now = info.ModTime().UTC()
	}
	format := "%a %b %e %H:%M:%S %Z %Y"
	switch {
	case iso != "":
		format = iso
	case o.has("R"):
		format = "%a, %d %b %Y %H:%M:%S %z"
	}
	if len(o.rest) > 0 {
		var ok bool
		if format, ok = strings.CutPrefix(o.rest[0], "+"); !ok {
			return p.Errorf("can't set date: Operation not permitted")
		}
	}
	p.Printf("%s\n", strftime(format, now))
	return 0
}

// isoFormats are those of date -I.
var isoFormats = map[string]string{
	"": "%F", "date": "%F", "hours": "%FT%H+00:00", "minutes": "%FT%R+00:00", "seconds": "%FT%T+00:00",
}

// strftime writes a time by the letters of C.
func strftime(format string, t time.Time) string {
	layouts := map[byte]string{
		'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'd': "02", 'e': "_2", 'H': "15", 'I': "03", 'm': "01", 'M': "04",
		'p': "PM", 'S': "05", 'y': "06", 'Y': "2006", 'Z': "MST", 'z': "-0700", 'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06",
		'c': "Mon Jan _2 15:04:05 2006", 'x': "01/02/06", 'X': "15:04:05", 'r': "03:04:05 PM",
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case 's':
			b.WriteString(strconv.FormatInt(t.Unix(), 10))
		case 'N':
			fmt.Fprintf(&b, "%09d", t.Nanosecond())
		case 'j':
			fmt.Fprintf(&b, "%03d", t.YearDay())
		case 'U', 'W': // the week of the year, from its first Sunday, or Monday, on
			day := int(t.Weekday())
			if c == 'W' {
				day = (day + 6) % 7
			}
			fmt.Fprintf(&b, "%02d", (t.YearDay()+6-day)/7)
		case 'V':
			_, week := t.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		case 'G':
			year, _ := t.ISOWeek()
			b.WriteString(strconv.Itoa(year))
		case 'C':
			fmt.Fprintf(&b, "%02d", t.Year()/100)
		case 'k':
			fmt.Fprintf(&b, "%2d", t.Hour())
		case 'l':
			fmt.Fprintf(&b, "%2d", (t.Hour()+11)%12+1)
		case 'u':
			b.WriteString(strconv.Itoa((int(t.Weekday())+6)%7 + 1))
		case 'w':
			b.WriteString(strconv.Itoa(int(t.Weekday())))
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '%':
			b.WriteByte('%')
		default:
			layout, ok := layouts[c]
			if !ok {
				b.WriteString("%" + string(c))
				continue
			}
			b.WriteString(t.Format(layout))
		}
	}
	return b.String()
}
