package kubelet

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// What docker sets in every container.
const (
	defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	defaultHome = "/root"
	defaultDir  = "/"
)

// variables are environment variables in order, each once.
type variables []string

func (v variables) index(name string) int {
	return slices.IndexFunc(v, func(s string) bool {
		return len(s) > len(name) && s[len(name)] == '=' && s[:len(name)] == name
	})
}

func (v variables) lookup(name string) (string, bool) {
	if i := v.index(name); i >= 0 {
		return v[i][len(name)+1:], true
	}
	return "", false
}

// set adds a variable, or gives it another value where it stands.
func (v *variables) set(name, value string) { v.put(name, name+"="+value) }

func (v *variables) put(name, text string) {
	if i := v.index(name); i >= 0 {
		(*v)[i] = text
		return
	}
	*v = append(*v, text)
}

// merge sets every variable of others.
func (v *variables) merge(others []string) {
	for _, text := range others {
		name, _, _ := strings.Cut(text, "=")
		v.put(name, text)
	}
}

// environment is what the pod spec says a container's environment is: envFrom, env, and the services of the namespace.
// An error is one of the configuration, in the kubelet's words.
func (w *worker) environment(pod *corev1.Pod, spec *corev1.Container) (variables, error) {
	env := make(variables, 0, len(spec.Env)+len(spec.EnvFrom)*4+12) // room for docker's and a service or two
	for i := range spec.EnvFrom {
		if err := w.addEnvFrom(&env, pod, &spec.EnvFrom[i]); err != nil {
			return nil, err
		}
	}
	links := w.k.services.of(pod)
	lookup := func(name string) (string, bool) {
		if value, ok := env.lookup(name); ok {
			return value, true
		}
		return variables(links).lookup(name)
	}
	for i := range spec.Env {
		e := &spec.Env[i]
		value, ok, err := expand(e.Value, lookup), true, error(nil)
		if e.ValueFrom != nil {
			value, ok, err = w.envValue(pod, spec, e.ValueFrom)
		}
		if err != nil {
			return nil, err
		}
		if ok {
			env.set(e.Name, value)
		}
	}
	for _, text := range links {
		name, _, _ := strings.Cut(text, "=")
		if env.index(name) < 0 {
			env = append(env, text)
		}
	}
	return env, nil
}

// addEnvFrom takes all keys of a ConfigMap or Secret, sorted. Keys that cannot be names are left out.
func (w *worker) addEnvFrom(env *variables, pod *corev1.Pod, from *corev1.EnvFromSource) error {
	var data map[string]string
	var err error
	switch {
	case from.ConfigMapRef != nil:
		data, err = w.configMap(pod.Namespace, from.ConfigMapRef.Name, from.ConfigMapRef.Optional)
	case from.SecretRef != nil:
		data, err = w.secret(pod.Namespace, from.SecretRef.Name, from.SecretRef.Optional)
	}
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if name := from.Prefix + key; name != "" && !strings.Contains(name, "=") {
			env.set(name, data[key])
		}
	}
	return nil
}

// envValue is the value of a variable with a source; ok is false for an optional one that is missing.
func (w *worker) envValue(pod *corev1.Pod, spec *corev1.Container, from *corev1.EnvVarSource) (value string, ok bool, err error) {
	switch {
	case from.FieldRef != nil:
		value, err = w.fieldValue(pod, from.FieldRef.FieldPath)
		return value, err == nil, err
	case from.ResourceFieldRef != nil:
		value, err = w.resourceValue(pod, spec, from.ResourceFieldRef)
		return value, err == nil, err
	case from.ConfigMapKeyRef != nil:
		r := from.ConfigMapKeyRef
		data, err := w.configMap(pod.Namespace, r.Name, r.Optional)
		return keyOf(data, r.Key, "ConfigMap", pod.Namespace, r.Name, r.Optional, err)
	case from.SecretKeyRef != nil:
		r := from.SecretKeyRef
		data, err := w.secret(pod.Namespace, r.Name, r.Optional)
		return keyOf(data, r.Key, "Secret", pod.Namespace, r.Name, r.Optional, err)
	}
	if from.FileKeyRef != nil {
		return w.fileKey(pod, from.FileKeyRef)
	}
	return "", false, fmt.Errorf("the fake kubelet does not know this source of an environment variable: %s", from.String())
}

func keyOf(data map[string]string, key, kind, namespace, name string, optional *bool, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	value, ok := data[key]
	if !ok && !isTrue(optional) {
		return "", false, fmt.Errorf("couldn't find key %s in %s %s", key, kind, path.Join(namespace, name))
	}
	return value, ok, nil
}

func isTrue(b *bool) bool { return b != nil && *b }

// configMap is the data of a ConfigMap; one that is optional and missing is empty.
func (w *worker) configMap(namespace, name string, optional *bool) (map[string]string, error) {
	obj, err := w.k.config.API.Get(registry.ConfigMaps, namespace, name)
	if err != nil {
		return nil, missing("configmap", name, optional, err)
	}
	return obj.(*corev1.ConfigMap).Data, nil
}

// secret is the data of a Secret; one that is optional and missing is empty.
func (w *worker) secret(namespace, name string, optional *bool) (map[string]string, error) {
	obj, err := w.k.config.API.Get(registry.Secrets, namespace, name)
	if err != nil {
		return nil, missing("secret", name, optional, err)
	}
	secret := obj.(*corev1.Secret)
	data := make(map[string]string, len(secret.Data))
	for k, v := range secret.Data {
		data[k] = string(v)
	}
	return data, nil
}

// missing words the error of a failed look-up as a kubelet's object cache does.
func missing(kind, name string, optional *bool, err error) error {
	switch {
	case !apierrors.IsNotFound(err):
		return err
	case isTrue(optional):
		return nil
	}
	return fmt.Errorf("%s %q not found", kind, name)
}

// commandLine is the container's command and arguments: the image's, unless the pod spec has others.
func commandLine(image *Image, spec *corev1.Container, env variables) []string {
	command, args := image.Entrypoint, image.Cmd
	if len(spec.Command) > 0 {
		command, args = expandAll(spec.Command, env), nil
	}
	if len(spec.Args) > 0 {
		args = expandAll(spec.Args, env)
	}
	line := slices.Concat(command, args)
	if len(line) == 0 {
		line = []string{spec.Name} // a process has a name, even if its image is nothing but a function
	}
	return line
}

func expandAll(texts []string, env variables) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = expand(text, env.lookup)
	}
	return out
}

// fullEnvironment puts the image's environment and docker's own below that of the pod spec.
func fullEnvironment(image *Image, host string, env variables) []string {
	all := make(variables, 0, len(image.Env)+len(env)+3)
	all = append(all, "PATH="+defaultPath) // a constant, as what each pod has should be
	all.set("HOSTNAME", host)
	all.merge(image.Env)
	all.merge(env)
	if all.index("HOME") < 0 {
		all = append(all, "HOME="+defaultHome)
	}
	return all
}

// workingDir is where the container starts.
func workingDir(image *Image, spec *corev1.Container) string {
	switch {
	case spec.WorkingDir != "":
		return spec.WorkingDir
	case image.WorkingDir != "":
		return image.WorkingDir
	}
	return defaultDir
}
