package builders_test

import (
	"reflect"
	"strings"

	b "github.com/podwright/podwright/builders"
)

// Reflection cannot list a package, so its functions stand here; TestEveryFunctionIsListed holds the lists against the source.
var (
	constructors = []any{
		b.Affinity, b.AppArmorProfile, b.CSIVolumeSource, b.Capabilities, b.ClientIPConfig, b.ClusterTrustBundleProjection, b.ConfigMap,
		b.ConfigMapEnvSource, b.ConfigMapKeySelector, b.ConfigMapProjection, b.ConfigMapVolumeSource, b.Container, b.ContainerPort,
		b.ContainerResizePolicy, b.ContainerRestartRule, b.ContainerRestartRuleOnExitCodes, b.DownwardAPIProjection,
		b.DownwardAPIVolumeFile, b.DownwardAPIVolumeSource, b.EmptyDirVolumeSource, b.EnvFromSource, b.EnvVar, b.EphemeralContainer,
		b.EphemeralVolumeSource, b.EvictionResponder, b.ExecAction, b.FCVolumeSource, b.FileKeySelector, b.GRPCAction,
		b.HTTPGetAction[int32], b.HTTPHeader, b.HostAlias, b.HostPathVolumeSource, b.ISCSIVolumeSource, b.ImageVolumeSource,
		b.KeyToPath, b.LabelSelector, b.LabelSelectorRequirement, b.Lifecycle, b.NFSVolumeSource, b.Namespace, b.Node, b.NodeAffinity,
		b.NodePodPreemptionPolicy, b.NodeSelector, b.NodeSelectorRequirement, b.NodeSelectorTerm, b.ObjectFieldSelector,
		b.OwnerReference, b.PersistentVolumeClaimTemplate, b.PersistentVolumeClaimVolumeSource, b.Pod, b.PodAffinity, b.PodAffinityTerm,
		b.PodAntiAffinity, b.PodCertificateProjection, b.PodDNSConfig, b.PodDNSConfigOption, b.PodResourceClaim, b.PodSchedulingGroup,
		b.PodSecurityContext, b.PreferredSchedulingTerm, b.Probe, b.ProjectedVolumeSource, b.ReplicationController, b.ResourceClaim,
		b.ResourceFieldSelector, b.ResourceRequirements, b.SELinuxOptions, b.SeccompProfile, b.Secret, b.SecretEnvSource,
		b.SecretKeySelector, b.SecretProjection, b.SecretVolumeSource, b.SecurityContext, b.Service, b.ServiceAccountTokenProjection,
		b.ServicePort, b.SessionAffinityConfig, b.SleepAction, b.Sysctl, b.TCPSocketAction[int32], b.Taint, b.Toleration,
		b.TopologySpreadConstraint, b.TypedLocalObjectReference, b.TypedObjectReference, b.Volume, b.VolumeDevice, b.VolumeMount,
		b.VolumeResourceRequirements, b.WeightedPodAffinityTerm, b.WindowsSecurityContextOptions,
	}
	froms = []any{
		b.AffinityFrom, b.AppArmorProfileFrom, b.CSIVolumeSourceFrom, b.CapabilitiesFrom, b.ClientIPConfigFrom,
		b.ClusterTrustBundleProjectionFrom, b.ConfigMapEnvSourceFrom, b.ConfigMapFrom, b.ConfigMapKeySelectorFrom,
		b.ConfigMapProjectionFrom, b.ConfigMapVolumeSourceFrom, b.ContainerFrom, b.ContainerPortFrom, b.ContainerResizePolicyFrom,
		b.ContainerRestartRuleFrom, b.ContainerRestartRuleOnExitCodesFrom, b.DownwardAPIProjectionFrom, b.DownwardAPIVolumeFileFrom,
		b.DownwardAPIVolumeSourceFrom, b.EmptyDirVolumeSourceFrom, b.EnvFromSourceFrom, b.EnvVarFrom, b.EphemeralContainerFrom,
		b.EphemeralVolumeSourceFrom, b.EvictionResponderFrom, b.ExecActionFrom, b.FCVolumeSourceFrom, b.FileKeySelectorFrom,
		b.GRPCActionFrom, b.HTTPGetActionFrom, b.HTTPHeaderFrom, b.HostAliasFrom, b.HostPathVolumeSourceFrom, b.ISCSIVolumeSourceFrom,
		b.ImageVolumeSourceFrom, b.KeyToPathFrom, b.LabelSelectorFrom, b.LabelSelectorRequirementFrom, b.LifecycleFrom,
		b.NFSVolumeSourceFrom, b.NamespaceFrom, b.NodeAffinityFrom, b.NodeFrom, b.NodePodPreemptionPolicyFrom, b.NodeSelectorFrom,
		b.NodeSelectorRequirementFrom, b.NodeSelectorTermFrom, b.ObjectFieldSelectorFrom, b.OwnerReferenceFrom,
		b.PersistentVolumeClaimTemplateFrom, b.PersistentVolumeClaimVolumeSourceFrom, b.PodAffinityFrom, b.PodAffinityTermFrom,
		b.PodAntiAffinityFrom, b.PodCertificateProjectionFrom, b.PodDNSConfigFrom, b.PodDNSConfigOptionFrom, b.PodFrom,
		b.PodResourceClaimFrom, b.PodSchedulingGroupFrom, b.PodSecurityContextFrom, b.PreferredSchedulingTermFrom, b.ProbeFrom,
		b.ProjectedVolumeSourceFrom, b.ReplicationControllerFrom, b.ResourceClaimFrom, b.ResourceFieldSelectorFrom,
		b.ResourceRequirementsFrom, b.SELinuxOptionsFrom, b.SeccompProfileFrom, b.SecretEnvSourceFrom, b.SecretFrom,
		b.SecretKeySelectorFrom, b.SecretProjectionFrom, b.SecretVolumeSourceFrom, b.SecurityContextFrom,
		b.ServiceAccountTokenProjectionFrom, b.ServiceFrom, b.ServicePortFrom, b.SessionAffinityConfigFrom, b.SleepActionFrom,
		b.SysctlFrom, b.TCPSocketActionFrom, b.TaintFrom, b.TolerationFrom, b.TopologySpreadConstraintFrom,
		b.TypedLocalObjectReferenceFrom, b.TypedObjectReferenceFrom, b.VolumeDeviceFrom, b.VolumeFrom, b.VolumeMountFrom,
		b.VolumeResourceRequirementsFrom, b.WeightedPodAffinityTermFrom, b.WindowsSecurityContextOptionsFrom,
	}
)

