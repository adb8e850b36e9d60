package busybox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// dd copies blocks: if=, of=, bs=, count=, skip=, seek=, conv=notrunc.
func dd(ctx context.Context, p *unix.Proc) int {
	text := map[string]string{"bs": "512", "count": "-1", "skip": "0", "seek": "0"}
	for _, arg := range p.Args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "if", "of", "bs", "count", "skip", "seek", "conv", "status", "oflag", "iflag":
			text[name] = value
		default:
			return p.Errorf("unknown operand '%s'", arg)
		}
	}
	n := map[string]int{}
	for _, name := range []string{"bs", "count", "skip", "seek"} {
		v, err := count(text[name])
		if err != nil {
			return p.Errorf("invalid number '%s'", text[name])
		}
		n[name] = v
	}
	in, out := p.Stdin, p.Stdout
	if name := text["if"]; name != "" {
		f, err := p.OpenFile(name, os.O_RDONLY, 0)
		if err != nil {
			return p.Errorf("can't open '%s': %s", name, unix.Reason(err))
		}
		defer f.Close()
		in = f.Reader(ctx)
	}
	if name := text["of"]; name != "" {
		f, err := ddOutput(p, name, strings.Contains(text["conv"], "notrunc") || n["seek"] > 0, int64(n["seek"]*n["bs"]))
		if err != nil {
			return p.Errorf("can't open '%s': %s", name, unix.Reason(err))
		}
		defer f.Close()
		out = f
	}
	if _, err := io.CopyN(io.Discard, in, int64(n["skip"]*n["bs"])); err != nil && err != io.EOF {
		return p.Errorf("%s", unix.Reason(err))
	}
	return ddCopy(ctx, p, in, out, n, text["status"])
}

func ddOutput(p *unix.Proc, name string, keep bool, at int64) (io.WriteCloser, error) {
	flag := os.O_WRONLY | os.O_CREATE
	if !keep {
		flag |= os.O_TRUNC
	}
	f, err := p.FS().OpenFile(name, flag, 0o666)
	if err != nil {
		return nil, err
	}
	if at > 0 {
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func ddCopy(ctx context.Context, p *unix.Proc, in io.Reader, out io.Writer, n map[string]int, status string) int {
	begin := time.Now()
	block := make([]byte, n["bs"])
	whole, part, total, code := 0, 0, 0, 0
	for i := 0; (n["count"] < 0 || i < n["count"]) && ctx.Err() == nil; i++ {
		got, err := io.ReadFull(in, block)
		if got > 0 {
			if _, werr := out.Write(block[:got]); werr != nil {
				code = p.Errorf("error writing: %s", unix.Reason(werr))
				break
			}
			total += got
		}
		switch {
		case err == nil:
			whole++
		case errors.Is(err, io.ErrUnexpectedEOF):
			part++
		}
		if err != nil {
			break
		}
	}
	if status != "none" {
		fmt.Fprintf(p.Stderr, "%d+%d records in\n%d+%d records out\n", whole, part, whole, part)
		if status != "noxfer" {
			fmt.Fprintf(p.Stderr, "%d bytes (%s) copied, %.6f seconds\n", total, strings.TrimSpace(human(int64(total)))+"B", time.Since(begin).Seconds())
		}
	}
	return code
}

// dump reads all inputs as one.
func dump(ctx context.Context, p *unix.Proc, names []string) (data []byte, code int) {
	code = eachInput(ctx, p, names, func(_ string, r io.Reader) error {
		more, err := io.ReadAll(r)
		data = append(data, more...)
		return err
	})
	return data, code
}

func od(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "bcdoxvA:t:N:j:w:", "address-radix=A", "read-bytes=N")
	if o == nil {
		return 1
	}
	data, code := dump(ctx, p, o.rest)
	if n, ok := o.number(p, "N", len(data)); ok {
		data = data[:min(n, len(data))]
	}
	format, size := "%03o", 1
	switch t := o.value("t", ""); {
	case o.has("c") || t == "c":
		format = "c"
	case o.has("x") || t == "x2":
		format, size = "%04x", 2
	case t == "x1":
		format = "%02x"
	case t == "u1":
		format = "%3d"
	case o.has("b") || t == "o1":
	case t == "" || t == "o2":
		format, size = "%06o", 2
	default:
		return p.Errorf("type %s is not supported", t)
	}
	radix := map[string]string{"o": "%07o", "x": "%06x", "d": "%07d", "n": ""}[o.value("A", "o")]
	address := func(n int) {
		if radix != "" {
			p.Printf(radix, n)
		}
	}
	for at := 0; at < len(data); at += 16 {
		address(at)
		row := data[at:min(at+16, len(data))]
		for i := 0; i < len(row); i += size {
			v := int(row[i])
			if size == 2 && i+1 < len(row) {
				v |= int(row[i+1]) << 8
			}
			if format == "c" {
				p.Printf(" %3s", charName(row[i]))
			} else {
				p.Printf(" "+format, v)
			}
		}
		p.Printf("\n")
	}
	if radix != "" {
		address(len(data))
		p.Printf("\n")
	}
	return code
}

func charName(c byte) string {
	if at := strings.IndexByte("\x00\a\b\t\n\v\f\r", c); at >= 0 {
		return []string{`\0`, `\a`, `\b`, `\t`, `\n`, `\v`, `\f`, `\r`}[at]
	}
	if c < ' ' || c > '~' {
		return fmt.Sprintf("%03o", c)
	}
	return string(rune(c))
}

func printable(row []byte) string {
	out := make([]byte, len(row))
	for i, c := range row {
		if out[i] = c; c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	return string(out)
}

func hexdump(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "Cvn:")
	if o == nil {
		return 1
	}
	if path.Base(p.Args[0]) == "hd" {
		o.flags["C"]++
	}
	data, code := dump(ctx, p, o.rest)
	if n, ok := o.number(p, "n", len(data)); ok {
		data = data[:min(n, len(data))]
	}
	for at := 0; at < len(data); at += 16 {
		row := data[at:min(at+16, len(data))]
		if !o.has("C") {
			p.Printf("%07x", at)
			for i := 0; i < len(row); i += 2 {
				v := int(row[i])
				if i+1 < len(row) {
					v |= int(row[i+1]) << 8
				}
				p.Printf(" %04x", v)
			}
			p.Printf("%*s\n", (16-len(row))/2*5, "")
			continue
		}
		hex := ""
		for i, c := range row {
			if i == 8 {
				hex += " "
			}
			hex += fmt.Sprintf("%02x ", c)
		}
		p.Printf("%08x  %-50s|%s|\n", at, hex, printable(row))
	}
	if len(data) > 0 {
		p.Printf("%0*x\n", 7+boolInt(o.has("C")), len(data))
	}
	return code
}

func xxd(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "pl:c:g:")
	if o == nil {
		return 1
	}
	data, code := dump(ctx, p, o.rest)
	if n, ok := o.number(p, "l", len(data)); ok {
		data = data[:min(n, len(data))]
	}
	width, _ := strconv.Atoi(o.value("c", map[bool]string{true: "30", false: "16"}[o.has("p")]))
	if width < 1 {
		return p.Errorf("invalid number '%s'", o.value("c", ""))
	}
	for at := 0; at < len(data); at += width {
		row := data[at:min(at+width, len(data))]
		if o.has("p") {
			p.Printf("%x\n", row)
			continue
		}
		hex := ""
		for i := 0; i < len(row); i += 2 {
			hex += fmt.Sprintf("%x ", row[i:min(i+2, len(row))])
		}
		p.Printf("%08x: %-*s %s\n", at, width/2*5, hex, printable(row))
	}
	return code
}
