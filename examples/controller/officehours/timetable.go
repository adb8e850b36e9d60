package officehours

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Timetable is the name of the ConfigMap that says in each namespace who is open.
const Timetable = "timetable"

// entry is what the timetable says about a controller.
func entry(open bool, next time.Time) string {
	word, change := "closed", "opens"
	if open {
		word, change = "open", "closes"
	}
	if next.IsZero() {
		return word
	}
	return fmt.Sprintf("%s, %s %s", word, change, next.UTC().Format("Mon 15:04"))
}

// list writes one entry. Each controller's entry is applied as a field owner of its own, so that no entry is lost when
// several are written at a time, and none needs the whole table to be read.
func (o *operator) list(ctx context.Context, rc *corev1.ReplicationController, entry string) error {
	return o.apply(ctx, rc, map[string]string{rc.Name: entry})
}

// unlist removes the entry: the owner of a field who applies without it takes it away.
func (o *operator) unlist(ctx context.Context, rc *corev1.ReplicationController) error {
	return o.apply(ctx, rc, nil)
}

func (o *operator) apply(ctx context.Context, rc *corev1.ReplicationController, data map[string]string) error {
	owner := client.FieldOwner("office-hours-" + rc.Name)
	return o.Apply(ctx, applycorev1.ConfigMap(Timetable, rc.Namespace).WithData(data), owner, client.ForceOwnership)
}

// listed are the controllers whose entries a timetable should have: they are looked at when somebody changes it.
func (o *operator) listed(ctx context.Context, timetable client.Object) []ctrl.Request {
	var rcs corev1.ReplicationControllerList
	if err := o.List(ctx, &rcs, client.InNamespace(timetable.GetNamespace())); err != nil {
		return nil // the cache answers, and has synced before this is called
	}
	var requests []ctrl.Request
	for _, rc := range rcs.Items {
		if _, annotated := rc.Annotations[Open]; annotated {
			requests = append(requests, ctrl.Request{NamespacedName: client.ObjectKeyFromObject(&rc)})
		}
	}
	return requests
}
