package images

import (
	"io/fs"
	"testing/fstest"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images/internal/busybox"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// The programs that files of images can stand for.
const (
	programBusybox = "busybox"
	programCurl    = "curl"
	programNginx   = "nginx"
	programHttpd   = "httpd"
	programPause   = "pause"
	programAgnhost = "agnhost"
	programKuard   = "kuard"
)

func init() {
	unix.Register(programBusybox, busybox.Main)
	unix.Register(programCurl, busybox.Curl)
}

// Busybox is a shell with the usual commands. Its containers run `sh`.
var Busybox = newImage(
	[]string{"busybox", "registry.k8s.io/e2e-test-images/busybox", "registry.k8s.io/busybox", "k8s.gcr.io/busybox", "gcr.io/google-containers/busybox"},
	tree(busyboxFiles("/bin")),
	fake.Env("PATH="+standardPath), fake.Cmd("sh"),
)

// Alpine is as Busybox, with the files of that distribution. Its containers run /bin/sh. It has no apk.
var Alpine = newImage(
	[]string{"alpine", "registry.k8s.io/e2e-test-images/alpine"},
	tree(busyboxFiles("/bin"), fstest.MapFS{
		"etc/alpine-release": text("3.22.1\n"),
		"etc/os-release": text("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine Linux v3.22\"\n" +
			"HOME_URL=\"https://alpinelinux.org/\"\n"),
		"etc/issue": text("Welcome to Alpine Linux 3.22\nKernel \\r on an \\m (\\l)\n\n"),
	}),
	fake.Env("PATH="+standardPath), fake.Cmd("/bin/sh"),
)

// standardPath is PATH as most images have it.
const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// busyboxFiles are busybox in a directory, with a link for each command, and the few files of /etc that commands read.
func busyboxFiles(dir string) fstest.MapFS {
	files := fstest.MapFS{
		dir[1:] + "/busybox": program(programBusybox),
		"etc/passwd": text("root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\n" +
			"www-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n"),
		"etc/group": text("root:x:0:\ndaemon:x:1:\nbin:x:2:\nwww-data:x:33:\nnogroup:x:65534:\n"),
		"root":      directory(0o700), "tmp": directory(0o777 | fs.ModeSticky), "home": directory(0o755),
		"var/log": directory(0o755), "var/tmp": directory(0o777 | fs.ModeSticky), "var/run": directory(0o755), "run": directory(0o755),
		"usr/bin": directory(0o755), "usr/sbin": directory(0o755), "usr/local/bin": directory(0o755), "sbin": directory(0o755),
		"opt": directory(0o755), "mnt": directory(0o755), "srv": directory(0o755),
		"usr/bin/env": link("/bin/busybox"),
	}
	for _, name := range busybox.Names() {
		if name != "busybox" && name != "[[" {
			files[dir[1:]+"/"+name] = link("/bin/busybox")
		}
	}
	return files
}

// tree joins files; of several with one name the last counts.
func tree(parts ...fstest.MapFS) fs.FS {
	all := fstest.MapFS{}
	for _, part := range parts {
		for name, file := range part {
			all[name] = file
		}
	}
	return all
}

func program(name string) *fstest.MapFile {
	return &fstest.MapFile{Data: unix.Binary(name), Mode: 0o755}
}

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: 0o644} }

func script(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: 0o755} }

func directory(mode fs.FileMode) *fstest.MapFile { return &fstest.MapFile{Mode: fs.ModeDir | mode} }

func link(to string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink | 0o777}
}
