package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

func TestWarnings(t *testing.T) {
	pod := func(spec string) string { return "metadata: {name: p}\nspec: {" + spec + "}" }
	tests := []struct {
		rule, text string
		want       []string
	}{
		{"a plain pod", pod("containers: [{name: c, image: i}]"), nil},
		{"one name for two ports", pod("containers: [{name: c, ports: [{name: p, containerPort: 80}]}, {name: d, ports: [{name: p, containerPort: 81}]}]"), []string{
			`spec.containers[1].ports[0]: duplicate port name "p" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]`}},
		{"an address in a long form", pod("hostAliases: [{ip: '2001:0db8::1'}]"), []string{
			`spec.hostAliases[0].ip: IPv6 address "2001:0db8::1" should be in RFC 5952 canonical format ("2001:db8::1")`}},
		{"two containers on one port", pod("containers: [{name: c, ports: [{containerPort: 80}]}, {name: d, ports: [{containerPort: 80}]}]"),
			[]string{"spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"}},
		{"one port with and without a host port", pod("containers: [{name: c, ports: [{containerPort: 80}, {containerPort: 80, hostPort: 1}]}]"),
			[]string{"spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]"}},
		{"one host port on all addresses and on one", pod("containers: [{name: c, ports: [{containerPort: 80, hostPort: 1, hostIP: 1.2.3.4}, {containerPort: 80, hostPort: 1}]}]"),
			[]string{"spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]"}},
		{"a variable that extends an earlier one is fine", pod(`containers: [{name: c, env: [{name: A, value: a}, {name: A, value: "$(A)b"}]}]`), nil},
		{"a variable that hides an earlier one", pod("containers: [{name: c, env: [{name: A, value: a}, {name: A, value: b}]}]"),
			[]string{`spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply`}},
		{"parts of bytes", pod("containers: [{name: c, resources: {limits: {memory: 100m}}}]"), []string{
			`spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer`,
			`spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer`}},
		{"a deprecated node label", pod("nodeSelector: {beta.kubernetes.io/os: linux}"), []string{
			`spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead`}},
		{"a pull secret twice", pod("imagePullSecrets: [{name: a}, {name: a}]"), []string{`spec.imagePullSecrets[1].name: duplicate name "a"`}},
		{"a spread constraint without selector", pod("topologySpreadConstraints: [{topologyKey: z}]"), []string{
			"spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod"}},
		{"an annotation that does nothing", "metadata: {annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}}", []string{
			`metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead`}},
		{"a file over the token", pod("volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: token}}, {configMap: {name: m, items: [{key: k, path: token}]}}]}}]"), []string{
			`spec.volumes[0].projected.sources.configMap[0]: has duplicated path with ServiceAccountToken "token"`}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			obj, err := descriptor.DecodeInto[corev1.Pod]([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			types.Default(obj)
			if diff := cmp.Diff(test.want, types.Warnings(obj)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
