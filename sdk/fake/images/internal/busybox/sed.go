package busybox

import (
	"context"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func sed(ctx context.Context, p *unix.Proc) int {
	backup := sedBackup(p)
	o := parse(p, "nrEsze:f:i", "in-place=i", "quiet=n", "silent=n", "regexp-extended=E", "expression=e", "file=f")
	if o == nil {
		return 1
	}
	if o.has("z") {
		return p.Errorf("-z: lines that end in NUL are not supported")
	}
	scripts := o.values["e"]
	for _, name := range o.values["f"] {
		data, err := p.FS().ReadFile(name)
		if err != nil {
			return p.Errorf("%s: %s", name, unix.Reason(err))
		}
		scripts = append(scripts, strings.TrimSuffix(string(data), "\n"))
	}
	if scripts == nil {
		if len(o.rest) == 0 {
			return p.Errorf("usage: sed [-i[SUFFIX]] [-nE] [-f FILE]... [-e CMD]... [FILE]...")
		}
		scripts, o.rest = o.rest[:1], o.rest[1:]
	}
	parser := &sedParser{text: strings.Join(scripts, "\n"), extended: o.has("r", "E")}
	commands, err := parser.all()
	if err != nil {
		return p.Errorf("%v", err)
	}
	if o.has("i") {
		for _, name := range o.rest {
			if code := editInPlace(ctx, p, commands, o.has("n"), name, backup); code != 0 {
				return code
			}
		}
		return 0
	}
	in := &inputLines{ctx: ctx, p: p, names: o.rest}
	defer in.close()
	e := &editor{p: p, commands: commands, quiet: o.has("n"), in: in, out: p.Stdout}
	if exit := e.run(); exit >= 0 {
		return exit
	}
	return in.code
}

// sedBackup reads the suffix of -i.bak or --in-place=.bak, which getopt does not know, and takes it off the command line.
func sedBackup(p *unix.Proc) (suffix string) {
	args := append([]string(nil), p.Args...)
	for i, arg := range args[1:] {
		switch {
		case arg == "--":
			return suffix
		case strings.HasPrefix(arg, "--in-place="):
			suffix, args[i+1] = strings.TrimPrefix(arg, "--in-place="), "-i"
		case strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--"):
			flags, rest, ok := strings.Cut(arg[1:], "i")
			if ok && strings.Trim(flags, "nrEs") == "" {
				suffix, args[i+1] = rest, "-"+flags+"i"
			}
		}
	}
	p.Args = args
	return suffix
}

func editInPlace(ctx context.Context, p *unix.Proc, commands []*sedCommand, quiet bool, name, backup string) int {
	info, err := p.FS().Stat(name)
	if err != nil {
		return p.Errorf("%s: %s", name, unix.Reason(err))
	}
	in := &inputLines{ctx: ctx, p: p, names: []string{name}}
	defer in.close()
	var out strings.Builder
	(&editor{p: p, commands: commands, quiet: quiet, in: in, out: &out}).run()
	if in.code != 0 {
		return in.code
	}
	temporary := name + ".sed"
	if err = p.FS().WriteFile(temporary, []byte(out.String()), info.Mode().Perm()); err == nil && backup != "" {
		err = p.FS().Rename(name, name+backup)
	}
	if err == nil {
		err = p.FS().Rename(temporary, name)
	}
	if err != nil {
		return p.Errorf("%s: %s", name, unix.Reason(err))
	}
	return 0
}
