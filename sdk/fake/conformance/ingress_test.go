package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

func TestIngress(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, tc := range []struct{ args, says string }{
		{"create ingress web --class=outer --rule=example.com/*=web:80 --rule=example.org/a=web:http,tls=secret", "ingress.networking.k8s.io/web created\n"},
		{"get ing", "NAME CLASS HOSTS ADDRESS PORTS AGE\nweb outer example.com,example.org 80, 443 <age>\n"},
		{`patch ingress web --subresource=status --type=merge -p {"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.9"}]}}}`, "ingress.networking.k8s.io/web patched\n"},
		{"get ing --no-headers", "web outer example.com,example.org 10.0.0.9 80, 443 <age>\n"},
		{"get ing web -o jsonpath={.spec.rules[*].http.paths[*].pathType}", "Prefix Exact"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if got := c.got(fields(tc.args)...); got != tc.says {
				t.Errorf("said %q, want %q", got, tc.says)
			}
		})
	}
	has(t, c.got("describe", "ingress", "web"), "Address: 10.0.0.9\n", "Ingress Class: outer\n", "secret terminates example.org\n", "Host Path Backends\n")
	has(t, c.refused("patch", "ingress", "web", "--type=json", "-p", `[{"op":"remove","path":"/spec/rules"}]`),
		`The Ingress "web" is invalid: spec: Invalid value: null: either `+"`defaultBackend` or `rules` must be specified")
	has(t, c.kubectl("explain", "ingress.spec.rules.http.paths.pathType"), "FIELD: pathType <string>")
}
