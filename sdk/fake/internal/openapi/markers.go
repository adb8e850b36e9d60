package openapi

import "strings"

// The tables of this file say what upstream's types say in comment markers (+optional, +required, +default, +listType,
// +listMapKey, +structType, +mapType), which do not reach the running program, wherever the guess from struct tags
// differs. Keys are schema names without their first words: core.v1.Container.ports is the ports of
// io.k8s.api.core.v1.Container.

// marked is the key of a schema, or of a field of it, in the tables.
func marked(model string) string {
	short := strings.TrimPrefix(model, "io.k8s.apimachinery.pkg.")
	return strings.TrimPrefix(short, "io.k8s.api.")
}

// set is what a table that knows only yes and no is made of.
type set map[string]bool

// markedOptional may be left out although JSON always writes them.
var markedOptional = set{
	"core.v1.AzureFilePersistentVolumeSource.secretNamespace":  true,
	"core.v1.ContainerImage.names":                             true,
	"core.v1.Event.reportingComponent":                         true,
	"core.v1.Event.reportingInstance":                          true,
	"core.v1.GRPCAction.service":                               true,
	"core.v1.NodeRuntimeHandler.name":                          true,
	"core.v1.ProjectedVolumeSource.sources":                    true,
	"core.v1.TypedLocalObjectReference.apiGroup":               true,
	"core.v1.TypedObjectReference.apiGroup":                    true,
	"authentication.v1.TokenRequest.spec":                      true,
	"authentication.v1.TokenRequestSpec.audiences":             true,
	"authentication.v1.TokenRequestSpec.boundObjectRef":        true,
	"authentication.v1.TokenRequestSpec.expirationSeconds":     true,
	"authentication.v1.TokenRequestStatus.expirationTimestamp": true,
	"authentication.v1.TokenRequestStatus.token":               true,
}

// markedRequired must be given although JSON leaves them out when they are empty.
var markedRequired = set{
	"core.v1.ContainerRestartRule.action":              true,
	"core.v1.ContainerRestartRuleOnExitCodes.operator": true,
	"core.v1.ImageVolumeStatus.imageRef":               true,
	"core.v1.PodCertificateProjection.keyType":         true,
	"core.v1.PodCertificateProjection.signerName":      true,
}

// defaults are what fields have when they are left out. Fields that are always written have their zero value without
// being named here.
var defaults = map[string]any{
	"autoscaling.v1.ScaleSpec.replicas":                  0,
	"core.v1.AzureDiskVolumeSource.cachingMode":          "ReadWrite",
	"core.v1.AzureDiskVolumeSource.fsType":               "ext4",
	"core.v1.AzureDiskVolumeSource.kind":                 "Shared",
	"core.v1.AzureDiskVolumeSource.readOnly":             false,
	"core.v1.ConfigMapEnvSource.name":                    "",
	"core.v1.ConfigMapKeySelector.name":                  "",
	"core.v1.ConfigMapProjection.name":                   "",
	"core.v1.ConfigMapVolumeSource.name":                 "",
	"core.v1.ContainerPort.protocol":                     "TCP",
	"core.v1.FileKeySelector.optional":                   false,
	"core.v1.GRPCAction.service":                         "",
	"core.v1.ISCSIPersistentVolumeSource.iscsiInterface": "default",
	"core.v1.ISCSIVolumeSource.iscsiInterface":           "default",
	"core.v1.LocalObjectReference.name":                  "",
	"core.v1.RBDPersistentVolumeSource.keyring":          "/etc/ceph/keyring",
	"core.v1.RBDPersistentVolumeSource.pool":             "rbd",
	"core.v1.RBDPersistentVolumeSource.user":             "admin",
	"core.v1.RBDVolumeSource.keyring":                    "/etc/ceph/keyring",
	"core.v1.RBDVolumeSource.pool":                       "rbd",
	"core.v1.RBDVolumeSource.user":                       "admin",
	"core.v1.ReplicationControllerSpec.minReadySeconds":  0,
	"core.v1.ReplicationControllerSpec.replicas":         1,
	"core.v1.ScaleIOPersistentVolumeSource.fsType":       "xfs",
	"core.v1.ScaleIOPersistentVolumeSource.storageMode":  "ThinProvisioned",
	"core.v1.ScaleIOVolumeSource.fsType":                 "xfs",
	"core.v1.ScaleIOVolumeSource.storageMode":            "ThinProvisioned",
	"core.v1.SecretEnvSource.name":                       "",
	"core.v1.SecretKeySelector.name":                     "",
	"core.v1.SecretProjection.name":                      "",
	"core.v1.ServicePort.protocol":                       "TCP",
}