// kind is one type of builders, and the two functions that start one.
type kind struct {
	name      string // of the API's type
	builder   reflect.Type
	new, from reflect.Value
}

// api is the API's type that the builders make.
func (k kind) api() reflect.Type { return k.from.Type().In(0).Elem() }

// kinds are all of them, in the order of constructors.
var kinds = func() []kind {
	list, at := make([]kind, len(constructors)), map[reflect.Type]int{}
	for i, fn := range constructors {
		v := reflect.ValueOf(fn)
		t := v.Type().Out(0)
		list[i], at[t] = kind{name: strings.TrimSuffix(t.Name(), "Builder"), builder: t, new: v}, i
	}
	for _, fn := range froms {
		v := reflect.ValueOf(fn)
		list[at[v.Type().Out(0)]].from = v
	}
	return list
}()

// kindOf is the kind of a type of builders, and whether t is one.
func kindOf(t reflect.Type) (kind, bool) {
	for _, k := range kinds {
		if k.builder == t {
			return k, true
		}
	}
	return kind{}, false
}

// members are the kinds whose builders can be given as union.
func members(union reflect.Type) []kind {
	var list []kind
	for _, k := range kinds {
		if k.builder.Implements(union) {
			list = append(list, k)
		}
	}
	return list
}

// call calls a function or a method, with a slice for what is variadic.
func call(fn reflect.Value, args ...reflect.Value) reflect.Value {
	if fn.Type().IsVariadic() {
		return fn.CallSlice(args)[0]
	}
	return fn.Call(args)[0]
}

// unchecked is the object that a builder makes: a pointer.
func unchecked(builder reflect.Value) reflect.Value {
	return builder.MethodByName("Unchecked").Call(nil)[0]
}

// changers are the methods of a type of builders that return one, but for those named.
func changers(t reflect.Type, but ...string) []reflect.Method {
	var list []reflect.Method
	for i := range t.NumMethod() {
		m := t.Method(i)
		if m.Type.NumOut() != 1 || m.Type.Out(0) != t || strings.Contains(" "+strings.Join(but, " ")+" ", " "+m.Name+" ") {
			continue
		}
		list = append(list, m)
	}
	return list
}
