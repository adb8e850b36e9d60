package types

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// node is ValidateNode; taints are reported under the metadata, as the server does. The annotations that taints and preferences once
// were are not looked at.
func (r *report) node(node *corev1.Node) {
	r.Metadata(&node.ObjectMeta, false, apivalidation.NameIsDNSSubdomain)
	r.taints(field.NewPath("metadata", "taints"), node.Spec.Taints)
	r.nodeResources(&node.Status)
	maybe(node.Status.NodeInfo.Swap, func(s *corev1.NodeSwapStatus) {
		if s.Capacity != nil && *s.Capacity <= 0 {
			r.Invalid(field.NewPath("metadata", "nodeSwapStatus", "capacity"), *s.Capacity, notPositive)
		}
	})
	r.declaredFeatures(field.NewPath("status", "declaredFeatures"), node.Status.DeclaredFeatures)
	r.podCIDRs(field.NewPath("spec", "podCIDRs"), node.Spec.PodCIDRs)
}

func (r *report) nodeResources(status *corev1.NodeStatus) {
	for _, part := range []struct {
		name string
		list corev1.ResourceList
	}{{"capacity", status.Capacity}, {"allocatable", status.Allocatable}} {
		for _, name := range sortedKeys(part.list) {
			r.Quantity(field.NewPath("status", part.name, string(name)), name, part.list[name])
		}
	}
}

// podCIDRs wants one block for each IP family at most.
func (r *report) podCIDRs(at *field.Path, blocks []string) {
	for i, block := range blocks {
		r.CIDR(at.Index(i), block)
	}
	if len(blocks) < 2 {
		return
	}
	dual, err := net.IsDualStackCIDRStrings(blocks)
	if err != nil {
		r.Add(field.InternalError(at, fmt.Errorf("invalid PodCIDRs. failed to check with dual stack with error:%w", err)))
	}
	if !dual || len(blocks) > 2 {
		r.Invalid(at, blocks, "may specify no more than one CIDR for each IP family")
	}
}

// isDeclaredFeature tells a feature's name: parts of letters and digits between slashes, the first in camel case.
func isDeclaredFeature(name string) bool {
	letter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	for i, part := range strings.Split(name, "/") {
		if part == "" || !letter(part[0]) || i == 0 && part[0] > 'Z' {
			return false
		}
		for j := range len(part) {
			if c := part[j]; !letter(c) && (c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

func (r *report) declaredFeatures(at *field.Path, names []string) {
	for i, name := range names {
		switch {
		case len(name) > validation.DNS1123SubdomainMaxLength:
			r.Invalid(at.Index(i), name, fmt.Sprintf("invalid feature name %q: must be no more than %d characters", name, validation.DNS1123SubdomainMaxLength))
		case !isDeclaredFeature(name):
			r.Invalid(at.Index(i), name, fmt.Sprintf("invalid feature name %q: must start with an UpperCamelCase segment, with subsequent segments "+
				"separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes", name))
		}
		if i+1 == len(names) {
			break
		}
		switch next := names[i+1]; {
		case name == next:
			r.Add(field.Duplicate(at.Index(i+1), next))
		case name > next:
			r.Invalid(at.Index(i+1), next, "list must be sorted alphabetically")
		}
	}
}

// taints is validateNodeTaints.
func (r *report) taints(at *field.Path, taints []corev1.Taint) {
	seen := map[string]bool{}
	for i, t := range taints {
		one := at.Index(i)
		r.Messages(one.Child("key"), t.Key, validation.IsQualifiedName(t.Key))
		if messages := validation.IsValidLabelValue(t.Value); len(messages) > 0 {
			r.Invalid(one.Child("value"), t.Value, strings.Join(messages, ";"))
		}
		if t.Effect == "" {
			r.Required(one.Child("effect"), "")
		} else {
			r.taintEffect(one.Child("effect"), t.Effect)
		}
		if id := string(t.Effect) + "/" + t.Key; seen[id] {
			twice := field.Duplicate(one, internal(t))
			twice.Detail = "taints must be unique by key and effect pair"
			r.Add(twice)
		} else {
			seen[id] = true
		}
	}
}
