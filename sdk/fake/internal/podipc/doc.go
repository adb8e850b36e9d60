// Package podipc is the inter-process communication of a pod: memory that its containers share, and queues of messages. Other pods
// have namespaces of their own, and see nothing of it.
//
// The one thing people get wrong: what is shared is the namespace, not the Go value. Two containers that ask their namespace for
// the same name have the same memory; passing a *Memory to a program by a variable of the test would also work between pods,
// and prove nothing.
//
//	ns := podipc.New()
//	m, err := ns.Memory("/scores", 64)
//	m.Update(func(b []byte) { b[0]++ })
//
// Names begin with a slash, as those of POSIX's shm_open and mq_open do. Everything lives as long as the namespace: that of the
// pod, through all restarts of its containers.
package podipc
