package fake

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet/imageref"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// ImageOption says what else an image brings along, as a Dockerfile does.
type ImageOption func(*kubelet.Image)

// Entrypoint is what a container of the image runs unless its spec has a command. [Process.Args] begins with it.
func Entrypoint(args ...string) ImageOption {
	return func(i *kubelet.Image) { i.Entrypoint = slices.Clone(args) }
}

// Cmd are the arguments of the entrypoint unless the container's spec has args of its own.
func Cmd(args ...string) ImageOption {
	return func(i *kubelet.Image) { i.Cmd = slices.Clone(args) }
}

// Env sets environment variables, each "NAME=value". What the container's spec sets overrides them.
func Env(vars ...string) ImageOption {
	return func(i *kubelet.Image) { i.Env = append(i.Env, vars...) }
}

// WorkingDir is the directory containers start in unless their spec names one. Default "/".
func WorkingDir(dir string) ImageOption {
	return func(i *kubelet.Image) { i.WorkingDir = dir }
}

// Files are the files of the image, which each container has for itself: what one changes no other sees, and a restart brings back as
// it was. They are read when a program first asks for them, and must not change afterwards. Without it a container has the
// directories /dev, /etc, /proc, /sys and /tmp, as from an empty image.
func Files(files fs.FS) ImageOption {
	return func(i *kubelet.Image) { i.Files = podfs.NewImage(files) }
}

// User is the number of the user that containers of the image run as unless the pod says otherwise, as USER in a Dockerfile. Default
// 0, root. It decides whose files a program may read and write, and whether a pod with runAsNonRoot takes the image.
func User(uid int) ImageOption { return func(i *kubelet.Image) { i.User = uid } }

// Exec is what kubectl exec, probes and lifecycle hooks run in containers of the image: [Process.Args] are their command. It runs
// beside the container's own program, with its environment and working directory. Without it a container has no commands: each
// fails as one does whose file is not there. A program that looks at its arguments, such as a shell, can be both.
func Exec(p Program) ImageOption {
	return func(i *kubelet.Image) { i.Exec = asProgram(p) }
}

// Handle registers p as the program of an image. "heejeong/crane" is any tag and any digest of it, "heejeong/crane:v2" that
// tag only, "heejeong/crane@sha256:..." that digest only; the most specific one wins. Names are Docker's: nginx,
// library/nginx and docker.io/library/nginx are one. A second program for the same name replaces the first, for
// containers that start from then on. Handle may be called at any time; a pod that waits for its image to be
// registered gets it at its next try.
//
// Handle panics if image is no image name or p is nil, as http.Handle does: both are mistakes in the program.
func (c *Cluster) Handle(image string, p Program, opts ...ImageOption) {
	ref, err := imageref.Parse(image)
	switch {
	case err != nil:
		panic(fmt.Sprintf("fake: Handle(%q): %v", image, err))
	case p == nil:
		panic(fmt.Sprintf("fake: Handle(%q): the program is nil", image))
	}
	c.images.set(keyOf(image, ref), newImage(p, opts))
}

// HandleFunc is [Cluster.Handle] for a function.
func (c *Cluster) HandleFunc(image string, f func(ctx context.Context, p *Process) error, opts ...ImageOption) {
	if f == nil {
		panic(fmt.Sprintf("fake: HandleFunc(%q): the function is nil", image))
	}
	c.Handle(image, ProgramFunc(f), opts...)
}

func newImage(p Program, opts []ImageOption) *kubelet.Image {
	i := &kubelet.Image{WorkingDir: "/", Program: asProgram(p)}
	for _, opt := range opts {
		opt(i)
	}
	return i
}

// images are the programs of one cluster.
type images struct {
	unknown *kubelet.Image // what runs for images that are not registered; nil if nothing does

	mu     sync.RWMutex
	byName map[string]*kubelet.Image // by repository, repository:tag or repository@digest
}

func newImages(unknown Program) *images {
	set := &images{byName: map[string]*kubelet.Image{}}
	if unknown != nil {
		set.unknown = newImage(unknown, nil)
	}
	return set
}

func (s *images) set(key string, i *kubelet.Image) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName[key] = i
}

// keyOf is what a name that was registered stands for: a digest, a tag that is written out, or all of a repository.
func keyOf(image string, ref imageref.Ref) string {
	switch {
	case ref.Digest != "":
		return ref.Repository() + "@" + ref.Digest
	case strings.HasSuffix(image, ":"+ref.Tag):
		return ref.Repository() + ":" + ref.Tag
	}
	return ref.Repository()
}

// Lookup finds the program for an image: by digest, by tag, by repository, and then the one for all others.
func (s *images) Lookup(image string) (*kubelet.Image, bool) {
	ref, err := imageref.Parse(image)
	if err != nil {
		return nil, false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, key := range []string{ref.Repository() + "@" + ref.Digest, ref.Repository() + ":" + ref.Tag, ref.Repository()} {
		if i := s.byName[key]; i != nil {
			return i, true
		}
	}
	return s.unknown, s.unknown != nil
}
