package sdk

import (
	"errors"
	"net"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// ErrPodGone is why a [Forward] ended whose pod was deleted, replaced by another of its name, or has ended, where its target means
// that pod alone. Reads and writes on connections to a pod that went wrap it too, beside [ErrLostConnection].
var ErrPodGone = errors.New("the pod is gone")

// errTargetGone marks a status about the target itself, not about a pod that has just gone.
var errTargetGone = errors.New("what the forward was to lead to was deleted")

// isFinal reports whether trying again is of no use: the pod is gone, the server does not want this, or the client's transport was
// closed by its owner. Servers in trouble, proxies and networks answer all sorts of things, and come back.
func isFinal(err error) bool {
	return errors.Is(err, ErrPodGone) || errors.Is(err, net.ErrClosed) || apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) ||
		apierrors.IsMethodNotSupported(err) || errors.Is(err, errTargetGone)
}
