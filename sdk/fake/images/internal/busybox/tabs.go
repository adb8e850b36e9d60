package busybox

import (
	"context"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func expandTabs(ctx context.Context, p *unix.Proc) int {
	return tabCommand(ctx, p, func(o *options, line string, width int) string {
		text, rest := line, ""
		if o.has("i") {
			rest = strings.TrimLeft(line, " \t")
			text = line[:len(line)-len(rest)]
		}
		var b strings.Builder
		for column, r := 0, []rune(text); column < 1<<30 && len(r) > 0; r = r[1:] {
			n, c := 1, string(r[0])
			if r[0] == '\t' {
				n = width - column%width
				c = strings.Repeat(" ", n)
			}
			b.WriteString(c)
			column += n
		}
		return b.String() + rest
	})
}

func unexpandTabs(ctx context.Context, p *unix.Proc) int {
	return tabCommand(ctx, p, func(o *options, line string, width int) string {
		var b strings.Builder
		column, blanks := 0, 0
		flush := func() {
			if blanks == 1 { // one blank stays what it is
				b.WriteByte(' ')
				column++
				blanks = 0
			}
			for blanks >= width-column%width {
				blanks -= width - column%width
				column += width - column%width
				b.WriteByte('\t')
			}
			b.WriteString(strings.Repeat(" ", blanks))
			column, blanks = column+blanks, 0
		}
		for i, r := range line {
			switch {
			case r == ' ':
				blanks++
				continue
			case r == '\t':
				blanks += width - (column+blanks)%width
				continue
			}
			if flush(); !o.has("a") {
				return b.String() + line[i:]
			}
			b.WriteRune(r)
			column++
		}
		flush()
		return b.String()
	})
}

func tabCommand(ctx context.Context, p *unix.Proc, change func(o *options, line string, width int) string) int {
	o := parse(p, "iaft:", "tabs=t", "initial=i", "all=a", "first-only=f")
	if o == nil {
		return 1
	}
	width, ok := o.number(p, "t", 8)
	if !ok || width < 1 {
		return 1
	}
	in := &inputLines{ctx: ctx, p: p, names: o.rest}
	defer in.close()
	for line, ok := in.next(); ok; line, ok = in.next() {
		p.Printf("%s\n", change(o, line, width))
	}
	return in.code
}
