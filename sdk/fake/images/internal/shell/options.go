package shell

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// letters are the options that set and sh take. Those that change nothing here are -b, -h, -m, -v and -V.
const letters = "abefhimnuvxCEV"

// pipefail has no letter of its own.
const pipefail = 'P'

var longOptions = map[string]byte{
	"allexport": 'a', "errexit": 'e', "noglob": 'f', "noexec": 'n', "nounset": 'u', "xtrace": 'x', "verbose": 'v', "noclobber": 'C',
	"monitor": 'm', "notify": 'b', "pipefail": pipefail, "interactive": 'i', "vi": 'V', "ignoreeof": 'E',
}

func (o options) setLong(name string, on bool) error {
	letter, ok := longOptions[name]
	if !ok {
		return fmt.Errorf("set: illegal option %s", name)
	}
	o[letter] = on
	return nil
}

// String is $-.
func (o options) String() string {
	var b strings.Builder
	for i := range len(letters) {
		if o[letters[i]] {
			b.WriteByte(letters[i])
		}
	}
	return b.String()
}

// set is the builtin: options, and the positional parameters.
func set(sh *shell, args []string) int {
	args = args[1:]
	if len(args) == 0 {
		for _, name := range sh.vars.names() {
			if v, _ := sh.vars.lookup(name); v.set {
				fmt.Fprintf(sh.writer(1), "%s=%s\n", name, forceQuote(v.value))
			}
		}
		return 0
	}
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		arg, on := args[0][1:], args[0][0] == '-'
		args = args[1:]
		if arg == "-" {
			sh.params = slices.Clone(args)
			return 0
		}
		for i := range len(arg) {
			switch {
			case arg[i] == 'o' && len(args) == 0:
				sh.showOptions()
			case arg[i] == 'o':
				if err := sh.on.setLong(args[0], on); err != nil {
					sh.errorf("%v", err)
					return 2
				}
				args = args[1:]
			case strings.IndexByte(letters, arg[i]) < 0:
				sh.errorf("illegal option -%c", arg[i])
				return 2
			default:
				sh.on[arg[i]] = on
			}
		}
		if len(args) == 0 {
			return 0
		}
	}
	sh.params = slices.Clone(args)
	return 0
}

func (sh *shell) showOptions() {
	for _, name := range slices.Sorted(maps.Keys(longOptions)) {
		state := "off"
		if sh.on[longOptions[name]] {
			state = "on"
		}
		fmt.Fprintf(sh.writer(1), "%-16s%s\n", name, state)
	}
}

func forceQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'" }
