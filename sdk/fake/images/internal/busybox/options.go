package busybox

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// options are those of one call: of a flag how often it was given, of one with a value all its values.
type options struct {
	flags  map[string]int
	values map[string][]string
	rest   []string
}

func (o *options) has(names ...string) bool {
	for _, name := range names {
		if o.flags[name] > 0 || len(o.values[name]) > 0 {
			return true
		}
	}
	return false
}

// value is the last one, or a default.
func (o *options) value(name, otherwise string) string {
	if all := o.values[name]; len(all) > 0 {
		return all[len(all)-1]
	}
	return otherwise
}

// number is a value that must be one; it reports what is not.
func (o *options) number(p *unix.Proc, name string, otherwise int) (int, bool) {
	s := o.value(name, "")
	if s == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		p.Errorf("invalid number '%s'", s)
		return 0, false
	}
	return n, true
}

// parse reads the command line as getopt_long(3) does. spec is getopt's ("an:" are a flag and an option with a value), with long names
// after it: "lines=n" is another name of -n, "color" one of its own, "color:" one with a value after "=". A spec that begins with + stops
// at the first word that is no option. What is not known is reported; then there are no options, and the command ends.
func parse(p *unix.Proc, spec string, long ...string) *options {
	o := &options{flags: map[string]int{}, values: map[string][]string{}}
	ordered := strings.HasPrefix(spec, "+")
	spec = strings.TrimPrefix(spec, "+")
	args := p.Args[1:]
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			o.rest = append(o.rest, args...)
			return o
		case strings.HasPrefix(arg, "--"):
			args, err = o.long(arg[2:], args, spec, long)
		case len(arg) > 1 && arg[0] == '-':
			args, err = o.short(arg[1:], args, spec)
		case ordered:
			o.rest = append(append(o.rest, arg), args...)
			return o
		default:
			o.rest = append(o.rest, arg)
		}
		if err != nil {
			p.Errorf("%v", err)
			return nil
		}
	}
	return o
}

func (o *options) short(letters string, args []string, spec string) ([]string, error) {
	for i := range len(letters) {
		name := letters[i : i+1]
		at := strings.Index(spec, name)
		if at < 0 || name == ":" {
			return nil, fmt.Errorf("unrecognized option: %s", name)
		}
		if at+1 == len(spec) || spec[at+1] != ':' {
			o.flags[name]++
			continue
		}
		value := letters[i+1:]
		if value == "" {
			if len(args) == 0 {
				return nil, fmt.Errorf("option requires an argument: %s", name)
			}
			value, args = args[0], args[1:]
		}
		o.values[name] = append(o.values[name], value)
		break
	}
	return args, nil
}

func (o *options) long(arg string, args []string, spec string, long []string) ([]string, error) {
	name, value, given := strings.Cut(arg, "=")
	for _, l := range long {
		own, short, alias := strings.Cut(l, "=")
		valued := strings.HasSuffix(own, ":")
		own = strings.TrimSuffix(own, ":")
		if own != name {
			continue
		}
		if alias {
			own = short
			at := strings.Index(spec, short)
			valued = at >= 0 && at+1 < len(spec) && spec[at+1] == ':'
		}
		if !valued {
			o.flags[own]++
			return args, nil
		}
		if !given {
			if len(args) == 0 {
				return nil, fmt.Errorf("option requires an argument: %s", name)
			}
			value, args = args[0], args[1:]
		}
		o.values[own] = append(o.values[own], value)
		return args, nil
	}
	return nil, fmt.Errorf("unrecognized option: --%s", name)
}
