package podfs

import (
	"context"
	"io/fs"
	"net"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestHostPath(t *testing.T) {
	rows := []struct {
		path string
		kind *corev1.HostPathType
		want string
	}{
		{"/var/log", new(corev1.HostPathDirectory), ""},
		{"/var/log", new(corev1.HostPathDirectoryOrCreate), ""},
		{"/var/new/er", new(corev1.HostPathDirectoryOrCreate), ""},
		{"/var/any", nil, ""},
		{"/var/any2", new(corev1.HostPathUnset), ""},
		{"/var/log/syslog", new(corev1.HostPathFile), ""},
		{"/var/log/new", new(corev1.HostPathFileOrCreate), ""},
		{"/var/log/link", new(corev1.HostPathFile), ""},
		{"/run/x.sock", new(corev1.HostPathSocket), ""},
		{"/dev/null", new(corev1.HostPathCharDev), ""},
		{"/dev/sda", new(corev1.HostPathBlockDev), ""},
		{"/var/log/syslog", new(corev1.HostPathDirectory), "hostPath type check failed: /var/log/syslog is not a directory, it's a File"},
		{"/var/log", new(corev1.HostPathFileOrCreate), "hostPath type check failed: /var/log is not a file, it's a Directory"},
		{"/dev/null", new(corev1.HostPathBlockDev), "hostPath type check failed: /dev/null is not a block device, it's a CharDevice"},
		{"/dev/sda", new(corev1.HostPathSocket), "hostPath type check failed: /dev/sda is not a socket file, it's a BlockDevice"},
		{"/gone", new(corev1.HostPathDirectory), `hostPath type check failed, /gone is not a directory, unable to determine its type: path "/gone" does not exist`},
		{"/pipe", new(corev1.HostPathFile), "hostPath type check failed, /pipe is not a file, unable to determine its type: only recognise file, directory, socket, block device and character device"},
		{"/gone/new", new(corev1.HostPathFileOrCreate), "open /gone/new: no such file or directory"},
		{"/var", new(corev1.HostPathType("Cloud")), "Cloud is an invalid volume type"},
	}
	node := NewTree(TreeOptions{})
	f := node.FS()
	for _, dir := range [...]string{"/var/log", "/run", "/dev"} {
		ok(t, f.MkdirAll(dir, 0o755))
	}
	ok(t, f.WriteFile("/var/log/syslog", []byte("boot"), 0o644))
	ok(t, f.Symlink("/var/log/syslog", "/var/log/link"))
	ok(t, f.Mkfifo("/pipe", 0o644))
	ok(t, f.Mknod("/dev/null", 0o666, fixed(empty, swallow)))
	ok(t, f.Mknod("/dev/sda", fs.ModeDevice|0o660, fixed(empty, swallow)))
	_, err := f.Bind("/run/x.sock", func(context.Context) (net.Conn, error) { return nil, nil })
	ok(t, err)
	for _, row := range rows {
		_, err := HostPath(node, row.path, row.kind)
		words(t, row.want, err)
	}
	equal(t, []string{"any", "any2", "log", "new"}, list(t, f, "/var"))
	equal(t, "-rw-r--r--", mode(t, f, "/var/log/new"))
}

func TestHostPathIsTheNodes(t *testing.T) {
	node := NewTree(TreeOptions{})
	logs, err := HostPath(node, "/var/log", nil)
	ok(t, err)
	_, f := container(t, nil, Mount{Path: "/logs", Volume: logs}, Mount{Path: "/one", Volume: logs, SubPath: "one"})
	ok(t, f.WriteFile("/logs/x", []byte("1"), 0o644))
	has(t, node.FS(), "/var/log/x", "1")
	equal(t, []string{"one", "x"}, list(t, f, "/logs"))
	_, err = f.Stat("/logs/../log")
	is(t, err, fs.ErrNotExist)
}
