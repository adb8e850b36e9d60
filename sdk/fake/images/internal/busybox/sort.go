package busybox

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// sortKey is one -k of sort, or all of a line.
type sortKey struct {
	from, fromAt, to, toAt int // fields and characters, from 1; 0 is the end
	flags                  string
}

// checkOrder is sort -c: with -u equal lines are out of order too.
func checkOrder(p *unix.Proc, lines []string, order func(a, b string) int, unique bool) int {
	for i := 1; i < len(lines); i++ {
		if c := order(lines[i-1], lines[i]); c > 0 || unique && c == 0 {
			fmt.Fprintf(p.Stderr, "Check line %d\n", i)
			return 1
		}
	}
	return 0
}

func sortLines(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "nrufbdghsVcRk:t:o:", "reverse=r", "unique=u", "numeric-sort=n", "key=k")
	if o == nil {
		return 2
	}
	var all string
	for _, flag := range []string{"n", "r", "f", "b", "h", "g", "V", "d"} {
		if o.has(flag) {
			all += flag
		}
	}
	keys := []sortKey{{from: 1, flags: all}}
	if specs := o.values["k"]; len(specs) > 0 {
		keys = nil
		for _, spec := range specs {
			k, err := readKey(spec, all)
			if err != nil {
				return p.Errorf("bad field specification '%s'", spec)
			}
			keys = append(keys, k)
		}
	}
	lines, code := allLines(ctx, p, o.rest)
	separator := o.value("t", "")
	order := func(a, b string) int { return compareKeys(keys, separator, a, b) }
	whole := func(a, b string) int {
		if c := order(a, b); c != 0 || o.has("s") || o.has("u") {
			return c
		}
		if strings.Contains(all, "r") {
			return cmp.Compare(b, a)
		}
		return cmp.Compare(a, b)
	}
	if o.has("c") {
		return checkOrder(p, lines, order, o.has("u"))
	}
	if o.has("R") {
		rand.New(rand.NewPCG(1, uint64(len(lines)))).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	} else {
		slices.SortStableFunc(lines, whole)
	}
	if o.has("u") {
		lines = slices.CompactFunc(lines, func(a, b string) bool { return order(a, b) == 0 })
	}
	if out := o.value("o", ""); out != "" {
		f, err := p.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
		if err != nil {
			return p.Errorf("%s: %s", out, unix.Reason(err))
		}
		defer f.Close()
		for _, line := range lines {
			fmt.Fprintln(f.Writer(ctx), line)
		}
		return code
	}
	return printLines(p, lines, code)
}

func boolCode(ok bool) int {
	if ok {
		return 0
	}
	return 1
}

func readKey(spec, all string) (k sortKey, err error) {
	from, to, isRange := strings.Cut(spec, ",")
	var flags, more string
	if k.from, k.fromAt, flags, err = readPlace(from); err != nil {
		return k, err
	}
	if isRange {
		if k.to, k.toAt, more, err = readPlace(to); err != nil {
			return k, err
		}
	}
	if k.flags = flags + more; k.flags == "" {
		k.flags = all
	}
	return k, nil
}

func readPlace(s string) (field, at int, flags string, err error) {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if i >= 0 {
		s, flags = s[:i], s[i:]
	}
	first, second, ok := strings.Cut(s, ".")
	if field, err = strconv.Atoi(first); err == nil && ok {
		at, err = strconv.Atoi(second)
	}
	return field, at, flags, err
}

func compareKeys(keys []sortKey, separator, a, b string) int {
	for _, k := range keys {
		x, y := k.of(separator, a), k.of(separator, b)
		if strings.Contains(k.flags, "b") {
			x, y = strings.TrimLeft(x, " \t"), strings.TrimLeft(y, " \t")
		}
		var c int
		switch {
		case strings.ContainsAny(k.flags, "ng"):
			c = cmp.Compare(leadingNumber(x), leadingNumber(y))
		case strings.Contains(k.flags, "h"):
			c = cmp.Compare(humanNumber(x), humanNumber(y))
		case strings.Contains(k.flags, "V"):
			c = compareVersions(x, y)
		case strings.Contains(k.flags, "f"):
			c = cmp.Compare(strings.ToUpper(x), strings.ToUpper(y))
		default:
			c = cmp.Compare(x, y)
		}
		if strings.Contains(k.flags, "r") {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// of cuts the key out of a line.
func (k sortKey) of(separator, line string) string {
	if k.from == 1 && k.fromAt == 0 && k.to == 0 {
		return line
	}
	begin := fieldStart(separator, line, k.from-1)
	if k.fromAt > 0 {
		begin = min(begin+k.fromAt-1, len(line))
	}
	end := len(line)
	switch {
	case k.to > 0 && k.toAt > 0:
		end = min(fieldStart(separator, line, k.to-1)+k.toAt, len(line))
	case k.to > 0:
		end = fieldStart(separator, line, k.to)
		if end < len(line) && separator != "" {
			end -= len(separator)
		}
	}
	return line[begin:max(begin, end)]
}

// fieldStart is where field n, from 0, begins: after a separator, or with the blanks before it.
func fieldStart(separator, line string, n int) int {
	at := 0
	for range n {
		if separator != "" {
			i := strings.Index(line[at:], separator)
			if i < 0 {
				return len(line)
			}
			at += i + len(separator)
			continue
		}
		for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
			at++
		}
		for at < len(line) && line[at] != ' ' && line[at] != '\t' {
			at++
		}
	}
	return at
}

func leadingNumber(s string) float64 {
	s = strings.TrimLeft(s, " \t")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || end == 0 && (s[end] == '-' || s[end] == '+')) {
		end++
	}
	n, _ := strconv.ParseFloat(s[:end], 64)
	return n
}

func humanNumber(s string) float64 {
	n := leadingNumber(s)
	for i, unit := range "KMGTPE" {
		if strings.HasSuffix(strings.ToUpper(strings.TrimSpace(s)), string(unit)) {
			for range i + 1 {
				n *= 1024
			}
		}
	}
	return n
}

func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, restA := versionPart(a)
		y, restB := versionPart(b)
		n, errA := strconv.Atoi(x)
		m, errB := strconv.Atoi(y)
		c := cmp.Compare(x, y)
		if errA == nil && errB == nil {
			c = cmp.Compare(n, m)
		}
		if c != 0 {
			return c
		}
		a, b = restA, restB
	}
	return cmp.Compare(a, b)
}

func versionPart(s string) (part, rest string) {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	i := 1
	for i < len(s) && digit(s[i]) == digit(s[0]) {
		i++
	}
	return s[:i], s[i:]
}

func uniq(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "cduf:s:w:i")
	if o == nil {
		return 1
	}
	lines, code := allLines(ctx, p, o.rest[:min(1, len(o.rest))])
	skip, ok := o.number(p, "f", 0)
	if !ok {
		return 1
	}
	key := func(line string) string {
		s := line[fieldStart("", line, skip):]
		if o.has("i") {
			s = strings.ToLower(s)
		}
		return s
	}
	var out []string
	for i := 0; i < len(lines); {
		n := 1
		for i+n < len(lines) && key(lines[i+n]) == key(lines[i]) {
			n++
		}
		if !(o.has("d") && n == 1 || o.has("u") && n > 1) {
			line := lines[i]
			if o.has("c") {
				line = fmt.Sprintf("%7d %s", n, line)
			}
			out = append(out, line)
		}
		i += n
	}
	return printLines(p, out, code)
}
