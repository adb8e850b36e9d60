package sdk

import (
	"context"
	"io"
	"net"
	"strings"
	"time"

	"github.com/podwright/podwright/types/selector"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Option is a choice made once for a [Client].
type Option func(*options)

type options struct {
	scheme    *runtime.Scheme
	manager   string
	userAgent string
	listen    ListenFunc
	tar       TarFunc
}

// ListenFunc opens a listener, as [net.ListenConfig.Listen] does.
type ListenFunc func(ctx context.Context, network, address string) (net.Listener, error)

// WithScheme sets the scheme whose kinds the client can read and write; without it, the scheme of
// client-go, which has all built-in kinds. A scheme for custom kinds is best made by adding to a
// copy of that one. Kinds outside client-go's scheme travel as JSON.
func WithScheme(s *runtime.Scheme) Option { return func(o *options) { o.scheme = s } }

// FieldManager sets the name under which the server records the fields that this client writes;
// without it, the server takes the first part of the user agent.
func FieldManager(name string) Option { return func(o *options) { o.manager = name } }

// ListenWith sets how [Client.PortForward] opens its local listeners. It is called once for each
// port, with network "tcp" and an address of 127.0.0.1. Without it, real listeners are opened on
// 127.0.0.1 and, where the machine has it, ::1. [ForwardedOf] the context says which port of which pod
// the listener leads to.
func ListenWith(listen ListenFunc) Option { return func(o *options) { o.listen = listen } }

// TarFunc does what tar does in a container, with args as Exec would have run it. [errors.ErrUnsupported] leaves it to the container.
type TarFunc func(ctx context.Context, namespace, pod, container string, args []string, stdin io.Reader, stdout io.Writer) error

// TarWith sets who does the other half of [Client.CopyTo] and [Client.CopyFrom] for containers that have no tar. It is for clusters of
// tests, where a program stands for a whole image; without it, such a container is a [NoTarError].
func TarWith(tar TarFunc) Option { return func(o *options) { o.tar = tar } }

// UserAgent sets what the client calls itself in its requests, which audit logs and API servers' metrics show, and of which
// the server makes the name of a field manager where none is given. Without it, it is what the config says, else client-go's
// default: the program's name, and the system's.
func UserAgent(name string) Option { return func(o *options) { o.userAgent = name } }

// WriteOption is a choice for one call of Create, Run, Update, Patch or Apply.
type WriteOption func(*writeOptions)

// CreateOption is a choice for one call of [Client.Create] or [Client.Run].
type CreateOption = WriteOption

// UpdateOption is a choice for one call of [Client.Update].
type UpdateOption = WriteOption

type writeOptions struct{ dryRun, strict bool }

// DryRun has the server do everything but store the result.
func DryRun() WriteOption { return func(o *writeOptions) { o.dryRun = true } }

// Strict has the server refuse fields it does not know, where its default is to warn.
func Strict() WriteOption { return func(o *writeOptions) { o.strict = true } }

// PatchOption is a choice for one call of [Client.Patch]: a [WriteOption], or one of its own.
type PatchOption interface{ applyToPatch(*patchOptions) }

// ApplyOption is a choice for one call of [Client.Apply] or [Client.ApplyConfiguration].
type ApplyOption = PatchOption

type patchOptions struct {
	writeOptions
	subresource string
	force       bool
}

type patchOption func(*patchOptions)

func (o WriteOption) applyToPatch(to *patchOptions) { o(&to.writeOptions) }
func (o patchOption) applyToPatch(to *patchOptions) { o(to) }

func patchOptionsOf(opts []PatchOption) (o patchOptions) {
	for _, opt := range opts {
		opt.applyToPatch(&o)
	}
	return o
}

// Subresource changes a part of an object that has a place of its own in the API: "status", which no other write changes,
// "resize" and "ephemeralcontainers" of a pod. For "scale" there is [Client.Scale].
func Subresource(name string) PatchOption {
	return patchOption(func(o *patchOptions) { o.subresource = name })
}

// Force has [Client.Apply] take over fields that another manager set to something else. It is an error of [Client.Patch].
func Force() ApplyOption { return patchOption(func(o *patchOptions) { o.force = true }) }

// ListOption chooses which objects [Client.List] and [Client.Watch] give and [Client.DeleteAll] takes away. Several
// selectors of one sort must all hold. The default is all objects in the client's namespace.
type ListOption func(*listOptions)

type listOptions struct {
	selectors      []selector.Selector
	labels, fields []string
	namespace      string
	all            bool
}

// Selecting chooses by labels. selector.Nothing chooses nothing, and the server is not asked. What has no text that means
// the same, such as a selector made of labels that were never validated, is an error.
func Selecting(s selector.Selector) ListOption {
	return func(o *listOptions) { o.selectors = append(o.selectors, s) }
}

// SelectingText chooses by labels, in the syntax of kubectl's -l: "app=crane,tier!=cache".
// The server parses it, and answers BadRequest to what it cannot. The empty text selects all.
func SelectingText(selector string) ListOption {
	return func(o *listOptions) { o.labels = appendText(o.labels, selector) }
}

// Fields chooses by fields, in the syntax of kubectl's --field-selector: "status.phase=Running".
// All kinds know metadata.name and metadata.namespace; the rest differs by kind.
func Fields(selector string) ListOption {
	return func(o *listOptions) { o.fields = appendText(o.fields, selector) }
}

// In chooses another namespace than the client's.
func In(namespace string) ListOption {
	return func(o *listOptions) { o.namespace, o.all = namespace, false }
}

// AllNamespaces chooses the objects of every namespace.
func AllNamespaces() ListOption { return func(o *listOptions) { o.all = true } }

func appendText(list []string, text string) []string {
	if strings.TrimSpace(text) == "" {
		return list
	}
	return append(list, text)
}

// DeleteAllOption is a choice for one call of [Client.DeleteAll]: a [ListOption], which objects, or a [DeleteOption], how.
type DeleteAllOption interface{ applyToDeleteAll(*deleteAllOptions) }

type deleteAllOptions struct {
	listOptions
	deleteOptions
}

func (o ListOption) applyToDeleteAll(to *deleteAllOptions)   { o(&to.listOptions) }
func (o DeleteOption) applyToDeleteAll(to *deleteAllOptions) { o(&to.deleteOptions) }

// DeleteOption is a choice for one call of [Client.Delete] or [Client.DeleteAll].
type DeleteOption func(*deleteOptions)

type deleteOptions struct {
	grace       *time.Duration
	propagation metav1.DeletionPropagation
	ignore      bool
	wait        bool
}

// Grace sets how long the containers of a pod may take to end, in whole seconds, rounded up.
// Zero removes the object at once, without word from the node, as kubectl's --force does.
// Without it, the object's own grace period holds.
func Grace(d time.Duration) DeleteOption { return func(o *deleteOptions) { o.grace = &d } }

// Propagation sets what becomes of the objects that the deleted one owns; without it
// metav1.DeletePropagationBackground, as with kubectl.
func Propagation(p metav1.DeletionPropagation) DeleteOption {
	return func(o *deleteOptions) { o.propagation = p }
}

// IgnoreNotFound makes deleting what is already gone a success.
func IgnoreNotFound() DeleteOption { return func(o *deleteOptions) { o.ignore = true } }

// AndWait has the call return when what it deletes is gone, not just when it has begun to end: for as long as its context
// allows, and by a watch, which the caller must be allowed to. What else is gone then, of what the object owned, depends on
// [Propagation]: metav1.DeletePropagationForeground has the object itself go last. An end of the wait before that is a
// [WaitError]; the objects go on ending.
func AndWait() DeleteOption { return func(o *deleteOptions) { o.wait = true } }

// LabelOption is a choice for one call of [Client.Label] or [Client.Annotate].
type LabelOption func(*labelOptions)

type labelOptions struct {
	overwrite bool
	remove    []string
}

// Overwrite allows the values of existing keys to be changed.
func Overwrite() LabelOption { return func(o *labelOptions) { o.overwrite = true } }

// Remove takes the given keys away in the same write. Keys that are not there are passed over.
func Remove(keys ...string) LabelOption {
	return func(o *labelOptions) { o.remove = append(o.remove, keys...) }
}
