package sdk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// departure waits for the end of objects that were deleted.
type departure struct {
	deleted map[types.UID]bool // what the server says it deletes; empty where it does not say
	synced  bool
	left    map[types.UID]Object
}

// untilGone waits until none of the objects that answer, that of a delete request, tells of is there any more. They are
// watched by their labels alone: a pod that ends leaves a field selector long before it goes.
func (c *Client) untilGone(ctx context.Context, s scope, list runtime.Object, target string, answer runtime.Object) error {
	if s.fields = s.byName(); s.nothing {
		return nil
	}
	d := &departure{deleted: uidsOf(answer), left: map[types.UID]Object{}}
	if err := c.follow(ctx, s, list, d.take); err != nil {
		return &WaitError{Target: target, Condition: Deleted().String(), Seen: d.seen(), Err: err}
	}
	return nil
}

// byName returns what of a field selector can be used to watch one object for as long as it lives.
func (s scope) byName() string {
	if strings.HasPrefix(s.fields, nameField) && !strings.Contains(s.fields, ",") {
		return s.fields
	}
	return ""
}

// take is told of every event, and returns false when all are gone.
func (d *departure) take(e Event) bool {
	switch {
	case e.Type == synced:
		d.synced = true
	case e.Type == watch.Deleted:
		delete(d.left, e.Object.GetUID())
	case d.left[e.Object.GetUID()] != nil, !d.synced && d.concerns(e.Object):
		d.left[e.Object.GetUID()] = e.Object
	}
	return !d.synced || len(d.left) > 0
}

func (d *departure) concerns(obj Object) bool {
	if len(d.deleted) > 0 {
		return d.deleted[obj.GetUID()]
	}
	return obj.GetDeletionTimestamp() != nil
}

// seen describes the first of what is left.
func (d *departure) seen() string {
	left := slices.SortedFunc(maps.Values(d.left), func(a, b Object) int { return compareNames(keyOf(a), keyOf(b)) })
	if len(left) == 0 {
		return "nothing yet"
	}
	text := left[0].GetName() + ": " + seen(left[0])
	if len(left) > 1 {
		text += fmt.Sprintf("; and %d more", len(left)-1)
	}
	return text
}

// uidsOf returns the UIDs that the answer to a delete request tells: of an object that begins to end, of a list of them, or of
// what is gone already.
func uidsOf(answer runtime.Object) map[types.UID]bool {
	uids := map[types.UID]bool{}
	add := func(uid types.UID) {
		if uid != "" {
			uids[uid] = true
		}
	}
	switch answer := answer.(type) {
	case *metav1.Status:
		if answer.Details != nil {
			add(answer.Details.UID)
		}
	case Object:
		add(answer.GetUID())
	default:
		if objects, err := objectsOf(answer); meta.IsListType(answer) && err == nil {
			for _, obj := range objects {
				add(obj.GetUID())
			}
		}
	}
	return uids
}
