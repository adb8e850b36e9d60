package shell

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// variables are those of one shell.
type variables struct {
	byName map[string]variable
	locals []map[string]variable // what local has hidden, a function each; a variable that was not there is the zero value
	seed   uint32
}

type variable struct {
	value                   string
	set, exported, readonly bool
}

func (v *variables) init(env []string, dir string) {
	v.byName = map[string]variable{}
	for _, pair := range env {
		// As in ash, names that a script cannot say are kept for the processes that it starts.
		if name, value, ok := strings.Cut(pair, "="); ok {
			v.byName[name] = variable{value, true, true, false}
		}
	}
	for name, value := range map[string]string{"IFS": " \t\n", "OPTIND": "1", "PS1": `\w \$ `, "PS2": "> ", "PS4": "+ ", "PWD": dir} {
		if _, ok := v.byName[name]; !ok || name == "IFS" || name == "PWD" {
			v.byName[name] = variable{value: value, set: true, exported: v.byName[name].exported}
		}
	}
	level, _ := strconv.Atoi(v.byName["SHLVL"].value)
	v.byName["SHLVL"] = variable{value: strconv.Itoa(level + 1), set: true, exported: true}
	v.seed = 1
}

func (v *variables) copy() variables {
	c := variables{byName: maps.Clone(v.byName), seed: v.seed}
	for _, hidden := range v.locals {
		c.locals = append(c.locals, maps.Clone(hidden))
	}
	return c
}

func (v *variables) lookup(name string) (variable, bool) {
	one, ok := v.byName[name]
	return one, ok
}

func (v *variables) get(name string) string { return v.byName[name].value }

func (v *variables) names() []string { return slices.Sorted(maps.Keys(v.byName)) }

// random is $RANDOM: numbers that look drawn, and are the same in each run.
func (v *variables) random() int {
	v.seed = v.seed*1664525 + 1013904223
	return int(v.seed >> 17)
}

func (v *variables) push() { v.locals = append(v.locals, map[string]variable{}) }

func (v *variables) pop() {
	hidden := v.locals[len(v.locals)-1]
	v.locals = v.locals[:len(v.locals)-1]
	for name, old := range hidden {
		v.restore(name, old)
	}
}

func (v *variables) restore(name string, old variable) {
	if old == (variable{}) {
		delete(v.byName, name)
	} else {
		v.byName[name] = old
	}
}

// hide makes a variable local to the function that runs.
func (v *variables) hide(name string) {
	hidden := v.locals[len(v.locals)-1]
	if _, ok := hidden[name]; !ok {
		hidden[name] = v.byName[name]
	}
}

// environ are the exported variables, with more for one command.
func (v *variables) environ(more []assignment) []string {
	all := map[string]string{}
	for name, one := range v.byName {
		if one.exported && one.set {
			all[name] = one.value
		}
	}
	for _, a := range more {
		all[a.name] = a.value
	}
	var env []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		env = append(env, name+"="+all[name])
	}
	return env
}

// assignment is NAME=value, expanded.
type assignment struct{ name, value string }

// assignments expands what is assigned. To keep it is to set each before the next is expanded, as POSIX has it without a command.
func (sh *shell) assignments(list []*syntax.Assign, keep bool) ([]assignment, bool) {
	var all []assignment
	for _, a := range list {
		if a.Array != nil || a.Index != nil {
			sh.gap("an array")
			return nil, false
		}
		value, ok := "", true
		if a.Value != nil {
			value, ok = sh.literal(a.Value)
		}
		if !ok {
			return nil, false
		}
		if a.Append {
			value = sh.vars.get(a.Name.Value) + value
		}
		all = append(all, assignment{a.Name.Value, value})
		if keep && !sh.assign(a.Name.Value, value) {
			return nil, false
		}
	}
	return all, true
}

// assign sets a variable. What is only read is an error that ends the shell.
func (sh *shell) assign(name, value string) bool {
	old := sh.vars.byName[name]
	if old.readonly {
		sh.errorf("%s: is read only", name)
		sh.status = 2
		if !sh.on['i'] {
			sh.flow = exits
		}
		return false
	}
	old.value, old.set = value, true
	old.exported = old.exported || sh.on['a']
	sh.vars.byName[name] = old
	return true
}

// keep sets variables for good.
func (sh *shell) keep(list []assignment) bool {
	for _, a := range list {
		if !sh.assign(a.name, a.value) {
			return false
		}
	}
	return true
}

// lend sets and exports variables until undo.
func (sh *shell) lend(list []assignment) (undo func(), ok bool) {
	old := map[string]variable{}
	for _, a := range list {
		if _, seen := old[a.name]; !seen {
			old[a.name] = sh.vars.byName[a.name]
		}
		if !sh.assign(a.name, a.value) {
			return nil, false
		}
		v := sh.vars.byName[a.name]
		v.exported = true
		sh.vars.byName[a.name] = v
	}
	return func() {
		for name, v := range old {
			sh.vars.restore(name, v)
		}
	}, true
}

// declare is export, readonly, local and their like, which the parser takes apart.
func (sh *shell) declare(c *syntax.DeclClause) {
	args := []string{c.Variant.Value}
	for _, a := range c.Args {
		switch {
		case a.Array != nil || a.Index != nil:
			sh.gap("an array")
			return
		case a.Name == nil:
			more, ok := sh.fields(a.Value)
			if !ok {
				return
			}
			args = append(args, more...)
		case a.Naked:
			args = append(args, a.Name.Value)
		default:
			one, ok := sh.assignments([]*syntax.Assign{a}, false)
			if !ok {
				return
			}
			args = append(args, one[0].name+"="+one[0].value)
		}
	}
	if sh.on['x'] {
		sh.trace(nil, args)
	}
	if b, ok := builtins[args[0]]; ok {
		sh.builtin(b, args)
		return
	}
	if sh.bash {
		sh.builtin(bashDeclare, args)
		return
	}
	sh.run(args, nil, false)
}
