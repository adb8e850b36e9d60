package token

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var claims = Claims{
	Audience: []string{URL}, Expiry: 3600, ID: "jti", Subject: "system:serviceaccount:default:crane",
	Kubernetes: Bound{Namespace: "default", Account: Ref{"crane", "uid"}, Pod: &Ref{"crane-1", "uid-1"}},
}

func TestATokenIsReadBack(t *testing.T) {
	text, err := New(1).Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	got, err := New(1).Read(text)
	if err != nil {
		t.Fatal(err)
	}
	want := claims
	want.Issuer = URL
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	again, err := New(1).Sign(claims)
	if err != nil || again != text {
		t.Errorf("the same claims make another token (%v):\n%s\n%s", err, text, again)
	}
}

func TestTokensThatAreNone(t *testing.T) {
	text, err := New(1).Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(text, ".")
	other, err := New(1).Sign(Claims{Subject: "system:serviceaccount:default:other"})
	if err != nil {
		t.Fatal(err)
	}
	for rule, c := range map[string]struct {
		text    string
		foreign bool
	}{
		"a text":                     {"secret", true},
		"nothing":                    {"", true},
		"three texts":                {"a.b.c", true},
		"the signature of another":   {parts[0] + "." + parts[1] + "." + strings.Split(other, ".")[2], false},
		"a signature that is no one": {parts[0] + "." + parts[1] + ".AAAA", false},
		"no signature":               {parts[0] + "." + parts[1] + ".", false},
	} {
		t.Run(rule, func(t *testing.T) {
			if _, err := New(1).Read(c.text); err == nil || errors.Is(err, ErrForeign) != c.foreign {
				t.Errorf("error %v; foreign must be %v", err, c.foreign)
			}
		})
	}
	if _, err := New(2).Read(text); err == nil {
		t.Error("another cluster takes the token")
	}
}
