package images

import (
	"io/fs"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// Image is an image that is ready to be registered: what it is called, and what is in it.
type Image struct {
	names   []string
	program fake.Program
	options []fake.ImageOption
}

// Names are the names it is registered under, the usual one first. A name without tag stands for every tag.
func (i Image) Names() []string { return append([]string(nil), i.names...) }

// As is the image under other names, such as those of a mirror.
func (i Image) As(names ...string) Image {
	i.names = append([]string(nil), names...)
	return i
}

// Register makes a cluster know images. It may be called more than once, and at any time: what is registered last under a name counts,
// for containers that start from then on, and a program that is registered by fake.Cluster.Handle for one tag wins over an image for
// all of them. It panics for a name that is no image name, as Handle does.
func Register(c *fake.Cluster, list ...Image) {
	for _, image := range list {
		for _, name := range image.names {
			c.Handle(name, image.program, image.options...)
		}
	}
}

// All are the images of this package.
func All() []Image {
	return []Image{Busybox, Alpine, Nginx, Httpd, Pause, Agnhost, Kuard}
}

// newImage is an image whose containers, and whatever kubectl exec, probes and hooks run in them, find their commands in its files.
func newImage(names []string, files fs.FS, options ...fake.ImageOption) Image {
	main := unix.Main(unix.Dispatch)
	return Image{names: names, program: main, options: append([]fake.ImageOption{fake.Files(files), fake.Exec(main)}, options...)}
}
