package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func TestAddresses(t *testing.T) {
	at := field.NewPath("ip")
	for _, tt := range []struct {
		rule string
		do   func(*Report)
		want []string
	}{
		{"an address", func(r *Report) { r.IP(at, "10.0.0.1"); r.EndpointIP(at, "10.0.0.1") }, nil},
		{"no leading zeros", func(r *Report) { r.IP(at, "010.0.0.1") }, []string{`ip: Invalid value: "010.0.0.1": must not have leading 0s`}},
		{"but where they stood before", func(r *Report) { r.IP(at, "010.0.0.1", "010.0.0.1") }, nil},
		{"nobody reaches it", func(r *Report) { r.EndpointIP(at, "169.254.1.1") }, []string{
			`ip: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)`}},
		{"nor what is no address", func(r *Report) { r.EndpointIP(at, "x") }, []string{`ip: Invalid value: "x": must be a valid IP address`}},
		{"a block", func(r *Report) { r.CIDR(at, "10.0.0.0") }, []string{`ip: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			r := &Report{}
			tt.do(r)
			var got []string
			for _, e := range r.Errors {
				got = append(got, e.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
