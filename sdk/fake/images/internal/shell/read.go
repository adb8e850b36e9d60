package shell

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
)

// read reads a line into variables.
func read(sh *shell, args []string) int {
	var raw bool
	limit, prompt := -1, ""
	ctx := sh.ctx
	fd := 0
	args = args[1:]
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		for i := 1; i < len(arg); i++ {
			if strings.IndexByte("ptnu", arg[i]) < 0 {
				raw = raw || arg[i] == 'r'
				continue
			}
			value := arg[i+1:]
			if value == "" && len(args) > 0 {
				value, args = args[0], args[1:]
			}
			switch arg[i] {
			case 'p':
				prompt = value
			case 't':
				seconds, _ := strconv.ParseFloat(value, 64)
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Duration(seconds*float64(time.Second)))
				defer cancel()
			case 'n':
				limit, _ = strconv.Atoi(value)
			case 'u':
				fd, _ = strconv.Atoi(value)
			}
			break
		}
	}
	if prompt != "" && sh.p.TTY != nil {
		fmt.Fprint(sh.writer(2), prompt)
	}
	f := sh.fds[fd]
	if f == nil {
		sh.errorf("read error: Bad file descriptor")
		return 1
	}
	line, whole := sh.readLine(ctx, f.Reader(ctx), raw, limit)
	if len(args) == 0 {
		args = []string{"REPLY"}
	}
	fields := expand.ReadFields(sh.config(), line, len(args), raw)
	for i, name := range args {
		value := ""
		if i < len(fields) {
			value = fields[i]
		}
		if !sh.assign(name, value) {
			return 2
		}
	}
	return boolStatus(whole)
}

// readLine reads byte by byte, since what follows is somebody else's. A signal with a trap ends it.
func (sh *shell) readLine(ctx context.Context, r io.Reader, raw bool, limit int) (line string, whole bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, wake := sh.signalled()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-wake:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(); <-watched }()
	var b strings.Builder
	one := make([]byte, 1)
	for limit < 0 || b.Len() < limit {
		n, err := r.Read(one)
		switch {
		case n == 0 && err != nil:
			return b.String(), false
		case n == 0:
			continue
		case one[0] == '\n':
			text := b.String()
			if !raw && oddBackslashes(text) {
				b.Reset()
				b.WriteString(text[:len(text)-1])
				continue
			}
			return text, true
		case one[0] != 0:
			b.WriteByte(one[0])
		}
	}
	return b.String(), true
}

func oddBackslashes(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}

// getopts takes the next option of the parameters.
func getopts(sh *shell, args []string) int {
	if len(args) < 3 {
		sh.errorf("usage: getopts optstring var [arg]")
		return 2
	}
	spec, name, list := args[1], args[2], sh.params
	if len(args) > 3 {
		list = args[3:]
	}
	index, _ := strconv.Atoi(sh.vars.get("OPTIND"))
	index = max(index, 1)
	at, _ := strconv.Atoi(sh.vars.get(optionAt)) // how far the word is read
	done := func(letter string, status int) int {
		sh.assign("OPTIND", strconv.Itoa(index))
		sh.assign(name, letter)
		return status
	}
	if index > len(list) || at == 0 && (len(list[index-1]) < 2 || list[index-1][0] != '-') {
		return done("?", 1)
	}
	word := list[index-1]
	if at == 0 && word == "--" {
		index++
		return done("?", 1)
	}
	at = max(at, 1)
	letter := word[at]
	if at++; at == len(word) {
		at = 0
		index++
	}
	place := strings.IndexByte(strings.TrimPrefix(spec, ":"), letter)
	quiet := strings.HasPrefix(spec, ":")
	rest := strings.TrimPrefix(spec, ":")
	switch {
	case place < 0 || letter == ':':
		sh.assign(optionAt, strconv.Itoa(at))
		return sh.badOption(done, "Illegal option -%c", letter, "?", quiet)
	case place+1 < len(rest) && rest[place+1] == ':':
		value := ""
		switch {
		case at > 0:
			value = word[at:]
			index++
		case index <= len(list):
			value = list[index-1]
			index++
		default:
			sh.assign(optionAt, "0")
			return sh.badOption(done, "No arg for -%c option", letter, ":", quiet)
		}
		at = 0
		sh.assign("OPTARG", value)
	default:
		delete(sh.vars.byName, "OPTARG")
	}
	sh.assign(optionAt, strconv.Itoa(at))
	return done(string(letter), 0)
}

// optionAt is a variable that no script can name.
const optionAt = " optat"

func (sh *shell) badOption(done func(string, int) int, message string, letter byte, quietly string, quiet bool) int {
	if quiet {
		sh.assign("OPTARG", string(letter))
		return done(quietly, 0)
	}
	delete(sh.vars.byName, "OPTARG")
	fmt.Fprintf(sh.writer(2), "%s: "+message+"\n", sh.arg0, letter)
	return done("?", 0)
}
