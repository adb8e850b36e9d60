package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/descriptor"
)

func TestErrorsOfOtherKinds(t *testing.T) {
	tests := []struct {
		rule, text string
		want       []string
	}{
		{"a namespace's name is a label", "kind: Namespace\nmetadata: {name: a.b}", []string{`metadata.name: Invalid value: "a.b": must not contain dots`}},
		{"a namespace is in none", "kind: Namespace\nmetadata: {name: a, namespace: b}", []string{"metadata.namespace: Forbidden: not allowed on this type"}},
		{"a namespace's finalizers have domains", "kind: Namespace\nmetadata: {name: a}\nspec: {finalizers: [kubernetes, mine]}", []string{
			`spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified`}},
		{"keys of a config map are file names", "kind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {'a b': x}", []string{
			`data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`}},
		{"a key is in one bag", "kind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {k: x}\nbinaryData: {k: eA==}", []string{
			`data[k]: Invalid value: "k": duplicate of key present in binaryData`}},
		{"a TLS secret has both halves", "kind: Secret\nmetadata: {name: a, namespace: b}\ntype: kubernetes.io/tls", []string{
			"data[tls.crt]: Required value", "data[tls.key]: Required value"}},
		{"a docker configuration is JSON", "kind: Secret\nmetadata: {name: a, namespace: b}\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: eA==}", []string{
			`data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character 'x' looking for beginning of value`}},
		{"a token names its account", "kind: Secret\nmetadata: {name: a, namespace: b}\ntype: kubernetes.io/service-account-token", []string{
			"metadata.annotations[kubernetes.io/service-account.name]: Required value"}},
		{"a service has ports", "kind: Service\nmetadata: {name: a, namespace: b}", []string{"spec.ports: Required value"}},
		{"a headless service needs none", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {clusterIP: None}", nil},
		{"several ports have names", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 1}, {port: 2, name: b}]}", []string{
			"spec.ports[0].name: Required value"}},
		{"a service port stands once", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 1, name: a}, {port: 1, name: b}]}", []string{
			`spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}`}},
		{"taints differ in key or effect", "kind: Node\nmetadata: {name: a}\nspec: {taints: [{key: k, effect: NoExecute}, {key: k, effect: NoExecute}]}", []string{
			`metadata.taints[1]: Duplicate value: {"Key":"k","Value":"","Effect":"NoExecute","TimeAdded":null}: taints must be unique by key and effect pair`}},
		{"an event stands where its object is", "kind: Event\nmetadata: {name: a, namespace: b}\ninvolvedObject: {namespace: c}", []string{
			`involvedObject.namespace: Invalid value: "c": does not match event.namespace`}},
		{"a service account", "kind: ServiceAccount\nmetadata: {name: a, namespace: b}", nil},
		{"an event of the new form says who reports it", "kind: Event\nmetadata: {name: a, namespace: b}\ninvolvedObject: {namespace: b}\neventTime: '2026-01-01T00:00:00.000000Z'\nreason: r\naction: a", []string{
			"reportingComponent: Required value", `reportingComponent: Invalid value: "": name part must be non-empty`,
			`reportingComponent: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
			"reportingInstance: Required value"}},
		{"an event's name can stand in a URL", "kind: Event\nmetadata: {name: A_b, namespace: b}\ninvolvedObject: {namespace: b}", nil},
		{"what a container gets lies within bounds", "kind: LimitRange\nmetadata: {name: a, namespace: b}\nspec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}, default: {cpu: 3}}]}", []string{
			`spec.limits[0].defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than max value 2`,
			`spec.limits[0].default[cpu]: Invalid value: "2": default value 3 is greater than max value 2`}},
		{"pods have no defaults", "kind: LimitRange\nmetadata: {name: a, namespace: b}\nspec: {limits: [{type: Pod, default: {cpu: 3}}]}", []string{
			"spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"}},
		{"claims have a bound", "kind: LimitRange\nmetadata: {name: a, namespace: b}\nspec: {limits: [{type: PersistentVolumeClaim}]}", []string{
			"spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided"}},
		{"a quota counts what it knows", "kind: ResourceQuota\nmetadata: {name: a, namespace: b}\nspec: {hard: {storage: 1, pods: 500m}}", []string{
			`spec.hard[pods]: Invalid value: "500m": must be an integer`, `spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota`}},
		{"pods of a kind, not all of them and none", "kind: ResourceQuota\nmetadata: {name: a, namespace: b}\nspec: {hard: {pods: 1}, scopes: [BestEffort, NotBestEffort]}", []string{
			`spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes`}},
		{"subsets have addresses", "kind: Endpoints\nmetadata: {name: a, namespace: b}\nsubsets: [{}, {addresses: [{ip: 127.0.0.1}]}]", []string{
			"subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
			`subsets[1].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)`}},
		{"a load balancer's class is its own", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 1}], loadBalancerClass: example.com/x}", []string{
			"spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"}},
		{"addresses are of their families", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 1}], clusterIP: 10.0.0.1, ipFamilies: [IPv6]}", []string{
			"spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`"}},
		{"an address has no leading zeros", "kind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 1}], externalIPs: [010.0.0.1]}", []string{
			`spec.externalIPs[0]: Invalid value: "010.0.0.1": must not have leading 0s`}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			obj, err := descriptor.Decode([]byte("apiVersion: v1\n" + test.text))
			if err != nil {
				t.Fatal(err)
			}
			types.Default(obj)
			if diff := cmp.Diff(test.want, lines(types.Errors(obj))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
