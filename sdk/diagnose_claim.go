package sdk

import (
	"context"

	corev1 "k8s.io/api/core/v1"
)

// claimsOfPod looks at the claims of a pod that does not run.
func claimsOfPod(ctx context.Context, p *podCase) []Finding {
	if hasEnded(p.pod) || p.pod.DeletionTimestamp != nil || anyStarted(p.pod) {
		return nil
	}
	var found []Finding
	for _, v := range p.pod.Spec.Volumes {
		name := ""
		switch {
		case v.PersistentVolumeClaim != nil:
			name = v.PersistentVolumeClaim.ClaimName
		case v.Ephemeral != nil:
			name = p.pod.Name + "-" + v.Name // as VolumeClaimName of component-helpers has it
		default:
			continue
		}
		a := p.read(ctx, claimKind, p.pod.Namespace, name, &corev1.PersistentVolumeClaim{})
		if a.missing {
			found = append(found, p.says(SeverityProblem, FindingClaimMissing, "create it, and the pod goes on",
				"waits for the claim %s, which is not there", name))
		}
		if claim, ok := a.object.(*corev1.PersistentVolumeClaim); ok {
			found = append(found, p.aboutClaim(ctx, claim)...)
		}
	}
	return found
}

// aboutClaim says why a claim has no volume; nothing if it has.
func (q *inquiry) aboutClaim(ctx context.Context, claim *corev1.PersistentVolumeClaim) []Finding {
	subject := describe(claim, claimKind)
	switch claim.Status.Phase {
	case corev1.ClaimBound:
		return nil
	case corev1.ClaimLost:
		return one(finding(subject, SeverityProblem, FindingClaimLost, "the data is gone with it; make the claim anew",
			"has lost its volume %s", claim.Spec.VolumeName))
	}
	events := q.eventsOf(ctx, claimKind, claim.Namespace, claim.Name, string(claim.UID))
	last, n := lastEvent(events, func(e *corev1.Event) bool { return e.Reason != "ExternalProvisioning" })
	class := "no storage class"
	if claim.Spec.StorageClassName != nil && *claim.Spec.StorageClassName != "" {
		class = "the storage class " + *claim.Spec.StorageClassName
	}
	switch {
	case last == nil:
		return one(finding(subject, SeverityProblem, FindingClaimPending, "see that the class has a provisioner that runs, or make a volume that fits",
			"has no volume yet, and %s", class))
	case last.Reason == "WaitForFirstConsumer" || last.Reason == "WaitForPodScheduled":
		return one(finding(subject, SeverityProgress, FindingClaimPending, "", "gets its volume when a pod that uses it is scheduled"))
	}
	return one(finding(subject, SeverityProblem, FindingClaimPending, "", "has no volume yet, with %s%s: %s",
		class, times(n), join2(last.Reason, last.Message)))
}

// askClaim looks at a claim as a target.
func (q *inquiry) askClaim(ctx context.Context, ref reference) error {
	var claim corev1.PersistentVolumeClaim
	if err := q.fetch(ctx, claimKind, ref.namespace, ref.name, &claim); err != nil {
		return err
	}
	q.diagnosis.Headline = "has no volume"
	found := q.aboutClaim(ctx, &claim)
	if len(found) == 0 {
		q.diagnosis.Headline = "has its volume"
		found = one(finding(describe(&claim, claimKind), SeverityNote, FindingClaimBound, "", "is bound to volume %s", claim.Spec.VolumeName))
	}
	q.add(found...)
	return nil
}
