package gocode

import (
	"testing"

	"github.com/dave/jennifer/jen"
	gocmp "github.com/google/go-cmp/cmp"
)

// TestKeyed shows that what is zero is left out, and how the rest is written.
func TestKeyed(t *testing.T) {
	var k Keyed
	for _, value := range []string{"", `plain`, `"quoted"`, "`both\"`"} {
		k.Text("Text", value)
	}
	k.Texts("Texts", nil)
	k.Texts("Texts", []string{"a", ""})
	k.Flag("Flag", false)
	k.Flag("Flag", true)
	k.Number("Number", 0)
	k.Number("Number", -1)
	k.Add("Zero", jen.Lit(0))
	got := jen.Id("T").Values(Multiline(k)...).GoString()
	want := "T{\n\tText:   \"plain\",\n\tText:   `\"quoted\"`,\n\tText:   \"`both\\\"`\",\n\tTexts:  []string{\"a\", \"\"},\n" +
		"\tFlag:   true,\n\tNumber: -1,\n\tZero:   0,\n}"
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
