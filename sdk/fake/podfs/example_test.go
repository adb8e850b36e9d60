package podfs_test

import (
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/podwright/podwright/sdk/fake/podfs"
)

// Two containers of a pod: one fills a volume, the other serves it.
func Example() {
	image := podfs.NewImage(fstest.MapFS{"etc/motd": {Data: []byte("welcome")}})
	content := podfs.NewEmptyDir(podfs.EmptyDirOptions{})
	start := func(name, path string, readOnly bool) *podfs.FS {
		ns := podfs.NewNamespace(podfs.NewTree(podfs.TreeOptions{Image: image}), podfs.NamespaceOptions{Container: name})
		if err := ns.Mount(podfs.Mount{Name: "content", Path: path, Volume: content, ReadOnly: readOnly}); err != nil {
			fmt.Println(err)
		}
		return ns.FS(podfs.Credentials{}, "/")
	}
	puller, server := start("puller", "/out", false), start("server", "/srv/www", true)

	fmt.Println(puller.WriteFile("/out/index.html", []byte("<h1>hello</h1>"), 0o644))
	page, _ := fs.ReadFile(server, "srv/www/index.html")
	fmt.Println(string(page))
	fmt.Println(server.Remove("/srv/www/index.html"))
	fmt.Println(server.WriteFile("/etc/motd", []byte("mine"), 0o644))
	motd, _ := puller.ReadFile("/etc/motd")
	fmt.Println(string(motd))
	// Output:
	// <nil>
	// <h1>hello</h1>
	// remove /srv/www/index.html: read-only file system
	// <nil>
	// welcome
}
