// Package images has images that are ready to be registered, so that manifests as they are found run on the fake as they are: busybox and
// alpine with a shell and its commands, nginx, httpd, pause, kuard, and the agnhost of Kubernetes' own tests.
//
// The thing people get wrong is PID 1: `sh -c "sleep 3600"` ends when its grace period does, thirty seconds after it was told to, as in a
// real pod, because the kernel spares the first process of a container the default of SIGTERM. In a [fake.Bubble] that costs no time;
// elsewhere write a trap, as one would for a real cluster.
//
//	cluster := fake.RunT(t)
//	images.Register(cluster, images.Busybox, images.Nginx) // or images.All()...
//	pod, err := descriptor.DecodeInto[corev1.Pod](manifest)
//	err = cluster.Client().Run(ctx, pod)
//
// What runs is Go: commands see the files, network, processes and users of their container, and nothing of the machine. A command is found by
// its file in PATH, so that an init container can copy one to a volume, and another container can run it from there. kubectl exec, probes
// and hooks find the same commands, and with a terminal the shell has a prompt.
//
// Programs that do not import this package do not link it.
//
// # What it does not do
//
//   - The shell has no job control, aliases, arrays, process substitution or umask other than 022; each is an error that names it. awk
//     cannot run commands or write files.
//   - Commands know the usual options, and refuse others. There is no vi, no apk, no ping (the network has no ICMP) and no UDP.
//   - nginx knows the directives that are listed at [Nginx], and refuses to start with others; the configuration of httpd is not read.
//   - agnhost has the commands that are listed at [Agnhost]; its gRPC has no TLS, and netexec answers no UDP.
package images
