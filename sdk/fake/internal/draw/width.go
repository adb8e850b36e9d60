package draw

import "strings"

// font is how a text looks. Its class is the name of a rule in the style sheet, which has the same size and weight.
type font struct {
	class string
	size  int
	bold  bool
}

var (
	heading = font{"heading", 18, true}
	name    = font{"name", 13, true}
	strong  = font{"strong", 12, true}
	plain   = font{"plain", 12, false}
	small   = font{"small", 11, false}
	muted   = font{"small muted", 11, false}
)

// The widths of the characters from space to tilde in thousandths of the font's size: of DejaVu Sans (as wide as Verdana) and Liberation
// Sans (as wide as Helvetica and Arial) the wider one each, so that a text fits whichever a viewer has.
var regularWidths = [...]int{
	318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
	637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557,
	1016, 685, 687, 723, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863, 749, 788,
	667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 557,
	500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
	635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
}

var boldWidths = [...]int{
	349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366,
	696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611,
	1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 557, 775, 638, 996, 837, 851,
	733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 557,
	500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,
	716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
}

// otherWidth is that of all other characters, none of which is wider.
const otherWidth = 1104

// width is how many pixels a text takes at most.
func (f font) width(s string) int {
	sum := 0
	for _, r := range s {
		sum += f.runeWidth(r)
	}
	return (sum*f.size + 999) / 1000
}

func (f font) runeWidth(r rune) int {
	switch {
	case r < ' ' || r > '~':
		return otherWidth
	case f.bold:
		return boldWidths[r-' ']
	}
	return regularWidths[r-' ']
}

const ellipsis = "…"

// cut shortens a text to a width, at its end. It answers "" where not even the ellipsis fits.
func (f font) cut(s string, most int) string {
	if f.width(s) <= most {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n >= 0; n-- {
		if c := strings.TrimRight(string(runes[:n]), " ") + ellipsis; f.width(c) <= most {
			return c
		}
	}
	return ""
}
