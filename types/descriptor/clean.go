package descriptor

import (
	"encoding/json"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// serverSet lists what [Clean] takes from an object of any kind.
var serverSet = []string{
	"status",
	"metadata.managedFields", "metadata.uid", "metadata.resourceVersion", "metadata.generation", "metadata.selfLink",
	"metadata.creationTimestamp", "metadata.deletionTimestamp", "metadata.deletionGracePeriodSeconds", "metadata.ownerReferences",
	"metadata.annotations/kubectl.kubernetes.io/last-applied-configuration",
}

// serverSetIn lists what it takes besides from objects of the core group's kinds.
var serverSetIn = map[string][]string{
	"Pod":       {"spec.priority", "spec.ephemeralContainers"}, // creating a pod that has either is refused
	"Namespace": {"spec.finalizers", "metadata.labels/kubernetes.io/metadata.name"},
	"Service":   {"spec.clusterIPs"},
}

// admitted lists fields that an admission plugin sets, with the value it sets: only that one goes.
var admitted = map[string]map[string]any{
	"Pod": {
		"spec.preemptionPolicy":   "PreemptLowerPriority",
		"spec.serviceAccountName": "default",
		"spec.serviceAccount":     "default",
	},
}

// The service account admission plugin's volume, and where it is mounted.
const (
	tokenVolume = "kube-api-access-"
	tokenMount  = "/var/run/secrets/kubernetes.io/serviceaccount"
)

// clean takes from an object what [Clean] says.
func clean(object map[string]any) {
	kind := ""
	if version(object) == "v1" {
		kind, _ = object["kind"].(string)
	}
	_, created := lookup(object, "metadata.uid")
	for _, field := range append(serverSet[:len(serverSet):len(serverSet)], serverSetIn[kind]...) {
		remove(object, field)
	}
	for field, value := range admitted[kind] {
		if v, _ := lookup(object, field); v == value {
			remove(object, field)
		}
	}
	spec, _ := object["spec"].(map[string]any)
	switch kind {
	case "Pod":
		cleanPod(spec, created)
	case "Service":
		if spec["clusterIP"] != "None" { // None is a choice, an address was given out
			delete(spec, "clusterIP")
		}
	}
	prune(object["metadata"])
	if gv, err := schema.ParseGroupVersion(version(object)); err == nil && builtin().IsVersionRegistered(gv) {
		prune(object["spec"]) // of other groups' types it is not known what an empty value says
	}
	for _, part := range []string{"metadata", "spec"} {
		if m, ok := object[part].(map[string]any); ok && len(m) == 0 {
			delete(object, part)
		}
	}
}

func version(object map[string]any) string {
	v, _ := object["apiVersion"].(string)
	return v
}

func cleanPod(spec map[string]any, created bool) {
	if created {
		delete(spec, "nodeName")
	}
	if spec["serviceAccount"] == spec["serviceAccountName"] { // the deprecated twin, which the server keeps equal
		delete(spec, "serviceAccount")
	}
	filter(spec, "tolerations", func(t map[string]any) bool { return !isDefaultToleration(t) })
	filter(spec, "volumes", func(v map[string]any) bool { return !isTokenVolume(v) })
	for _, list := range []string{"containers", "initContainers"} {
		containers, _ := spec[list].([]any)
		for _, c := range containers {
			container, _ := c.(map[string]any)
			filter(container, "volumeMounts", func(m map[string]any) bool { return !isTokenMount(m) })
		}
	}
}

func isTokenVolume(v map[string]any) bool {
	name, _ := v["name"].(string)
	_, projected := v["projected"]
	return projected && strings.HasPrefix(name, tokenVolume)
}

func isTokenMount(m map[string]any) bool {
	name, _ := m["name"].(string)
	return m["mountPath"] == tokenMount && strings.HasPrefix(name, tokenVolume)
}

// isDefaultToleration recognises the two that the DefaultTolerationSeconds plugin adds.
func isDefaultToleration(t map[string]any) bool {
	for _, key := range []string{"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"} {
		if reflect.DeepEqual(t, map[string]any{
			"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": json.Number("300"),
		}) {
			return true
		}
	}
	return false
}

// filter keeps the items of a list that keep approves.
func filter(object map[string]any, name string, keep func(map[string]any) bool) {
	list, ok := object[name].([]any)
	if !ok {
		return
	}
	kept := []any{}
	for _, item := range list {
		if m, ok := item.(map[string]any); !ok || keep(m) {
			kept = append(kept, item)
		}
	}
	object[name] = kept
}

// steps splits a field of the tables: dots separate names, and a slash a last name that has dots itself.
func steps(field string) []string {
	head, last, ok := strings.Cut(field, "/")
	names := strings.Split(head, ".")
	if ok {
		names = append(names, last)
	}
	return names
}

func lookup(object map[string]any, field string) (any, bool) {
	parent, last := parentOf(object, field)
	v, ok := parent[last]
	return v, ok
}

func remove(object map[string]any, field string) {
	parent, last := parentOf(object, field)
	delete(parent, last)
}

// parentOf is the object that holds a field, nil if it is missing.
func parentOf(object map[string]any, field string) (map[string]any, string) {
	names := steps(field)
	for _, name := range names[:len(names)-1] {
		object, _ = object[name].(map[string]any)
	}
	return object, names[len(names)-1]
}

// empty are the fields that the Go types or the defaults write without a value in them.
var empty = map[string]bool{
	"resources": true, "securityContext": true, "strategy": true, "status": true, "metadata": true,
	"annotations": true, "labels": true, "finalizers": true, "tolerations": true, "volumes": true, "volumeMounts": true, "spec": true,
}

// prune drops the fields of empty that hold nothing, innermost first, and null ones.
func prune(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			prune(item)
		}
	case map[string]any:
		for name, part := range v {
			prune(part)
			if part == nil || empty[name] && isEmpty(part) {
				delete(v, name)
			}
		}
	}
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}
