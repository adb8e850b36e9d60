package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"
)

// ingress is one of a name and a namespace, whose spec and status are given in YAML.
func ingress(t *testing.T, spec, status string) *networkingv1.Ingress {
	t.Helper()
	i := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Name: "i", Namespace: "default", ResourceVersion: "1"}}
	if err := yaml.UnmarshalStrict([]byte(spec), &i.Spec); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict([]byte(status), &i.Status); err != nil {
		t.Fatal(err)
	}
	return i
}

func texts(errs field.ErrorList) []string {
	var all []string
	for _, err := range errs {
		all = append(all, err.Error())
	}
	return all
}

func TestIngressErrors(t *testing.T) {
	const backend = "backend: {service: {name: a, port: {number: 80}}}"
	for _, tc := range []struct {
		rule, spec string
		want       []string
	}{
		{"a default backend will do", "defaultBackend: {service: {name: 1a, port: {name: http}}}", nil},
		{"so will a rule", "{ingressClassName: x, tls: [{hosts: ['*.a.b'], secretName: s}], rules: [{host: a.b, http: {paths: [{path: /, pathType: Prefix, " + backend + "}]}}]}", nil},
		{"one of them must be", "{}", []string{"spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"}},
		{"a backend is one thing", "defaultBackend: {}", []string{`spec.defaultBackend: Invalid value: "": resource or service backend is required`}},
		{"a backend is not two things", "defaultBackend: {resource: {kind: K, name: n}, service: {name: a}}",
			[]string{`spec.defaultBackend: Invalid value: "": cannot set both resource and service backends`}},
		{"a resource has kind and name", "defaultBackend: {resource: {apiGroup: A, kind: a/b, name: ''}}", []string{
			`spec.defaultBackend.resource.apiGroup: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, ` +
				`'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is ` +
				`'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
			`spec.defaultBackend.resource.kind: Invalid value: "a/b": may not contain '/'`,
			`spec.defaultBackend.resource.name: Required value`,
		}},
		{"a service has a name and a port", "defaultBackend: {service: {name: ''}}",
			[]string{"spec.defaultBackend.service.name: Required value", "spec.defaultBackend: Required value: port name or number is required"}},
		{"a port has a name or a number", "defaultBackend: {service: {name: a, port: {name: b, number: 1}}}",
			[]string{`spec.defaultBackend: Invalid value: "": cannot set both port name & port number`}},
		{"a port is a port", "defaultBackend: {service: {name: a, port: {number: 70000}}}",
			[]string{"spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive"}},
		{"a host is no address", "rules: [{host: 10.0.0.1}]", []string{`spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address`}},
		{"rules have paths", "rules: [{http: {paths: []}}]", []string{"spec.rules[0].http.paths: Required value"}},
		{"paths have types", "rules: [{http: {paths: [{" + backend + "}, {pathType: Odd, " + backend + "}]}}]", []string{
			"spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
			`spec.rules[0].http.paths[1].pathType: Unsupported value: "Odd": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
		}},
		{"paths are absolute and plain", "rules: [{http: {paths: [{pathType: Exact, path: 'a//b/..', " + backend + "}, {pathType: ImplementationSpecific, path: a, " + backend + "}]}}]",
			[]string{
				`spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": must be an absolute path`,
				`spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": must not contain '//'`,
				`spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": cannot end with '/..'`,
				`spec.rules[0].http.paths[1].path: Invalid value: "a": must be an absolute path`,
			}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, texts(ingressErrors(ingress(t, tc.spec, "{}")))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The class may be named in two ways, which must agree on create; the older one alone is warned of.
func TestIngressClassAnnotation(t *testing.T) {
	i := ingress(t, "{defaultBackend: {service: {name: a, port: {number: 80}}}}", "{}")
	i.Annotations = map[string]string{ingressClassAnnotation: "x"}
	if diff := cmp.Diff([]string{`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`}, ingressWarnings(i, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := ingressWarnings(i, i); got != nil {
		t.Errorf("an update warns of %q", got)
	}
	i.Spec.IngressClassName = new("y")
	want := []string{"annotations.kubernetes.io/ingress.class: Invalid value: \"x\": must match `ingressClassName` when both are specified"}
	if diff := cmp.Diff(want, texts(ingressErrors(i))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := ingressUpdateErrors(i, i); len(got) > 0 {
		t.Errorf("an update is refused: %v", got)
	}
}

// What was stored before there was a rule may stay.
func TestIngressUpdateErrors(t *testing.T) {
	const broken = "{rules: [{host: '*.a.b', http: {paths: []}}], tls: [{secretName: A}]}"
	if got := ingressUpdateErrors(ingress(t, broken, "{}"), ingress(t, broken, "{}")); len(got) > 0 {
		t.Errorf("what stays as it is is refused: %v", got)
	}
	if got := ingressErrors(ingress(t, broken, "{}")); len(got) != 2 {
		t.Errorf("%d errors of a create, want 2: %v", len(got), got)
	}
}

func TestIngressStatusErrors(t *testing.T) {
	old := ingress(t, "{}", "loadBalancer: {ingress: [{ip: 010.0.0.1}]}")
	next := ingress(t, "{}", "loadBalancer: {ingress: [{ip: 010.0.0.1}, {ip: 010.0.0.2}, {hostname: 10.0.0.3}]}")
	want := []string{
		`status.loadBalancer.ingress[1].ip: Invalid value: "010.0.0.2": must not have leading 0s`,
		`status.loadBalancer.ingress[2].hostname: Invalid value: "10.0.0.3": must be a DNS name, not an IP address`,
	}
	if diff := cmp.Diff(want, texts(ingressStatusErrors(next, old))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestIngressCells(t *testing.T) {
	for _, tc := range []struct {
		rule, spec, status string
		want               []any
	}{
		{"bare", "{}", "{}", []any{"i", "<none>", "*", "", "80", "<unknown>"}},
		{"full", "{ingressClassName: x, tls: [{}], rules: [{host: a}, {}, {host: b}, {host: c}, {host: d}]}",
			"loadBalancer: {ingress: [{ip: 10.0.0.2}, {hostname: lb.example}, {ip: 10.0.0.2}, {}]}",
			[]any{"i", "x", "a,b,c + 2 more...", "10.0.0.2,lb.example", "80, 443", "<unknown>"}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ingressCells(ingress(t, tc.spec, tc.status))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
