package officehours

import (
	"fmt"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Hours are the part of each day (in UTC) in which something is open. The zero value is never open.
type Hours struct {
	open, close time.Duration // since midnight; who closes before opening is open over midnight
}

// ParseHours reads hours such as "08:00-18:00", "22:00-06:00" over midnight, "00:00-24:00" for always, and two equal
// times for never.
func ParseHours(text string) (Hours, error) {
	from, to, found := strings.Cut(text, "-")
	if !found {
		return Hours{}, fmt.Errorf("hours %q: give two times as in 08:00-18:00", text)
	}
	open, err := parseTime(from)
	if err != nil {
		return Hours{}, fmt.Errorf("hours %q: %w", text, err)
	}
	closing, err := parseTime(to)
	if err != nil {
		return Hours{}, fmt.Errorf("hours %q: %w", text, err)
	}
	return Hours{open, closing}, nil
}

func parseTime(text string) (time.Duration, error) {
	if text == "24:00" {
		return day, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time; give hh:mm", text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// Open says whether it is open at a time.
func (h Hours) Open(at time.Time) bool {
	now := sinceMidnight(at)
	if h.open <= h.close {
		return h.open <= now && now < h.close
	}
	return now >= h.open || now < h.close
}

// Next is when that changes after a time. It is the zero time if it never does.
func (h Hours) Next(at time.Time) time.Time {
	if h.open%day == h.close%day {
		return time.Time{} // always or never open
	}
	change := h.open
	if h.Open(at) {
		change = h.close
	}
	midnight := at.UTC().Truncate(day)
	for !midnight.Add(change).After(at) {
		change += day
	}
	return midnight.Add(change)
}

func sinceMidnight(at time.Time) time.Duration { return at.Sub(at.UTC().Truncate(day)) }
