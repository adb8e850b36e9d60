package sdk

// FindingReason is what a [Finding] is about, in one word. Where Kubernetes has a word for it, it is that.
type FindingReason string

// Of pods as a whole.
const (
	FindingReady            FindingReason = "Ready"            // all is well
	FindingCompleted        FindingReason = "Completed"        // its containers ended with exit code 0, for good
	FindingNotFound         FindingReason = "NotFound"         // there is no such pod, or another has its name
	FindingStarting         FindingReason = "Starting"         // its node is at work, and reports nothing wrong
	FindingEvicted          FindingReason = "Evicted"          // its node, a taint or somebody pushed it out
	FindingPreempted        FindingReason = "Preempted"        // it had to make room for a pod that matters more
	FindingDeadlineExceeded FindingReason = "DeadlineExceeded" // its activeDeadlineSeconds have passed
	FindingRejected         FindingReason = "Rejected"         // its node did not take it
	FindingTerminating      FindingReason = "Terminating"      // it is being deleted, and has time left to end
	FindingStuckTerminating FindingReason = "StuckTerminating" // it is being deleted, and its node does not say that it has ended
	FindingFinalizers       FindingReason = "Finalizers"       // finalizers hold its deletion
	FindingReadinessGate    FindingReason = "ReadinessGate"    // a condition that others must set is not true
	FindingUnreadable       FindingReason = "Unreadable"       // something could not be read, so that it is not known
)

// Of nodes, and of the way to them.
const (
	FindingNodeNotReady    FindingReason = "NodeNotReady"
	FindingNodeGone        FindingReason = "NodeGone"        // the pod's node is not in the cluster
	FindingNodePressure    FindingReason = "NodePressure"    // the node is short of memory, disk or process numbers
	FindingNodeShutdown    FindingReason = "NodeShutdown"    // the node was shut down under the pod
	FindingNotScheduled    FindingReason = "NotScheduled"    // no scheduler has looked at the pod
	FindingSchedulingGated FindingReason = "SchedulingGated" // scheduling gates hold the pod
	FindingUnschedulable   FindingReason = "Unschedulable"   // no node will do, for a reason that is none of the following
	FindingNoNodes         FindingReason = "NoNodes"         // there is no node to schedule to
	FindingInsufficient    FindingReason = "Insufficient"    // nodes have not enough of a resource left
	FindingTaints          FindingReason = "Taints"          // nodes have taints that the pod does not tolerate
	FindingCordoned        FindingReason = "Cordoned"        // nodes take no new pods
	FindingNodeSelector    FindingReason = "NodeSelector"    // nodes have not the labels that the pod wants
	FindingPodAffinity     FindingReason = "PodAffinity"     // other pods are not, or are, on the nodes
	FindingTopologySpread  FindingReason = "TopologySpread"  // pods would be spread too unevenly
	FindingHostPort        FindingReason = "HostPort"        // a port of the nodes is taken
	FindingVolumeElsewhere FindingReason = "VolumeElsewhere" // the nodes cannot reach a volume of the pod
	FindingPreemptionBegun FindingReason = "PreemptionBegun" // others are being pushed out to make room
	FindingNodeNetwork     FindingReason = "NodeNetwork"     // the node's network is not set up
)

// Of what a pod refers to.
const (
	FindingConfigMapMissing      FindingReason = "ConfigMapMissing"
	FindingSecretMissing         FindingReason = "SecretMissing"
	FindingKeyMissing            FindingReason = "KeyMissing" // the ConfigMap or Secret is there, the key is not
	FindingServiceAccountMissing FindingReason = "ServiceAccountMissing"
	FindingClaimMissing          FindingReason = "ClaimMissing"
	FindingClaimPending          FindingReason = "ClaimPending" // the claim has no volume yet
	FindingClaimLost             FindingReason = "ClaimLost"    // the claim's volume is gone
	FindingClaimBound            FindingReason = "ClaimBound"   // the claim has its volume
	FindingMountFailed           FindingReason = "MountFailed"
	FindingSandboxFailed         FindingReason = "SandboxFailed" // the node could not set up the pod's network
)

// Of containers.
const (
	FindingImagePull      FindingReason = "ImagePull"            // the image cannot be pulled
	FindingImageName      FindingReason = "InvalidImageName"     // the image's name is none
	FindingImageAbsent    FindingReason = "ErrImageNeverPull"    // the image is not on the node, and must not be pulled
	FindingConfigError    FindingReason = "ContainerConfigError" // what the spec asks for cannot be put together
	FindingCannotStart    FindingReason = "CannotStart"          // the container was made, but its command does not start
	FindingHookFailed     FindingReason = "HookFailed"           // its postStart hook fails
	FindingOOMKilled      FindingReason = "OOMKilled"
	FindingExited         FindingReason = "Exited"             // it ended, and is not started again
	FindingCrashing       FindingReason = "CrashLoopBackOff"   // it ends again and again
	FindingEndsNormally   FindingReason = "EndsNormally"       // it ends with exit code 0, and is started again
	FindingRestarted      FindingReason = "Restarted"          // it runs, but not for the first time
	FindingStartupProbe   FindingReason = "StartupProbe"       // its startup probe has not succeeded yet
	FindingReadinessProbe FindingReason = "ReadinessProbe"     // its readiness probe fails
	FindingLivenessProbe  FindingReason = "LivenessProbe"      // its liveness probe fails, and ends it
	FindingNotReadyYet    FindingReason = "ContainersNotReady" // it runs, is not ready, and nothing says why
	FindingInitRunning    FindingReason = "InitRunning"        // an init container has not ended, and all others wait
	FindingWaiting        FindingReason = "Waiting"            // it waits for a reason that is none of these
)

// Of ReplicationControllers.
const (
	FindingScaledToZero         FindingReason = "ScaledToZero"
	FindingControllerBehind     FindingReason = "ControllerBehind" // nobody has acted on the spec yet
	FindingTooFewPods           FindingReason = "TooFewPods"       // pods are still to be made
	FindingQuota                FindingReason = "QuotaExceeded"
	FindingLimitRange           FindingReason = "LimitRange"
	FindingDenied               FindingReason = "AdmissionDenied" // an admission webhook, a policy or Pod Security refuses its pods
	FindingForbidden            FindingReason = "Forbidden"       // the controller may not make pods
	FindingNamespaceTerminating FindingReason = "NamespaceTerminating"
	FindingInvalidTemplate      FindingReason = "InvalidTemplate"
	FindingCreateFailed         FindingReason = "CreateFailed" // its pods are refused for another reason
)

// Of Services and selections.
const (
	FindingNoPods       FindingReason = "NoPods"       // nothing has the labels
	FindingNoSelector   FindingReason = "NoSelector"   // the Service chooses no pods: its endpoints are made by somebody else
	FindingExternalName FindingReason = "ExternalName" // the Service is a name in DNS, and leads to no pods
	FindingPodsNotReady FindingReason = "PodsNotReady" // there are pods, but none to send anybody to
	FindingPortMissing  FindingReason = "PortMissing"  // the pods have no port of that name
	FindingPortUnlisted FindingReason = "PortUnlisted" // no container lists the port, which is allowed, but may be a slip
	FindingNoEndpoints  FindingReason = "NoEndpoints"  // pods are ready, but the Service has no endpoints
	FindingNoBalancer   FindingReason = "LoadBalancerPending"
)
