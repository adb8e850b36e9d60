package busybox

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func cat(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "uneAbEstvT")
	if o == nil {
		return 1
	}
	number := 0
	return eachInput(ctx, p, o.rest, func(_ string, r io.Reader) error {
		if !o.has("n", "b", "E", "A", "e", "t", "T", "v") {
			_, err := io.Copy(p.Stdout, r)
			return err
		}
		return eachLine(r, func(line string) bool {
			if o.has("n") || o.has("b") && line != "" {
				number++
				p.Printf("%6d\t", number)
			}
			end := ""
			if o.has("E", "A", "e") {
				end = "$"
			}
			if o.has("A", "e", "t", "T", "v") {
				line = visible(line, o.has("A", "t", "T"))
			}
			p.Printf("%s%s\n", line, end)
			return ctx.Err() == nil
		})
	})
}

// visible writes what cannot be seen as cat -v does: ^A for control characters, M- before those of the upper half.
func visible(line string, tabs bool) string {
	var b strings.Builder
	for _, c := range []byte(line) {
		if c >= 0x80 {
			b.WriteString("M-")
			c &= 0x7f
		}
		switch {
		case c == '\t' && !tabs:
			b.WriteByte(c)
		case c < ' ', c == 0x7f:
			b.WriteString("^" + string(rune(c^0x40)))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func tac(ctx context.Context, p *unix.Proc) int {
	lines, code := allLines(ctx, p, p.Args[1:])
	slices.Reverse(lines)
	return printLines(p, lines, code)
}

func rev(ctx context.Context, p *unix.Proc) int {
	lines, code := allLines(ctx, p, p.Args[1:])
	for i, line := range lines {
		runes := []rune(line)
		slices.Reverse(runes)
		lines[i] = string(runes)
	}
	return printLines(p, lines, code)
}

func printLines(p *unix.Proc, lines []string, code int) int {
	w := buffered(p)
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	if w.Flush() != nil {
		return 1
	}
	return code
}

func nl(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "b:w:s:")
	if o == nil {
		return 1
	}
	lines, code := allLines(ctx, p, o.rest)
	number := 0
	for i, line := range lines {
		if line == "" && o.value("b", "t") == "t" {
			lines[i] = "       "
			continue
		}
		number++
		lines[i] = fmt.Sprintf("%6d%s%s", number, o.value("s", "\t"), line)
	}
	return printLines(p, lines, code)
}

func fold(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "bsw:")
	if o == nil {
		return 1
	}
	width, ok := o.number(p, "w", 80)
	if !ok || width < 1 {
		return 1
	}
	lines, code := allLines(ctx, p, o.rest)
	var out []string
	for _, line := range lines {
		for utf8.RuneCountInString(line) > width {
			cut := len(string([]rune(line)[:width]))
			if space := strings.LastIndexByte(line[:cut], ' '); o.has("s") && space >= 0 {
				cut = space + 1
			}
			out, line = append(out, line[:cut]), line[cut:]
		}
		out = append(out, line)
	}
	return printLines(p, out, code)
}

func paste(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "d:s")
	if o == nil {
		return 1
	}
	by := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\0`, "").Replace(o.value("d", "\t"))
	if o.has("s") {
		lines, code := allLines(ctx, p, o.rest)
		return printLines(p, []string{strings.Join(lines, by)}, code)
	}
	var columns [][]string
	longest := 0
	for _, name := range o.rest {
		lines, code := allLines(ctx, p, []string{name})
		if code != 0 {
			return code
		}
		columns = append(columns, lines)
		longest = max(longest, len(lines))
	}
	for i := range longest {
		var row []string
		for _, column := range columns {
			cell := ""
			if i < len(column) {
				cell = column[i]
			}
			row = append(row, cell)
		}
		p.Printf("%s\n", strings.Join(row, by))
	}
	return 0
}

func wc(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "lwcmL")
	if o == nil {
		return 1
	}
	var total [5]int
	row := func(n [5]int, name string) {
		var cells []string
		for i, flag := range []string{"l", "w", "c", "m", "L"} {
			if o.has(flag) || len(o.flags) == 0 && i < 3 {
				cells = append(cells, strconv.Itoa(n[i]))
			}
		}
		width := 9
		if len(cells) == 1 && len(o.rest) < 2 {
			width = 0
		}
		for i, c := range cells {
			cells[i] = fmt.Sprintf("%*s", width, c)
		}
		if name != "-" || len(o.rest) > 0 {
			cells = append(cells, name)
		}
		p.Printf("%s\n", strings.Join(cells, " "))
	}
	code := eachInput(ctx, p, o.rest, func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		text := string(data)
		n := [5]int{strings.Count(text, "\n"), len(strings.Fields(text)), len(data), utf8.RuneCount(data), 0}
		for line := range strings.Lines(text) {
			n[4] = max(n[4], utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
		}
		for i := range total {
			total[i] += n[i]
		}
		row(n, name)
		return nil
	})
	if len(o.rest) > 1 {
		row(total, "total")
	}
	return code
}

func tee(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "ai", "append=a")
	if o == nil {
		return 1
	}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if o.has("a") {
		flag = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	outputs, code := []io.Writer{p.Stdout}, 0
	for _, name := range o.rest {
		f, err := p.OpenFile(name, flag, 0o666)
		if err != nil {
			code = p.Errorf("%s: %s", name, unix.Reason(err))
			continue
		}
		defer f.Close()
		outputs = append(outputs, f.Writer(ctx))
	}
	if _, err := io.Copy(io.MultiWriter(outputs...), p.Stdin); err != nil {
		return 1
	}
	return code
}

func cut(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "b:c:f:d:sn", "fields=f", "delimiter=d", "characters=c", "bytes=b", "only-delimited=s")
	if o == nil {
		return 1
	}
	for _, by := range []string{"f", "c", "b"} {
		if !o.has(by) {
			continue
		}
		wanted, err := ranges(o.value(by, ""))
		if err != nil {
			return p.Errorf("%v", err)
		}
		return cutLines(ctx, p, o, by, wanted)
	}
	return p.Errorf("expected a list of bytes, characters, or fields")
}

func cutLines(ctx context.Context, p *unix.Proc, o *options, by string, wanted func(int) bool) int {
	w := buffered(p)
	code := eachInput(ctx, p, o.rest, func(_ string, r io.Reader) error {
		return eachLine(r, func(line string) bool {
			separator, parts := "", strings.Split(line, "")
			if by == "f" {
				separator = o.value("d", "\t")
				if parts = strings.Split(line, separator); len(parts) == 1 {
					if !o.has("s") {
						fmt.Fprintln(w, line)
					}
					return true
				}
			}
			var kept []string
			for i, part := range parts {
				if wanted(i + 1) {
					kept = append(kept, part)
				}
			}
			fmt.Fprintln(w, strings.Join(kept, separator))
			return w.Flush() == nil
		})
	})
	if w.Flush() != nil {
		return 1
	}
	return code
}

// ranges reads a list such as 1,3-5,7-.
func ranges(list string) (func(int) bool, error) {
	type span struct{ from, to int }
	var spans []span
	for part := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(part, "-")
		s := span{1, 1 << 30}
		var err1, err2 error
		if from != "" {
			s.from, err1 = strconv.Atoi(from)
		}
		switch {
		case !isRange:
			s.to = s.from
		case to != "":
			s.to, err2 = strconv.Atoi(to)
		}
		if err1 != nil || err2 != nil || s.from < 1 || part == "" || part == "-" {
			return nil, fmt.Errorf("invalid range '%s'", part)
		}
		spans = append(spans, s)
	}
	return func(n int) bool {
		return slices.ContainsFunc(spans, func(s span) bool { return n >= s.from && n <= s.to })
	}, nil
}

func comm(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "123")
	if o == nil || len(o.rest) != 2 {
		return 1
	}
	a, codeA := allLines(ctx, p, o.rest[:1])
	b, codeB := allLines(ctx, p, o.rest[1:])
	if codeA+codeB > 0 {
		return 1
	}
	tabs := func(columns ...string) string {
		s := ""
		for _, c := range columns {
			if !o.has(c) {
				s += "\t"
			}
		}
		return s
	}
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			if !o.has("1") {
				p.Printf("%s\n", a[0])
			}
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			if !o.has("2") {
				p.Printf("%s%s\n", tabs("1"), b[0])
			}
			b = b[1:]
		default:
			if !o.has("3") {
				p.Printf("%s%s\n", tabs("1", "2"), a[0])
			}
			a, b = a[1:], b[1:]
		}
	}
	return 0
}
