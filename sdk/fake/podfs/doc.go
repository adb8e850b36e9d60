// Package podfs gives containers their file systems, in memory: each has its own root, made of an image's files and of what
// it writes over them, and volumes are what the containers of a pod share.
//
// The thing people get wrong is what is shared. A [Tree] is files; a [Namespace] is which trees one container sees, and
// where; an [FS] is one program's view of a Namespace, as a user, in a working directory. Two containers that mount one
// Tree see each other's writes at once, while their roots are apart even when they come from one [Image].
//
//	image := podfs.NewImage(files)
//	shared := podfs.NewEmptyDir(podfs.EmptyDirOptions{})
//	container := podfs.NewNamespace(podfs.NewTree(podfs.TreeOptions{Image: image}), podfs.NamespaceOptions{})
//	err := container.Mount(podfs.Mount{Name: "content", Path: "/srv", Volume: shared})
//	program := container.FS(podfs.Credentials{}, "/")
//	err = program.WriteFile("/srv/index.html", page, 0o644)
//
// Volumes are [NewEmptyDir], [NewProjected] with a [Payload] (from [ConfigMapPayload], [SecretPayload], [DownwardPayload] or
// [ProjectedPayload]), [HostPath] and [NewPersistent]. [NewDev] is what stands at /dev. Besides files, directories and
// links there are devices ([FS.Mknod]), pipes ([FS.Mkfifo]) and sockets ([FS.Bind], [FS.Connect]). [FS.Watch] waits for a
// change without polling, and [File.Flock] locks.
//
// Everything behaves as Linux does unless said otherwise: errors are a [*io/fs.PathError] or [*os.LinkError] around a
// [syscall.Errno], names follow symbolic links and "..", permission bits hold for everybody but root. Times are those of
// package time, so that they are virtual in a bubble of testing/synctest, and whatever waits can wait in one.
//
// This is our own code because isolating the files of containers is what the fake is for, and because no library that we
// found has all it takes: avfs and hackpadfs have no layers, afero's cannot remove what is in the lower one, gVisor's need its
// kernel, and none waits for changes inside a bubble.
//
// What it does not do: access times, extended attributes, ACLs and capabilities, quotas for a user, mount propagation
// between containers, a mount inside a volume that other containers see, and files of more than 1 GiB (EFBIG).
package podfs
