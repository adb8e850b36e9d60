package officehours

import (
	"testing"
	"time"
)

func TestHours(t *testing.T) {
	for _, tc := range []struct {
		name, hours, at string
		open            bool
		next            string
	}{
		{"before opening", "08:00-18:00", "01T07:59", false, "01T08:00"},
		{"the minute of opening", "08:00-18:00", "01T08:00", true, "01T18:00"},
		{"the minute of closing", "08:00-18:00", "01T18:00", false, "02T08:00"},
		{"over midnight, before it", "22:00-06:00", "01T23:00", true, "02T06:00"},
		{"over midnight, after it", "22:00-06:00", "02T05:00", true, "02T06:00"},
		{"over midnight, at noon", "22:00-06:00", "02T12:00", false, "02T22:00"},
		{"until midnight", "08:00-24:00", "01T23:59", true, "02T00:00"},
		{"always", "00:00-24:00", "01T12:00", true, ""},
		{"never", "12:00-12:00", "01T12:00", false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, err := ParseHours(tc.hours)
			if err != nil {
				t.Fatal(err)
			}
			at := clock(t, tc.at)
			if got := h.Open(at); got != tc.open {
				t.Errorf("open: %t, want %t", got, tc.open)
			}
			var want time.Time
			if tc.next != "" {
				want = clock(t, tc.next)
			}
			if got := h.Next(at); !got.Equal(want) {
				t.Errorf("next: %v, want %v", got, want)
			}
		})
	}
}

func TestBadHours(t *testing.T) {
	for text, want := range map[string]string{
		"":            `hours "": give two times as in 08:00-18:00`,
		"8am-6pm":     `hours "8am-6pm": "8am" is not a time; give hh:mm`,
		"08:00-25:00": `hours "08:00-25:00": "25:00" is not a time; give hh:mm`,
	} {
		if _, err := ParseHours(text); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func clock(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04", "2000-01-"+text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
