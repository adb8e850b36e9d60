package busybox

import (
	"context"
	"fmt"
	"io"
	"math/big"
	"path"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/cond"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// echo knows -n, -e and -E in front, as ash has it.
func echo(_ context.Context, p *unix.Proc) int {
	args, newline, escapes := p.Args[1:], true, false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, c := range args[0][1:] {
			switch c {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		var stop bool
		if text, stop = unescape(text, true); stop {
			newline = false
		}
	}
	if newline {
		text += "\n"
	}
	if _, err := io.WriteString(p.Stdout, text); err != nil {
		return p.Errorf("write error: %s", unix.Reason(err))
	}
	return 0
}

// unescape reads backslash sequences; \c ends the text. In echo and %b octal numbers begin with 0.
func unescape(s string, echo bool) (text string, stop bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case strings.IndexByte(`abfnrtv\e`, c) >= 0:
			b.WriteByte("\a\b\f\n\r\t\v\\\x1b"[strings.IndexByte(`abfnrtv\e`, c)])
		case c == 'c':
			return b.String(), true
		case c >= '0' && c <= '7':
			n := i
			limit := 3 + boolInt(echo && c == '0')
			for n < len(s) && n < i+limit && s[n] >= '0' && s[n] <= '7' {
				n++
			}
			v, _ := strconv.ParseUint(s[i:n], 8, 16)
			b.WriteByte(byte(v))
			i = n - 1
		case c == 'x':
			n := i + 1
			for n < len(s) && n < i+3 && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
				n++
			}
			if v, err := strconv.ParseUint(s[i+1:n], 16, 8); err == nil {
				b.WriteByte(byte(v))
			} else {
				b.WriteString(`\x`)
			}
			i = n - 1
		default:
			b.WriteString(`\` + string(c))
		}
	}
	return b.String(), false
}

func printf(_ context.Context, p *unix.Proc) int {
	args := p.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Errorf("usage: printf FORMAT [ARG]...")
	}
	f := &formatter{p: p, args: args[1:]}
	for {
		before := len(f.args)
		f.once(args[0])
		if f.stop || len(f.args) == 0 || len(f.args) == before {
			break
		}
	}
	if _, err := io.WriteString(p.Stdout, f.out.String()); err != nil {
		return 1
	}
	return f.code
}

// formatter is one call of printf, which uses its format again until no arguments are left.
type formatter struct {
	p    *unix.Proc
	args []string
	out  strings.Builder
	stop bool
	code int
}

func (f *formatter) next() string {
	if len(f.args) == 0 {
		return ""
	}
	arg := f.args[0]
	f.args = f.args[1:]
	return arg
}

func (f *formatter) once(format string) {
	for i := 0; i < len(format) && !f.stop; i++ {
		switch {
		case format[i] == '\\':
			n := i + 1
			for n < len(format) && format[n] != '%' && format[n] != '\\' || n == i+1 && n < len(format) {
				n++
			}
			var text string
			text, f.stop = unescape(format[i:n], false)
			f.out.WriteString(text)
			i = n - 1
		case format[i] != '%':
			f.out.WriteByte(format[i])
		case i+1 < len(format) && format[i+1] == '%':
			f.out.WriteByte('%')
			i++
		default:
			i = f.verb(format, i)
		}
	}
}

// verb writes one conversion, and returns where it ends.
func (f *formatter) verb(format string, begin int) int {
	i := begin + 1
	spec := "%"
	for ; i < len(format) && strings.IndexByte("-+ #0123456789.*", format[i]) >= 0; i++ {
		if format[i] == '*' {
			spec += f.next()
		} else {
			spec += string(format[i])
		}
	}
	if i == len(format) {
		f.code = f.p.Errorf("%s: invalid format", format[begin:])
		return i
	}
	switch c := format[i]; c {
	case 's':
		fmt.Fprintf(&f.out, spec+"s", f.next())
	case 'b':
		var text string
		text, f.stop = unescape(f.next(), true)
		fmt.Fprintf(&f.out, spec+"s", text)
	case 'c':
		arg := f.next()
		fmt.Fprintf(&f.out, spec+"s", arg[:min(1, len(arg))])
	case 'd', 'i':
		fmt.Fprintf(&f.out, spec+"d", f.integer())
	case 'u':
		fmt.Fprintf(&f.out, spec+"d", uint64(f.integer()))
	case 'o', 'x', 'X':
		fmt.Fprintf(&f.out, spec+string(c), uint64(f.integer()))
	case 'e', 'E', 'f', 'F', 'g', 'G':
		arg := f.next()
		v, err := strconv.ParseFloat(arg, 64)
		if err != nil && arg != "" {
			f.code = f.p.Errorf("invalid number '%s'", arg)
		}
		fmt.Fprintf(&f.out, spec+string(c), v)
	default:
		f.code = f.p.Errorf("%s: invalid format", format[begin:i+1])
		f.stop = true
	}
	return i
}

func (f *formatter) integer() int64 {
	arg := strings.TrimSpace(f.next())
	if arg == "" {
		return 0
	}
	if arg[0] == '"' || arg[0] == '\'' {
		return int64(append([]byte(arg[1:]), 0)[0])
	}
	n, err := strconv.ParseInt(arg, 0, 64)
	if err != nil {
		f.code = f.p.Errorf("invalid number '%s'", arg)
	}
	return n
}

func seq(ctx context.Context, p *unix.Proc) int {
	o := &options{flags: map[string]int{}, values: map[string][]string{}}
	args := p.Args[1:]
	separator := "\n"
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && (args[0][1] < '0' || args[0][1] > '9') && args[0][1] != '.' {
		switch {
		case args[0] == "-w":
			o.flags["w"]++
		case args[0] == "-s" && len(args) > 1:
			separator = args[1]
			args = args[1:]
		case strings.HasPrefix(args[0], "-s"):
			separator = args[0][2:]
		default:
			return p.Errorf("unrecognized option: %s", args[0][1:])
		}
		args = args[1:]
	}
	values := []float64{1, 1, 1}
	places := 0
	for i, arg := range args {
		v, err := strconv.ParseFloat(arg, 64)
		if err != nil {
			return p.Errorf("invalid number '%s'", arg)
		}
		if _, fraction, ok := strings.Cut(arg, "."); ok {
			places = max(places, len(fraction))
		}
		values[i] = v
	}
	first, step, last := values[0], values[1], values[2]
	switch len(args) {
	case 1:
		first, step, last = 1, 1, values[0]
	case 2:
		step, last = 1, values[1]
	case 3:
	default:
		return p.Errorf("usage: seq [-w] [-s SEP] [FIRST [INC]] LAST")
	}
	width := 0
	if o.has("w") {
		width = max(len(strconv.FormatFloat(first, 'f', places, 64)), len(strconv.FormatFloat(last, 'f', places, 64)))
	}
	w := buffered(p)
	for i := 0; ; i++ {
		v := first + float64(i)*step
		if step >= 0 && v > last+1e-9 || step < 0 && v < last-1e-9 || ctx.Err() != nil {
			if i > 0 {
				fmt.Fprintln(w)
			}
			return boolCode(w.Flush() == nil)
		}
		if i > 0 {
			if _, err := io.WriteString(w, separator); err != nil {
				return 1
			}
		}
		fmt.Fprintf(w, "%0*.*f", width, places, v)
	}
}

func yes(ctx context.Context, p *unix.Proc) int {
	text := "y"
	if len(p.Args) > 1 {
		text = strings.Join(p.Args[1:], " ")
	}
	block := []byte(strings.Repeat(text+"\n", 1+4096/(len(text)+1)))
	for ctx.Err() == nil {
		if _, err := p.Stdout.Write(block); err != nil {
			return 1
		}
	}
	return 1
}

// test is [ and [[ too.
func test(_ context.Context, p *unix.Proc) int {
	args := p.Args[1:]
	if name := path.Base(p.Args[0]); strings.HasPrefix(name, "[") {
		end := strings.Repeat("]", len(name))
		if len(args) == 0 || args[len(args)-1] != end {
			p.Errorf("missing %s", end)
			return 2
		}
		args = args[:len(args)-1]
	}
	ok, err := cond.Eval(p, args)
	if err != nil {
		p.Errorf("%v", err)
		return 2
	}
	return boolCode(ok)
}

// expr is arithmetic, comparisons and matching on words.
func expr(_ context.Context, p *unix.Proc) int {
	e := &expression{args: p.Args[1:]}
	v, err := e.binary(0)
	if err == nil && len(e.args) > 0 {
		err = fmt.Errorf("syntax error")
	}
	if err != nil {
		p.Errorf("%v", err)
		return 2
	}
	p.Printf("%s\n", v)
	return boolCode(v != "" && v != "0")
}

type expression struct{ args []string }

// exprLevels are expr's operators, the loosest first.
var exprLevels = [][]string{{"|"}, {"&"}, {"=", "==", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*", "/", "%"}, {":"}}

func (e *expression) binary(level int) (string, error) {
	if level == len(exprLevels) {
		return e.primary()
	}
	a, err := e.binary(level + 1)
	for err == nil && len(e.args) > 0 {
		op := ""
		for _, o := range exprLevels[level] {
			if e.args[0] == o {
				op = o
			}
		}
		if op == "" {
			break
		}
		e.args = e.args[1:]
		var b string
		if b, err = e.binary(level + 1); err == nil {
			a, err = exprOp(a, op, b)
		}
	}
	return a, err
}

func (e *expression) primary() (string, error) {
	if len(e.args) == 0 {
		return "", fmt.Errorf("syntax error")
	}
	arg := e.args[0]
	e.args = e.args[1:]
	switch {
	case arg == "(":
		v, err := e.binary(0)
		if err == nil && (len(e.args) == 0 || e.args[0] != ")") {
			return "", fmt.Errorf("syntax error")
		}
		e.args = e.args[min(1, len(e.args)):]
		return v, err
	case arg == "length" && len(e.args) > 0:
		v, err := e.primary()
		return strconv.Itoa(len(v)), err
	case arg == "match" && len(e.args) > 1:
		return e.function(2, func(a []string) (string, error) { return exprOp(a[0], ":", a[1]) })
	case arg == "index" && len(e.args) > 1:
		return e.function(2, func(a []string) (string, error) { return strconv.Itoa(strings.IndexAny(a[0], a[1]) + 1), nil })
	case arg == "substr" && len(e.args) > 2:
		return e.function(3, func(a []string) (string, error) {
			from, err1 := strconv.Atoi(a[1])
			n, err2 := strconv.Atoi(a[2])
			if err1 != nil || err2 != nil || from < 1 || n < 1 || from > len(a[0]) {
				return "", nil
			}
			return a[0][from-1 : min(len(a[0]), from-1+n)], nil
		})
	}
	return arg, nil
}

// function reads the arguments of one of expr's functions, and calls it.
func (e *expression) function(n int, f func(args []string) (string, error)) (string, error) {
	var args []string
	for range n {
		arg, err := e.primary()
		if err != nil {
			return "", err
		}
		args = append(args, arg)
	}
	return f(args)
}

func exprOp(a, op, b string) (string, error) {
	x, okA := new(big.Int).SetString(a, 10)
	y, okB := new(big.Int).SetString(b, 10)
	truth := func(ok bool) (string, error) { return strconv.Itoa(boolInt(ok)), nil }
	empty := func(s string) bool { return s == "" || s == "0" }
	switch op {
	case "|":
		if !empty(a) {
			return a, nil
		}
		return b, nil
	case "&":
		if empty(a) || empty(b) {
			return "0", nil
		}
		return a, nil
	case ":":
		re, err := compile("^"+b, false, false)
		if err != nil {
			return "", err
		}
		m := re.FindStringSubmatch(a)
		switch {
		case re.NumSubexp() > 0 && m != nil:
			return m[1], nil
		case re.NumSubexp() > 0:
			return "", nil
		case m == nil:
			return "0", nil
		}
		return strconv.Itoa(len(m[0])), nil
	case "=", "==", "!=", "<", "<=", ">", ">=":
		c := strings.Compare(a, b)
		if okA && okB {
			c = x.Cmp(y)
		}
		return truth(map[string]bool{"=": c == 0, "==": c == 0, "!=": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op])
	}
	if !okA || !okB {
		return "", fmt.Errorf("non-numeric argument")
	}
	if (op == "/" || op == "%") && y.Sign() == 0 {
		return "", fmt.Errorf("division by zero")
	}
	apply := map[string]func(z, x, y *big.Int) *big.Int{
		"+": (*big.Int).Add, "-": (*big.Int).Sub, "*": (*big.Int).Mul, "/": (*big.Int).Quo, "%": (*big.Int).Rem,
	}
	return apply[op](new(big.Int), x, y).String(), nil
}
