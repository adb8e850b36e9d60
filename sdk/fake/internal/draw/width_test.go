package draw

import "testing"

func TestCut(t *testing.T) {
	for _, test := range []struct {
		rule string
		s    string
		most int
		want string
	}{
		{"what fits stays", "crane", 60, "crane"},
		{"exactly is enough", "crane", plain.width("crane"), "crane"},
		{"what does not fit ends with an ellipsis", "crane-x7k2p", 58, "crane-…"},
		{"no space before the ellipsis", "a sentence", plain.width("a s…") - 1, "a…"},
		{"characters are not cut in two", "ééééééé", 50, "éé…"},
		{"nothing where not even the ellipsis fits", "crane", 5, ""},
		{"nothing stays nothing", "", 0, ""},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := plain.cut(test.s, test.most)
			if got != test.want {
				t.Errorf("cut(%q, %d) = %q, want %q", test.s, test.most, got, test.want)
			}
			if got != "" && plain.width(got) > test.most {
				t.Errorf("%q is %d wide, more than %d", got, plain.width(got), test.most)
			}
		})
	}
}

// The widths are those of the fonts: 10 digits of Verdana's width at 12 pixels, bold ones wider.
func TestWidth(t *testing.T) {
	for _, test := range []struct {
		f    font
		s    string
		want int
	}{
		{plain, "", 0}, {plain, "0123456789", 77}, {strong, "0123456789", 84}, {plain, "iiii", 14}, {plain, "…", 14}, {plain, "世", 14},
	} {
		if got := test.f.width(test.s); got != test.want {
			t.Errorf("width(%q) = %d, want %d", test.s, got, test.want)
		}
	}
}
