// Package busybox is the commands of busybox, over a container's files, network and processes; the name its file is called by says
// which one.
//
// The thing people get wrong is to expect every option: a command takes the usual ones, and answers any other with "unrecognized
// option" and exit code 1, never with something else than was asked for.
//
//	unix.Register("busybox", busybox.Main)
package busybox
