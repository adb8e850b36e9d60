package selector

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// same fails unless text is to Parse what it is to upstream: the same error or the same selector.
func same(t *testing.T, text string) {
	t.Helper()
	want, wantErr := labels.Parse(text)
	got, err := Parse(text)
	if wantErr != nil || err != nil {
		if wantErr == nil || err == nil || wantErr.Error() != err.Error() {
			t.Errorf("Parse(%q): error %v, want %v", text, err, wantErr)
		}
		return
	}
	if got.String() != want.String() || got.IsEmpty() != want.Empty() {
		t.Errorf("Parse(%q) = %q (empty %t), want %q (empty %t)", text, got, got.IsEmpty(), want, want.Empty())
	}
}

// What upstream makes of odd texts, by the facts it was probed for.
func TestParseIsUpstreams(t *testing.T) {
	for _, text := range []string{
		"", " ", "\t\r\n ", "in", "!in", "in in (in)", "notin=in", "a in (x,notin,in)", "x In (a)", "x=", "x==", "x!=", "x= ",
		"x in ()", "x in ( )", "x in (,)", "x in (,,)", "x in (a,)", "x in (,a)", "x in (a,,b)", "x in (a,,)", "x in (a,,,)",
		"x in (b,a,b)", "x=a", "x==a", "x=b,x=a", "x,!x", "!x", "! x", "!!x", "!", "x!", "x>1", "x > 1", "x<1", "x>=1", "x<=1", "x=>1", "x<>1",
		"x>007", "x>9223372036854775807", "x>", "x>a", "x>1.5", "x>1e3", "x>0x10", "x>1_000", "x>9223372036854775808", "x>-1", "x>+1",
		"\x00x=a", "x=a \x00garbage", "x=a\x00", "x\x00=b", "x=\x00b", "x=a\x00,y=b", "x=a\x00b", "x=é", "x=\xff", "x=a\v", "x=a\f",
		"x=a b", "x=a=b", "x in (a))", "!x=a", "!x in (a)", "x>1 2", "x,", "x=a,", "x,,y", "x=a,=b", ",x", "=x", "(", ")", "!=", "==",
		"x y", "x gt 1", "x not in (a)", "x (", "xin (a)", "x in a", "x in", "x in (", "x in (=)", "x in (!a)", "x in ((a))",
		"x in (a b)", "x in (a", "x in (a,", "x in (a,=)", "x===a", "x!==a", "x=!a", "x=(a)", "-x=a", "x=-a", "x=a;y", "a/b/c=d", "/x=a",
		"A/x=a", "a..b/x=a", "a-/x=a", "a.b/x=a", "z=1,y=2,x=3", "a in (z,y,x,w,v,u,t,s,r,q,p,o,n,m,l)", "x notin (a)", "x notin(a,b)",
		"m=1,l=2,k=3,j=4,i=5,h=6,g=7,f=8,e=9,d=1,c=2,b=3,a=4,a=5,a=6,b=7,c=8,d=9",
	} {
		same(t, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"app=web,env in (prod,qa),!canary", "x>1", "a notin ()", "a.b/c!=d", "x=\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same(t, text)
		strictly(t, text)
	})
}

func FuzzMatches(f *testing.F) {
	f.Add("app=web,tier>1", "app", "web", "tier", "2")
	f.Add("a notin (b),!c", "", "", "c", "\xff")
	f.Add("x<007,x!=", "x", "+2", "x", " 2")
	f.Fuzz(func(t *testing.T, text, key1, value1, key2, value2 string) {
		got, err := Parse(text)
		if err != nil {
			return
		}
		want := must(labels.Parse(text))
		for _, set := range []map[string]string{nil, {key1: value1}, {key1: value1, key2: value2}} {
			agree(t, set, want, got)
		}
	})
}

func FuzzFromLabelSelector(f *testing.F) {
	f.Add("app", "web", "tier", "In", "a", "b")
	f.Add("app", "-web", "tier", "NotIn", "b", "a")
	f.Add("-", "web", "/", "Exists", "", "")
	f.Fuzz(func(t *testing.T, label, value, key, operator, value1, value2 string) {
		for _, values := range [][]string{nil, {}, {value1}, {value1, value2}} {
			from := &metav1.LabelSelector{
				MatchLabels:      map[string]string{label: value},
				MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: metav1.LabelSelectorOperator(operator), Values: values}},
			}
			want, wantErr := metav1.LabelSelectorAsSelector(from)
			got, err := FromLabelSelector(from)
			if sameError(t, metav1.FormatLabelSelector(from), wantErr, err) {
				continue
			}
			if want.String() != got.String() {
				t.Errorf("FromLabelSelector %q, want %q", got, want)
			}
			agree(t, map[string]string{label: value, key: value1}, want, got)
		}
	})
}
