package types

import corev1 "k8s.io/api/core/v1"

// The kinds of the core group that programs about pods handle.
type (
	Pod                       = corev1.Pod
	PodList                   = corev1.PodList
	PodTemplate               = corev1.PodTemplate
	ReplicationController     = corev1.ReplicationController
	ReplicationControllerList = corev1.ReplicationControllerList
	Namespace                 = corev1.Namespace
	Node                      = corev1.Node
	Event                     = corev1.Event
	ConfigMap                 = corev1.ConfigMap
	Secret                    = corev1.Secret
	Service                   = corev1.Service
	ServiceAccount            = corev1.ServiceAccount
)

// What a pod is made of.
type (
	PodSpec                     = corev1.PodSpec
	PodStatus                   = corev1.PodStatus
	PodTemplateSpec             = corev1.PodTemplateSpec
	ReplicationControllerSpec   = corev1.ReplicationControllerSpec
	ReplicationControllerStatus = corev1.ReplicationControllerStatus
	Container                   = corev1.Container
	ContainerPort               = corev1.ContainerPort
	ContainerStatus             = corev1.ContainerStatus
	EnvVar                      = corev1.EnvVar
	EnvVarSource                = corev1.EnvVarSource
	EnvFromSource               = corev1.EnvFromSource
	Probe                       = corev1.Probe
	ProbeHandler                = corev1.ProbeHandler
	HTTPGetAction               = corev1.HTTPGetAction
	TCPSocketAction             = corev1.TCPSocketAction
	ExecAction                  = corev1.ExecAction
	Lifecycle                   = corev1.Lifecycle
	LifecycleHandler            = corev1.LifecycleHandler
	ResourceRequirements        = corev1.ResourceRequirements
	ResourceList                = corev1.ResourceList
	SecurityContext             = corev1.SecurityContext
	PodSecurityContext          = corev1.PodSecurityContext
	Volume                      = corev1.Volume
	VolumeSource                = corev1.VolumeSource
	VolumeMount                 = corev1.VolumeMount
	EmptyDirVolumeSource        = corev1.EmptyDirVolumeSource
	HostPathVolumeSource        = corev1.HostPathVolumeSource
	ConfigMapVolumeSource       = corev1.ConfigMapVolumeSource
	SecretVolumeSource          = corev1.SecretVolumeSource
	ProjectedVolumeSource       = corev1.ProjectedVolumeSource
	DownwardAPIVolumeSource     = corev1.DownwardAPIVolumeSource
	GitRepoVolumeSource         = corev1.GitRepoVolumeSource
	LocalObjectReference        = corev1.LocalObjectReference
	Toleration                  = corev1.Toleration
	Affinity                    = corev1.Affinity
	TopologySpreadConstraint    = corev1.TopologySpreadConstraint
)
