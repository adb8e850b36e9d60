package types

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// env is ValidateEnv. A name may be any printable ASCII but the equals sign.
func (c *podCheck) env(at *field.Path, vars []corev1.EnvVar) {
	for i := range vars {
		one := at.Index(i)
		if c.Present(one.Child("name"), vars[i].Name) {
			c.Messages(one.Child("name"), vars[i].Name, validation.IsRelaxedEnvVarName(vars[i].Name))
		}
		if vars[i].ValueFrom != nil {
			c.envValueFrom(one.Child("valueFrom"), &vars[i])
		}
	}
}

func (c *podCheck) envValueFrom(at *field.Path, v *corev1.EnvVar) {
	from, sources := v.ValueFrom, 0
	if from.FieldRef != nil {
		sources++
		c.fieldRef(at.Child("fieldRef"), from.FieldRef, envFields)
	}
	if from.ResourceFieldRef != nil {
		sources++
		c.resourceFieldRef(at.Child("resourceFieldRef"), from.ResourceFieldRef, false)
	}
	if ref := from.ConfigMapKeyRef; ref != nil {
		sources++
		c.keyRef(at.Child("configMapKeyRef"), ref.Name, ref.Key)
	}
	if ref := from.SecretKeyRef; ref != nil {
		sources++
		c.keyRef(at.Child("secretKeyRef"), ref.Name, ref.Key)
	}
	if ref := from.FileKeyRef; ref != nil {
		sources++
		c.fileKeyRef(at.Child("fileKeyRef"), ref)
	}
	switch {
	case sources == 0:
		c.Invalid(at, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")
	case v.Value != "":
		c.Invalid(at, "", "may not be specified when `value` is not empty")
	case sources > 1:
		c.Invalid(at, "", "may not have more than one field specified at a time")
	}
}

// envFields and volumeFields are what the downward API gives to environments and to volumes.
var (
	envFields = []string{"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
		"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"}
	volumeFields = []string{"metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"}
)

// podFields are the field labels that can be told of a pod at all, as ConvertDownwardAPIFieldLabel knows them.
var podFields = append([]string{"metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase"}, envFields...)

// fieldRef is validateObjectFieldSelector.
func (r *report) fieldRef(at *field.Path, ref *corev1.ObjectFieldSelector, allowed []string) {
	if !r.Present(at.Child("apiVersion"), ref.APIVersion) || !r.Present(at.Child("fieldPath"), ref.FieldPath) {
		return
	}
	path, key, subscripted := subscript(ref.FieldPath)
	problem := ""
	switch {
	case ref.APIVersion != "v1":
		problem = "unsupported pod version: " + ref.APIVersion
	case subscripted && path != "metadata.annotations" && path != "metadata.labels":
		problem = "field label does not support subscript: " + ref.FieldPath
	case path == "spec.host": // the name of spec.nodeName before v1
		path = "spec.nodeName"
	case !subscripted && !slices.Contains(podFields, path):
		problem = "field label not supported: " + path
	}
	switch {
	case problem != "":
		r.Invalid(at.Child("fieldPath"), ref.FieldPath, "error converting fieldPath: "+problem)
	case subscripted && path == "metadata.annotations":
		key = strings.ToLower(key)
		r.Messages(at, key, validation.IsQualifiedName(key))
	case subscripted:
		r.Messages(at, key, validation.IsQualifiedName(key))
	case !slices.Contains(allowed, path):
		r.Add(field.NotSupported(at.Child("fieldPath"), path, allowed))
	}
}

// subscript takes metadata.labels['key'] apart.
func subscript(path string) (name, key string, ok bool) {
	inner, ok := strings.CutSuffix(path, "']")
	if !ok {
		return path, "", false
	}
	name, key, ok = strings.Cut(inner, "['")
	if !ok || name == "" {
		return path, "", false
	}
	return name, key, true
}

// containerResources are what a resourceFieldRef may name, besides huge pages of any size.
var containerResources = []string{"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"}

func isHugePagesField(name string) bool {
	return strings.HasPrefix(name, "requests.hugepages-") || strings.HasPrefix(name, "limits.hugepages-")
}

// resourceFieldRef is validateContainerResourceFieldSelector. In a volume it must name its container.
func (r *report) resourceFieldRef(at *field.Path, ref *corev1.ResourceFieldSelector, volume bool) {
	switch {
	case volume && ref.ContainerName == "":
		r.Required(at.Child("containerName"), "")
	case ref.Resource == "":
		r.Required(at.Child("resource"), "")
	case !slices.Contains(containerResources, ref.Resource) && !isHugePagesField(ref.Resource):
		r.Add(field.NotSupported(at.Child("resource"), ref.Resource, containerResources))
	}
	r.divisor(at.Child("divisor"), ref)
}

// byteDivisors are the units in which amounts of bytes can be told.
var byteDivisors = []string{"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"}

// divisor is validateContainerResourceDivisor.
func (r *report) divisor(at *field.Path, ref *corev1.ResourceFieldSelector) {
	if ref.Divisor.Cmp(resource.Quantity{}) == 0 {
		return
	}
	kinds := map[string]string{"memory": "memory", "ephemeral-storage": "local ephemeral storage"}
	_, name, _ := strings.Cut(ref.Resource, ".")
	kind, isBytes := kinds[name]
	if isHugePagesField(ref.Resource) {
		kind, isBytes = "hugepages", true
	}
	switch text := ref.Divisor.String(); {
	case name == "cpu" && text != "1" && text != "1m":
		r.Invalid(at, ref.Resource, "only divisor's values 1m and 1 are supported with the cpu resource")
	case isBytes && !slices.Contains(byteDivisors, text):
		r.Invalid(at, ref.Resource, fmt.Sprintf("only divisor's values %s are supported with the %s resource", strings.Join(byteDivisors, ", "), kind))
	}
}

// keyRef is validateConfigMapKeySelector and validateSecretKeySelector.
func (r *report) keyRef(at *field.Path, name, key string) {
	r.Messages(at.Child("name"), name, apivalidation.NameIsDNSSubdomain(name, false))
	if r.Present(at.Child("key"), key) {
		r.Messages(at.Child("key"), key, validation.IsConfigMapKey(key))
	}
}

// fileKeyRef checks a reference into a file of an emptyDir volume.
func (c *podCheck) fileKeyRef(at *field.Path, ref *corev1.FileKeySelector) {
	if c.Present(at.Child("key"), ref.Key) {
		c.Messages(at.Child("key"), ref.Key, validation.IsRelaxedEnvVarName(ref.Key))
	}
	if c.Present(at.Child("volumeName"), ref.VolumeName) {
		c.Messages(at.Child("volumeName"), ref.VolumeName, validation.IsDNS1123Label(ref.VolumeName))
		if v, ok := c.volumes[ref.VolumeName]; !ok {
			c.Add(field.NotFound(at.Child("volumeName"), ref.VolumeName))
		} else if v.EmptyDir == nil {
			c.Invalid(at.Child("volumeName"), ref.VolumeName, "referenced volume must be of type emptyDir")
		}
	}
	if c.Present(at.Child("path"), ref.Path) {
		c.localPath(at.Child("path"), ref.Path)
	}
}

// envFrom is ValidateEnvFrom. The number of sources is reported at the list, not at its item.
func (c *podCheck) envFrom(at *field.Path, sources []corev1.EnvFromSource) {
	for i, source := range sources {
		one := at.Index(i)
		if source.Prefix != "" {
			c.Messages(one.Child("prefix"), source.Prefix, validation.IsRelaxedEnvVarName(source.Prefix))
		}
		if source.ConfigMapRef != nil {
			c.prefixedName(one.Child("configMapRef", "name"), source.ConfigMapRef.Name)
		}
		if source.SecretRef != nil {
			c.prefixedName(one.Child("secretRef", "name"), source.SecretRef.Name)
		}
		switch {
		case source.ConfigMapRef == nil && source.SecretRef == nil:
			c.Invalid(at, "", "must specify one of: `configMapRef` or `secretRef`")
		case source.ConfigMapRef != nil && source.SecretRef != nil:
			c.Invalid(at, "", "may not have more than one field specified at a time")
		}
	}
}

// prefixedName checks a name as if it were a prefix, so that a trailing dash passes, as validateConfigMapEnvSource does.
func (r *report) prefixedName(at *field.Path, name string) {
	if r.Present(at, name) {
		r.Messages(at, name, apivalidation.NameIsDNSSubdomain(name, true))
	}
}
