package builders

import corev1 "k8s.io/api/core/v1"

// This file has the everyday words that the API has not. Each is one line of generated calls.

// Port adds a named port, over TCP unless the server is told otherwise.
func (b ContainerBuilder) Port(name string, containerPort int32) ContainerBuilder {
	return b.Ports(ContainerPort(containerPort).Name(name))
}

// Setenv adds an environment variable with a value.
func (b ContainerBuilder) Setenv(name, value string) ContainerBuilder {
	return b.Env(EnvVar(name, value))
}

// SecretEnv adds an environment variable that is read from a key of a Secret.
func (b ContainerBuilder) SecretEnv(name, secret, key string) ContainerBuilder {
	return b.Env(EnvVar(name, "").ValueFrom(SecretKeySelector(secret, key)))
}

// ConfigEnv adds an environment variable that is read from a key of a ConfigMap.
func (b ContainerBuilder) ConfigEnv(name, configMap, key string) ContainerBuilder {
	return b.Env(EnvVar(name, "").ValueFrom(ConfigMapKeySelector(configMap, key)))
}

// FieldEnv adds an environment variable that is read from a field of the pod: metadata.name, status.podIP, spec.nodeName.
func (b ContainerBuilder) FieldEnv(name, fieldPath string) ContainerBuilder {
	return b.Env(EnvVar(name, "").ValueFrom(ObjectFieldSelector(fieldPath)))
}

// Mount mounts a volume of the pod at a path.
func (b ContainerBuilder) Mount(volume, mountPath string) ContainerBuilder {
	return b.VolumeMounts(VolumeMount(volume, mountPath))
}

// MountReadOnly mounts a volume of the pod at a path, to be read only.
func (b ContainerBuilder) MountReadOnly(volume, mountPath string) ContainerBuilder {
	return b.VolumeMounts(VolumeMount(volume, mountPath).ReadOnly(true))
}

// Request sets what the container gets at least of a resource: a quantity such as 500m or 1Gi. See [corev1.ResourceRequirements.Requests].
func (b ContainerBuilder) Request(name corev1.ResourceName, quantity string) ContainerBuilder {
	return b.Resources(b.resources().Request(name, quantity))
}

// Limit sets what the container gets at most of a resource: a quantity such as 500m or 1Gi. See [corev1.ResourceRequirements.Limits].
func (b ContainerBuilder) Limit(name corev1.ResourceName, quantity string) ContainerBuilder {
	return b.Resources(b.resources().Limit(name, quantity))
}

// resources starts from what b has, whose problems b has too.
func (b ContainerBuilder) resources() ResourceRequirementsBuilder {
	return ResourceRequirementsBuilder{obj: b.obj.Resources}
}

// EmptyDir adds a volume that is empty at first and that the containers of the pod share.
func (b PodBuilder) EmptyDir(name string) PodBuilder {
	return b.Volumes(Volume(name, EmptyDirVolumeSource()))
}

// ConfigMapVolume adds a volume of the files in a ConfigMap.
func (b PodBuilder) ConfigMapVolume(name, configMap string) PodBuilder {
	return b.Volumes(Volume(name, ConfigMapVolumeSource(configMap)))
}

// SecretVolume adds a volume of the files in a Secret.
func (b PodBuilder) SecretVolume(name, secret string) PodBuilder {
	return b.Volumes(Volume(name, SecretVolumeSource(secret)))
}

// Tolerate adds a toleration of every taint with a key, whatever its value and effect.
func (b PodBuilder) Tolerate(key string) PodBuilder {
	return b.Tolerations(Toleration().Key(key).Operator(corev1.TolerationOpExists))
}
