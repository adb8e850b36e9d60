package busybox

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func tr(_ context.Context, p *unix.Proc) int {
	o := parse(p, "+cCdst")
	if o == nil || len(o.rest) == 0 {
		return p.Errorf("usage: tr [-cds] STRING1 [STRING2]")
	}
	from, to := trSet(o.rest[0]), ""
	if len(o.rest) > 1 {
		to = trSet(o.rest[1])
	}
	member := func(c byte) bool { return (strings.IndexByte(from, c) >= 0) != o.has("c", "C") }
	squeeze := func(c byte) bool { return false }
	if o.has("s") {
		set := to
		if to == "" {
			squeeze = member
		} else {
			squeeze = func(c byte) bool { return strings.IndexByte(set, c) >= 0 }
		}
	}
	w := bufio.NewWriter(p.Stdout)
	in := make([]byte, 4096)
	last := -1
	for {
		n, err := p.Stdin.Read(in)
		for _, c := range in[:n] {
			switch {
			case o.has("d") && member(c):
				continue
			case !o.has("d") && to != "" && member(c):
				c = trTo(from, to, c, o.has("c", "C"))
			}
			if squeeze(c) && last == int(c) {
				continue
			}
			last = int(c)
			_ = w.WriteByte(c)
		}
		if w.Flush() != nil || err != nil {
			return boolCode(err == io.EOF)
		}
	}
}

func trTo(from, to string, c byte, complement bool) byte {
	i := strings.IndexByte(from, c)
	if complement || i >= len(to) {
		i = len(to) - 1
	}
	return to[i]
}

var trClasses = map[string]string{
	"digit": "0-9", "lower": "a-z", "upper": "A-Z", "alpha": "A-Za-z", "alnum": "0-9A-Za-z", "space": "\t\n\v\f\r ", "blank": "\t ",
	"punct": "!-/:-@[-`{-~", "xdigit": "0-9A-Fa-f", "cntrl": "\x00-\x1f\x7f", "print": " -~", "graph": "!-~",
}

// trSet writes out the ranges, classes and escapes of a set.
func trSet(s string) string {
	var plain []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '[' && i+1 < len(s) && s[i+1] == ':' {
			if end := strings.Index(s[i:], ":]"); end > 0 {
				if class, ok := trClasses[s[i+2:i+end]]; ok {
					plain = append(plain, trSet(class)...)
					i += end + 1
					continue
				}
			}
		}
		c, size := trChar(s[i:])
		i += size - 1
		if i+2 < len(s) && s[i+1] == '-' {
			last, n := trChar(s[i+2:])
			for x := int(c); x <= int(last); x++ {
				plain = append(plain, byte(x))
			}
			i += 1 + n
			continue
		}
		plain = append(plain, c)
	}
	return string(plain)
}

func trChar(s string) (c byte, size int) {
	if s[0] != '\\' || len(s) == 1 {
		return s[0], 1
	}
	if at := strings.IndexByte(`nrtabfv\`, s[1]); at >= 0 {
		return "\n\r\t\a\b\f\v\\"[at], 2
	}
	n := 1
	for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '7' {
		n++
	}
	if v, err := strconv.ParseUint(s[1:n], 8, 8); err == nil {
		return byte(v), n
	}
	return s[1], 2
}
