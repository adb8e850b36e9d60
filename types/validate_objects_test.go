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
		{"a kind without rules has its metadata checked", "kind: LimitRange\nmetadata: {name: A, namespace: b}", []string{
			`metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`}},
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