// listMapKeys are the fields that tell the items of a list apart where they are not the one merge key that the struct
// tag names.
var listMapKeys = map[string][]string{
	"core.v1.Container.ports":                     {"containerPort", "protocol"},
	"core.v1.EphemeralContainerCommon.ports":      {"containerPort", "protocol"},
	"core.v1.PodSpec.topologySpreadConstraints":   {"topologyKey", "whenUnsatisfiable"},
	"core.v1.PodStatus.volumeHealth":              {"name"},
	"core.v1.PodVolumeHealth.healthConditions":    {"status", "reason"},
	"core.v1.ResourceRequirements.claims":         {"name"},
	"core.v1.ResourceStatus.resources":            {"resourceID"},
	"core.v1.ServiceSpec.ports":                   {"port", "protocol"},
	"core.v1.VolumeHealthStatus.healthConditions": {"status", "reason"},
}

// Lists of the other types: with each value once, replaced as a whole in spite of a merge key, and without a type.
var (
	setLists = set{
		"core.v1.ContainerRestartRuleOnExitCodes.values":          true,
		"core.v1.NodeAllocatableResourceClaimStatus.containers":   true,
		"core.v1.NodePodPreemptionPolicy.disableResizePreemption": true,
		"core.v1.VolumeMount.bindMountOptions":                    true,
	}
	atomicLists  = set{"core.v1.PodStatus.hostIPs": true}
	untypedLists = set{"apis.meta.v1.APIResource.verbs": true}
)

// mapTypes say how a struct or map is merged: as a whole (atomic), or field by field although its type says atomic.
var mapTypes = map[string]string{
	"core.v1.ConfigMapKeySelector":                                  "atomic",
	"core.v1.EndpointAddress":                                       "atomic",
	"core.v1.EndpointPort":                                          "atomic",
	"core.v1.EvictionResponder":                                     "atomic",
	"core.v1.FileKeySelector":                                       "atomic",
	"core.v1.LocalObjectReference":                                  "atomic",
	"core.v1.NodeSelector":                                          "atomic",
	"core.v1.NodeSelectorTerm":                                      "atomic",
	"core.v1.ObjectFieldSelector":                                   "atomic",
	"core.v1.ObjectReference":                                       "atomic",
	"core.v1.ResourceFieldSelector":                                 "atomic",
	"core.v1.ScopeSelector":                                         "atomic",
	"core.v1.SecretKeySelector":                                     "atomic",
	"core.v1.SecretReference":                                       "atomic",
	"core.v1.TypedLocalObjectReference":                             "atomic",
	"apis.meta.v1.LabelSelector":                                    "atomic",
	"apis.meta.v1.OwnerReference":                                   "atomic",
	"core.v1.PodSpec.nodeSelector":                                  "atomic",
	"core.v1.ReplicationControllerSpec.selector":                    "atomic",
	"core.v1.ServiceSpec.selector":                                  "atomic",
	"core.v1.PersistentVolumeClaimStatus.allocatedResourceStatuses": "granular",
	"core.v1.PersistentVolumeSpec.claimRef":                         "granular",
}

// undocumented describes the types that have no SwaggerDoc.
var undocumented = map[string]string{
	"api.resource.Quantity":   "A number with an optional suffix: decimal (m, k, M, G, T, P, E), binary (Ki, Mi, Gi, Ti, Pi, Ei) or a power of ten (e3, E-2).",
	"apis.meta.v1.Duration":   "A length of time as Go writes it, such as 1h30m.",
	"apis.meta.v1.MicroTime":  "A moment in the form of RFC 3339, to the microsecond.",
	"apis.meta.v1.Time":       "A moment in the form of RFC 3339, to the second.",
	"apis.meta.v1.WatchEvent": "One change that a watch saw.",
	"runtime.RawExtension":    "An object of any kind.",
	"util.intstr.IntOrString": "A whole number or a text: for ports the number or the name.",
}
