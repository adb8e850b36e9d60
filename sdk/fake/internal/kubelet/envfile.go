package kubelet

import (
	"errors"
	"fmt"
	"strings"

	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
)

// errEnvFile is all that a kubelet says of a file that is no list of variables.
var errEnvFile = errors.New("couldn't parse env file")

// fileKey is the value of a variable that a file in a volume of the pod has.
func (w *worker) fileKey(pod *corev1.Pod, ref *corev1.FileKeySelector) (value string, ok bool, err error) {
	source, err := w.volume(pod, ref.VolumeName)
	if err != nil {
		return "", false, fmt.Errorf("cannot find the volume %q referenced by FileKeyRef", ref.VolumeName)
	}
	ns := podfs.NewNamespace(podfs.NewTree(podfs.TreeOptions{}), podfs.NamespaceOptions{})
	defer ns.Close()
	const at = "/volume"
	if err := ns.Mount(podfs.Mount{Name: ref.VolumeName, Path: at, Volume: source, ReadOnly: true}); err != nil {
		return "", false, errEnvFile
	}
	text, err := ns.FS(podfs.Credentials{}, at).ReadFile(ref.Path)
	if err != nil {
		return "", false, errEnvFile
	}
	value, err = envOf(string(text), ref.Key)
	switch {
	case err != nil:
		return "", false, errEnvFile
	case value == "" && isTrue(ref.Optional):
		return "", false, nil
	case value == "":
		return "", false, fmt.Errorf("environment variable key %q not found in file %q", ref.Key, ref.Path)
	}
	return value, true, nil
}

// envOf finds a variable in lines of NAME='value', where values may go over several lines, as ParseEnv of the kubelet's util/env reads
// them. What stands after the variable is not looked at. "" is one that is not there.
func envOf(text, key string) (string, error) {
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		line = strings.TrimLeft(strings.TrimSuffix(line, "\r"), " \t")
		if line == "" || line[0] == '#' {
			text = rest
			continue
		}
		name, value, found := strings.Cut(line, "=")
		switch {
		case !found, name == "", strings.TrimRight(name, " \t") != name:
			return "", errEnvFile
		case value != strings.TrimLeft(value, " \t"): // as a shell has it, the value is empty
			if name == key {
				return "", nil
			}
			text = rest
			continue
		case !strings.HasPrefix(value, "'"):
			return "", errEnvFile
		}
		_, quoted, _ := strings.Cut(text, "='")
		inside, after, closed := strings.Cut(quoted, "'")
		if !closed {
			return "", errEnvFile
		}
		tail, rest, _ := strings.Cut(after, "\n")
		if tail = strings.TrimLeft(strings.TrimSuffix(tail, "\r"), " \t"); tail != "" && tail[0] != '#' {
			return "", errEnvFile
		}
		if name == key {
			return strings.ReplaceAll(inside, "\r\n", "\n"), nil
		}
		text = rest
	}
	return "", nil
}
