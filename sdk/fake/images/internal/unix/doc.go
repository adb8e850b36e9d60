// Package unix is what programs of ready-made images are written against: a process with streams that end when it does, signals
// that do what they do by default, pipes, and commands that are found by files in PATH.
//
// The thing people get wrong is the context. That of a [Command] ends when the process does, not at SIGTERM: what a signal does is
// its disposition, and the first process of a container has the kernel's protection, so that `sleep 3600` there outlives SIGTERM
// until the grace period is over, as on a real node.
//
//	func sleep(ctx context.Context, p *unix.Proc) int {
//		return p.Pause(ctx, d)
//	}
//
// Pipes are our own because a process that waits at one of the operating system is not durably blocked, and stops the time of a bubble.
package unix
