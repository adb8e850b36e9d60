package busybox

import (
	"context"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// stringsOf prints what is readable in files.
func stringsOf(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "afon:t:")
	if o == nil {
		return 1
	}
	least, ok := o.number(p, "n", 4)
	if !ok {
		return 1
	}
	return eachInput(ctx, p, o.rest, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		for part := range strings.FieldsFuncSeq(string(data), func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') }) {
			if len(part) >= least {
				p.Printf("%s\n", part)
			}
		}
		return err
	})
}

// shuf mixes lines. The order looks drawn, and is the same in each run.
func shuf(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "ezn:i:o:", "echo=e", "head-count=n", "input-range=i")
	if o == nil {
		return 1
	}
	var lines []string
	code := 0
	switch {
	case o.has("e"):
		lines = o.rest
	case o.has("i"):
		from, to, _ := strings.Cut(o.value("i", ""), "-")
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || last < first || last-first > 1<<20 {
			return p.Errorf("bad range '%s'", o.value("i", ""))
		}
		for n := first; n <= last; n++ {
			lines = append(lines, strconv.Itoa(n))
		}
	default:
		lines, code = allLines(ctx, p, o.rest)
	}
	rand.New(rand.NewPCG(1, uint64(len(lines)))).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if n, ok := o.number(p, "n", len(lines)); ok {
		lines = lines[:min(max(n, 0), len(lines))]
	}
	return printLines(p, lines, code)
}

func factor(_ context.Context, p *unix.Proc) int {
	for _, arg := range p.Args[1:] {
		n, err := strconv.ParseUint(arg, 10, 53)
		if err != nil {
			return p.Errorf("invalid number '%s'", arg)
		}
		p.Printf("%d:", n)
		for d := uint64(2); n > 1; d++ {
			if d*d > n {
				d = n
			}
			for ; n%d == 0; n /= d {
				p.Printf(" %d", d)
			}
		}
		p.Printf("\n")
	}
	return 0
}

// pager is less and more where there is no terminal to stop at.
func pager(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+EFIMmNRSXeFr~")
	if o == nil {
		return 1
	}
	return eachInput(ctx, p, o.rest, func(_ string, r io.Reader) error {
		_, err := io.Copy(p.Stdout, r)
		return err
	})
}
