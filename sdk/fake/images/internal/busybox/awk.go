package busybox

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/benhoyt/goawk/interp"
	"github.com/benhoyt/goawk/parser"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// awk runs a program of the library goawk over the container's files. Writing files, reading others than those on the command line and
// running commands from awk are errors of that library that say so: it would do them outside the container.
func awk(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "+F:v:f:e:")
	if o == nil {
		return 1
	}
	source := strings.Join(o.values["e"], "\n")
	for _, name := range o.values["f"] {
		data, err := p.FS().ReadFile(name)
		if err != nil {
			return p.Errorf("can't open '%s': %s", name, unix.Reason(err))
		}
		source += string(data) + "\n"
	}
	if source == "" {
		if len(o.rest) == 0 {
			return p.Errorf("usage: awk [OPTIONS] [AWK_PROGRAM] [FILE]...")
		}
		source, o.rest = o.rest[0], o.rest[1:]
	}
	program, err := parser.ParseProgram([]byte(source), nil)
	if err != nil {
		return p.Errorf("%v", err) + 1
	}
	var vars []string
	if o.has("F") {
		vars = append(vars, "FS", strings.ReplaceAll(o.value("F", " "), `\t`, "\t"))
	}
	for _, v := range o.values["v"] {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return p.Errorf("bad variable %s", v)
		}
		vars = append(vars, name, value)
	}
	var inputs []io.Reader
	for _, name := range o.rest {
		if v, value, ok := strings.Cut(name, "="); ok && !strings.Contains(v, "/") {
			vars = append(vars, v, value)
			continue
		}
		r, closeIt, ok := openInput(ctx, p, name)
		if !ok {
			return 2
		}
		defer closeIt()
		inputs = append(inputs, r)
		vars = append(vars, "FILENAME", name)
	}
	in := p.Stdin
	switch {
	case len(inputs) > 1 && (strings.Contains(source, "FNR") || strings.Contains(source, "FILENAME")):
		return p.Errorf("FNR and FILENAME of more than one file are not supported")
	case len(inputs) > 0:
		in = io.MultiReader(inputs...)
	}
	environ := []string{}
	for _, pair := range p.Env {
		name, value, _ := strings.Cut(pair, "=")
		environ = append(environ, name, value)
	}
	interpreter, err := interp.New(program)
	if err != nil {
		return p.Errorf("%v", err)
	}
	code, err := interpreter.ExecuteContext(ctx, &interp.Config{
		Stdin: in, Output: p.Stdout, Error: p.Stderr, Argv0: "awk", Vars: vars, Environ: environ,
		NoExec: true, NoFileWrites: true, NoFileReads: true,
	})
	if err != nil {
		fmt.Fprintln(p.Stderr, "awk:", err)
		return 2
	}
	return code
}
