package kubelet

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet/imageref"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Program is what a container runs: it returns when the process would exit. Nil is exit code 0, an [ExitError] its
// code, any other error exit code 1. ctx ends at SIGTERM.
type Program func(ctx context.Context, c *Container) error

// Image is a program and what its image says about how to run it, as a Dockerfile does.
type Image struct {
	Program Program
	// Exec is what exec, probes and hooks run in its containers; nil if the image has no commands.
	Exec       Program
	Entrypoint []string
	Cmd        []string
	Env        []string // "name=value"
	WorkingDir string
	User       int // who runs it, unless the pod says otherwise
	// Files are the image's; nil for those that every container has.
	Files *podfs.Image
	Size  int64 // in bytes, for the Pulled event
}

// bareFiles are those of an image that has none of its own. They are never written to.
var bareFiles = podfs.NewImage(nil)

// files are the image's files.
func (i *Image) files() *podfs.Image {
	if i.Files == nil {
		return bareFiles
	}
	return i.Files
}

// Images finds images by the name in a pod spec. It is asked at each start of a container, so that an image that is
// registered later is found at the next try.
type Images interface {
	Lookup(image string) (*Image, bool)
}

// Reasons of waiting containers, as pkg/kubelet/images names them.
const (
	reasonErrImagePull      = "ErrImagePull"
	reasonImagePullBackOff  = "ImagePullBackOff"
	reasonErrImageNeverPull = "ErrImageNeverPull"
	reasonInvalidImageName  = "InvalidImageName"
)

// waiting is why a container is not running, with the words of its status.
type waiting struct{ reason, message string }

func (w *waiting) Error() string { return w.reason + ": " + w.message }

// imageName is what there is to know about the name of an image. It is shared by all containers that have it.
type imageName struct {
	full   string // docker.io/heejeong/crane:latest
	docker string // heejeong/crane:latest
	id     string // docker-pullable://heejeong/crane@sha256:...
	err    error  // why it is no name

	pulling, present string // what events say of it

	mu   sync.Mutex
	size int64
	got  string // what the event says of pulling one of that size
}

// pulled is what the event says of pulling an image of so many bytes.
func (i *imageName) pulled(image string, size int64) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.got == "" || i.size != size {
		const took = time.Duration(0) // functions are here already
		i.size = size
		i.got = fmt.Sprintf("Successfully pulled image %q in %v (%v including waiting). Image size: %d bytes.", image, took, took, size)
	}
	return i.got
}

// imageName reads the name of an image once.
func (k *Kubelet) imageName(image string) *imageName {
	k.mu.Lock()
	defer k.mu.Unlock()
	name := k.names[image]
	if name == nil {
		name = newImageName(image)
		k.names[image] = name
	}
	return name
}

func newImageName(image string) *imageName {
	ref, err := imageref.Parse(image)
	if err != nil {
		return &imageName{err: err}
	}
	return &imageName{
		full: ref.String(), docker: ref.FamiliarString(), id: imageID(ref),
		pulling: fmt.Sprintf("Pulling image %q", image),
		present: fmt.Sprintf("Container image %q already present on machine and can be accessed by the pod", image),
	}
}

// imageID is docker's name of the image's content. What a function does has no digest, so that of its name stands in.
func imageID(ref imageref.Ref) string {
	digest := ref.Digest
	if digest == "" {
		digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(ref.String())))
	}
	return "docker-pullable://" + ref.Familiar() + "@" + digest
}

// pulled is an image on its node.
type pulled struct {
	*Image
	name *imageName
}

// pull makes sure that the image of a container is on the node, as EnsureImageExists does. An image that is registered
// counts as loaded onto the nodes for the policy Never; for IfNotPresent the first container of a node pulls it.
func (w *worker) pull(pod *corev1.Pod, s *slot, spec *corev1.Container) (pulled, *waiting) {
	name := w.k.imageName(spec.Image)
	if name.err != nil {
		text := fmt.Sprintf("Failed to apply default image tag %q: couldn't parse image name %q: %v", spec.Image, spec.Image, name.err)
		w.warn(pod, s, eventInspectFailed, text)
		return pulled{}, &waiting{reasonInvalidImageName, text}
	}
	image, known := w.k.config.Images.Lookup(spec.Image)
	never := spec.ImagePullPolicy == corev1.PullNever
	switch {
	case never && !known:
		text := fmt.Sprintf("Container image %q is not present with pull policy of Never", spec.Image)
		w.warn(pod, s, reasonErrImageNeverPull, text)
		return pulled{}, &waiting{reasonErrImageNeverPull, text}
	case never, known && spec.ImagePullPolicy == corev1.PullIfNotPresent && w.hasImage(name):
		w.note(pod, s, eventPulled, name.present)
		return pulled{image, name}, nil
	}
	w.note(pod, s, eventPulling, name.pulling)
	if !known {
		err := unknownImage(spec.Image)
		w.warn(pod, s, eventFailed, fmt.Sprintf("Failed to pull image %q: %v", spec.Image, err))
		return pulled{}, &waiting{reasonErrImagePull, err.Error()}
	}
	w.addImage(name)
	w.note(pod, s, eventPulled, name.pulled(spec.Image, image.Size))
	return pulled{image, name}, nil
}

// unknownImage says what to do about an image that nobody registered.
func unknownImage(image string) error {
	return fmt.Errorf("no program is registered for this image; register one with cluster.Handle(%q, program)", image)
}

// onNode is an image that was pulled to a node: when, and for which pods at that very moment.
type onNode struct {
	at time.Time
	by []types.UID
}

// hasImage says whether the node has an image. Where workers have turns, and so pods pull at the same moment, it has it for the others
// from the next turn on: each of them pulls, as on a real node where none finds the image, whichever comes first.
func (w *worker) hasImage(name *imageName) bool {
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	image := w.node.images[name.full]
	switch {
	case image == nil:
		return false
	case !w.k.turns.worker.Given() || image.at.Before(time.Now()):
		image.by = nil
		return true
	}
	return slices.Contains(image.by, w.uid)
}

func (w *worker) addImage(name *imageName) {
	w.node.mu.Lock()
	defer w.node.mu.Unlock()
	image := w.node.images[name.full]
	if image == nil {
		image = &onNode{at: time.Now()}
		w.node.images[name.full] = image
	}
	if image.at.Equal(time.Now()) {
		image.by = append(image.by, w.uid)
	}
}
