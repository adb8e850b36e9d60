package draw

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	rule  = regexp.MustCompile(`(?m)^\.podwright ([^{]+)\{([^}]*)\}`)
	class = regexp.MustCompile(`class="([^"]+)"`)
)

// fills are the colours by selector, for pages that are light or dark.
func fills(dark bool) map[string]string {
	light, rest, _ := strings.Cut(style, "@media")
	parts := []string{light}
	if dark {
		parts = append(parts, rest)
	}
	all := map[string]string{}
	for _, part := range parts {
		for _, m := range rule.FindAllStringSubmatch(part, -1) {
			for _, selector := range strings.Split(m[1], ",") {
				_, fill, ok := strings.Cut(";"+m[2], ";fill:")
				if fill, _, _ = strings.Cut(fill, ";"); ok {
					all[strings.TrimPrefix(selector, ".podwright ")] = fill
				}
			}
		}
	}
	return all
}

// Every text can be read on what is behind it: with a contrast of 4.5, as WCAG 2 asks of small texts (level AA).
func TestContrast(t *testing.T) {
	behind := map[string][]string{
		"text":              {".paper", ".node", ".group", ".pod", ".container", ".network", ".volume", ".service", ".machine", ".port", ".bus", ".head", ".cell"},
		"text.muted":        {".paper", ".node", ".pod", ".container", ".network", ".volume", ".service"},
		"text.kind":         {".container"},
		"text.text-good":    {".pod"},
		"text.text-waiting": {".pod"},
		"text.text-done":    {".pod"},
		"text.text-leaving": {".pod"},
		"text.text-bad":     {".pod"},
	}
	for _, dark := range []bool{false, true} {
		all := fills(dark)
		for text, boxes := range behind {
			for _, box := range boxes {
				if c := contrast(t, all[text], all[box]); c < 4.5 {
					t.Errorf("dark %v: %s on %s has a contrast of %.2f only", dark, text, box, c)
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is that of a colour in the form #rgb or #rrggbb, as WCAG 2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", colour, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

// Every class of an element has a rule, so that nothing is black by accident.
func TestClassesHaveRules(t *testing.T) {
	var b bytes.Buffer
	for _, s := range scenes() {
		if err := s.write(&b); err != nil {
			t.Fatal(err)
		}
	}
	plainKinds := []string{"podwright", "rounded", "row", "column"} // told apart for who reads the document only
	for _, m := range class.FindAllStringSubmatch(b.String(), -1) {
		for _, c := range strings.Fields(m[1]) {
			if !slices.Contains(plainKinds, c) && !strings.Contains(style, "."+c+"{") && !strings.Contains(style, "."+c+",") {
				t.Errorf("class %q has no rule", c)
			}
		}
	}
}

// Who prefers dark pages gets another colour for each that a text, a box or a line has, but for those that do on both.
func TestDarkColours(t *testing.T) {
	light, dark := fills(false), fills(true)
	both := []string{".dot", ".good", ".waiting", ".done", ".leaving", ".bad", ".line", ".arrow.mount"}
	for selector, colour := range light {
		if dark[selector] == colour && !slices.Contains(both, selector) {
			t.Errorf("%s is %s on dark pages too", selector, colour)
		}
	}
}
