package dns

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const podResolv = "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"

func TestNames(t *testing.T) {
	for _, row := range []struct {
		rule, resolv, name string
		want               []string
	}{
		{"few dots: the search path first", podResolv, "web",
			[]string{"web.shop.svc.cluster.local.", "web.svc.cluster.local.", "web.cluster.local.", "web."}},
		{"many dots: as it is first", "search a b\noptions ndots:2\n", "x.y.z", []string{"x.y.z.", "x.y.z.a.", "x.y.z.b."}},
		{"a dot at the end: as it is", podResolv, "web.", []string{"web."}},
		{"without a search path", "nameserver 10.96.0.10\n", "web", []string{"web."}},
		{"the last search path counts", "search a\nsearch b\n", "web", []string{"web.b.", "web."}},
		{"comments", "# search a\n; search b\n", "web", []string{"web."}},
		{"one dot is enough by default", "search a\n", "web.shop", []string{"web.shop.", "web.shop.a."}},
	} {
		if diff := cmp.Diff(row.want, readResolv(row.resolv).names(row.name)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", row.rule, diff)
		}
	}
}

func TestInHosts(t *testing.T) {
	const hosts = "# managed\n127.0.0.1\tlocalhost\n10.0.0.1\tdb primary # the first\n10.0.0.2\tdb\nnonsense db\n"
	for name, want := range map[string][]string{"db": {"10.0.0.1", "10.0.0.2"}, "PRIMARY.": {"10.0.0.1"}, "first": nil, "10.0.0.1": nil} {
		var got []string
		for _, ip := range inHosts(hosts, name) {
			got = append(got, ip.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestNotFoundSaysWho(t *testing.T) {
	for resolv, want := range map[string]string{
		podResolv: "lookup web on 10.96.0.10:53: no such host",
		"":        "lookup web: no such host",
	} {
		if got := readResolv(resolv).notFound("web").Error(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
