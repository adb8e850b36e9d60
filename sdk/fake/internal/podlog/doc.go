// Package podlog keeps the log of one container instance in memory, in the text format that container runtimes write
// (CRI), and reads it back with the options of `kubectl logs`.
//
// The one thing people get wrong: a line is in the log when it is complete. Text without a newline is held back until
// the newline comes, the line outgrows [MaxRecord], or the log is closed, as containerd does it; and the stamp is that
// of the moment it got in. So a follower never sees half of what two goroutines write, and never a prompt.
//
// A shortest program:
//
//	log := podlog.New(podlog.Options{})
//	fmt.Fprintln(log.Stdout(), "hello")
//	log.Close()
//	reader, err := log.Read(ctx, &corev1.PodLogOptions{Timestamps: true})
//
// What is stored is a chain of chunks that only ever grow: a reader remembers its place and reads, without the lock,
// bytes that no longer change. However slow a follower is, it holds up nobody. It misses nothing, rotation
// included, unless it is behind by more than [Options.Slack]; then it ends with [ErrDropped], so that memory stays bounded. [Log.Lines] misses
// nothing ever.
package podlog
