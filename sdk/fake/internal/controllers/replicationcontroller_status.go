package controllers

import (
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// A ReplicationController of many pods changes its status with each of them. It is told of less often, so that the
// work stays in proportion: at most once in statusPause for each pod, if there are statusCrowd pods or more.
const (
	statusCrowd = 100
	statusPause = 2 * time.Microsecond
)

// statusThrottle is when the status of a crowd may be written again.
type statusThrottle struct{ next time.Time }

// wait is how long the next write must wait, and starts the next pause if it need not.
func (t *statusThrottle) wait(now time.Time, pods int) time.Duration {
	if pods < statusCrowd {
		return 0
	}
	if d := t.next.Sub(now); d > 0 {
		return d
	}
	t.next = now.Add(time.Duration(pods) * statusPause)
	return 0
}

// writeStatus writes the status if it changed. failure is why pods could not be created or deleted, if so.
func (c *ReplicationController) writeStatus(s *podSet, failure error) error {
	now := time.Now()
	if pause := s.statusAt.wait(now, len(s.pods)); pause > 0 && failure == nil {
		c.queue.addAfter(nameOf(s.rc), pause)
		return nil
	}
	available, next := s.available(now)
	if next > 0 {
		c.queue.addAfter(nameOf(s.rc), next)
	}
	status := s.status(available, failure)
	if equality.Semantic.DeepEqual(status, s.rc.Status) {
		return nil
	}
	_, err := c.api.Update(registry.ReplicationControllers, s.rc.Namespace, s.rc.Name, asManagerStatus, func(o store.Object) error {
		if rc := o.(*corev1.ReplicationController); rc.UID == s.rc.UID {
			rc.Status = status
		}
		return nil
	})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// status is what calculateStatus makes of the pods that count.
func (s *podSet) status(available int, failure error) corev1.ReplicationControllerStatus {
	return corev1.ReplicationControllerStatus{
		Replicas:             int32(len(s.pods)),
		FullyLabeledReplicas: int32(s.labeled),
		ReadyReplicas:        int32(s.ready),
		AvailableReplicas:    int32(available),
		ObservedGeneration:   s.rc.Generation,
		Conditions:           s.conditions(failure),
	}
}

// conditions adds ReplicaFailure for a failure and takes it away after a success. One that is there stays as it is,
// whatever the failure is now.
func (s *podSet) conditions(failure error) []corev1.ReplicationControllerCondition {
	was := s.rc.Status.Conditions
	i := slices.IndexFunc(was, func(c corev1.ReplicationControllerCondition) bool {
		return c.Type == corev1.ReplicationControllerReplicaFailure
	})
	switch {
	case failure == nil && i >= 0 && len(was) == 1:
		return nil
	case failure == nil && i >= 0:
		return slices.Delete(slices.Clone(was), i, i+1)
	case failure == nil || i >= 0:
		return slices.Clone(was)
	}
	reason := reasonFailedCreate
	if s.missing() < 0 {
		reason = reasonFailedDelete
	}
	return append(slices.Clone(was), corev1.ReplicationControllerCondition{
		Type:               corev1.ReplicationControllerReplicaFailure,
		Status:             corev1.ConditionTrue,
		LastTransitionTime: api.Now(),
		Reason:             reason,
		Message:            failure.Error(),
	})
}

// available counts the pods that have been ready for long enough, as IsPodAvailable does, and says how long it is until
// the next one has been, 0 if there is none.
func (s *podSet) available(now time.Time) (n int, next time.Duration) {
	if s.rc.Spec.MinReadySeconds == 0 {
		return s.ready, 0
	}
	for _, p := range s.pods {
		c := readyCondition(p.pod)
		if c == nil || c.LastTransitionTime.IsZero() {
			continue
		}
		rest := c.LastTransitionTime.Add(time.Duration(s.rc.Spec.MinReadySeconds) * time.Second).Sub(now)
		switch {
		case rest <= 0:
			n++
		case next == 0 || rest < next:
			next = rest
		}
	}
	return n, next
}
