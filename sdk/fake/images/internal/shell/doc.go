// Package shell is sh, as busybox's ash is one: it runs scripts over a container's files, processes and signals. The language is parsed
// and words are expanded by mvdan.cc/sh.
//
// The thing people get wrong is to take that module's interpreter instead: it joins the commands of a pipeline by pipes of the
// operating system, which stop the time of a bubble, it knows three descriptors only, and signals, $$ and $! are the test
// program's own. Here each command is a process of the container, so ps sees it and kill reaches it.
//
//	fake.Exec(unix.Main(shell.Main))
//
// What it does not do: job control (fg, bg, stopping), aliases, arrays, coprocesses, select and process substitution. Each is an error
// that names it.
package shell
