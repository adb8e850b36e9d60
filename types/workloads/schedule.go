package workloads

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the time zones that there are do not depend on the machine, as they do not on a server

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// schedule is validateScheduleFormat. A schedule that has a time zone in it may keep one.
func (r *report) schedule(at *field.Path, spec, old *batchv1.CronJobSpec) {
	text := spec.Schedule
	if err := checkSchedule(text); err != nil {
		r.Invalid(at, text, err.Error())
	}
	hasZone, mayHave := strings.Contains(text, "TZ"), old != nil && strings.Contains(old.Schedule, "TZ")
	switch {
	case !hasZone:
	case !mayHave:
		r.Invalid(at, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
	case spec.TimeZone != nil:
		r.Invalid(at, text, "cannot use both timeZone field and TZ or CRON_TZ in schedule")
	}
}

// zonePart is a part of a time zone's name between slashes.
var zonePart = regexp.MustCompile(`^[A-Za-z.\-_0-9+]{1,14}$`)

// timeZone is validateTimeZone.
func (r *report) timeZone(at *field.Path, name string) {
	if name == "" {
		r.Invalid(at, name, "timeZone must be nil or non-empty string")
		return
	}
	for _, part := range strings.Split(name, "/") {
		if part == "." || part == ".." || strings.HasPrefix(part, "-") || !zonePart.MatchString(part) {
			r.Invalid(at, name, "unknown time zone "+name)
			return
		}
	}
	if strings.EqualFold(name, "Local") {
		r.Invalid(at, name, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
	}
	if _, err := time.LoadLocation(name); err != nil {
		r.Invalid(at, name, err.Error())
	}
}

// A part is one of the five of a schedule: the least and the most that it can be, and names of its values from least on.
type part struct {
	least, most int
	names       []string
}

var parts = []part{
	{0, 59, nil}, // minute
	{0, 23, nil}, // hour
	{1, 31, nil}, // day of the month
	{1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{0, 6, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// checkSchedule says why a text is no schedule, in the words of cron.ParseStandard of github.com/robfig/cron, which the server reads
// schedules with.
func checkSchedule(text string) error {
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		space, equals := strings.Index(text, " "), strings.Index(text, "=")
		if space < 0 {
			return fmt.Errorf("invalid schedule format: runtime error: slice bounds out of range [:%d]", space)
		}
		zone := text[equals+1 : space]
		if _, err := time.LoadLocation(zone); err != nil {
			return fmt.Errorf("provided bad location %s: %w", zone, err)
		}
		text = strings.TrimSpace(text[space:])
	}
	if strings.HasPrefix(text, "@") {
		return checkDescriptor(text)
	}
	fields := strings.Fields(text)
	if len(fields) != len(parts) {
		return fmt.Errorf("expected exactly %d fields, found %d: %s", len(parts), len(fields), fields)
	}
	for i, p := range parts {
		for _, expr := range strings.FieldsFunc(fields[i], func(c rune) bool { return c == ',' }) {
			if err := p.check(expr); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkDescriptor(text string) error {
	switch text {
	case "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly":
		return nil
	}
	if every, ok := strings.CutPrefix(text, "@every "); ok {
		if _, err := time.ParseDuration(every); err != nil {
			return fmt.Errorf("failed to parse duration %s: %w", text, err)
		}
		return nil
	}
	return errors.New("unrecognized descriptor: " + text)
}

// check looks at one range, such as 1-5/2.
func (p part) check(expr string) error {
	bounds, steps, _ := strings.Cut(expr, "/")
	limits := strings.Split(bounds, "-")
	first, last, err := p.limits(limits, expr)
	if err != nil {
		return err
	}
	step := 1
	if n := strings.Count(expr, "/"); n > 1 {
		return errors.New("too many slashes: " + expr)
	} else if n == 1 {
		if step, err = number(steps); err != nil {
			return err
		}
		if len(limits) == 1 {
			last = p.most
		}
	}
	switch {
	case first < p.least:
		return fmt.Errorf("beginning of range (%d) below minimum (%d): %s", first, p.least, expr)
	case last > p.most:
		return fmt.Errorf("end of range (%d) above maximum (%d): %s", last, p.most, expr)
	case first > last:
		return fmt.Errorf("beginning of range (%d) beyond end of range (%d): %s", first, last, expr)
	case step == 0:
		return errors.New("step of range should be a positive number: " + expr)
	}
	return nil
}

// limits are those of a range, which is a number, two, or all that there are.
func (p part) limits(limits []string, expr string) (first, last int, err error) {
	if limits[0] == "*" || limits[0] == "?" {
		return p.least, p.most, nil
	}
	if first, err = p.value(limits[0]); err != nil {
		return 0, 0, err
	}
	switch len(limits) {
	case 1:
		return first, first, nil
	case 2:
		last, err = p.value(limits[1])
		return first, last, err
	}
	return 0, 0, errors.New("too many hyphens: " + expr)
}

func (p part) value(text string) (int, error) {
	for i, name := range p.names {
		if strings.EqualFold(text, name) {
			return p.least + i, nil
		}
	}
	return number(text)
}

func number(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("failed to parse int from %s: %w", text, err)
	}
	if n < 0 {
		return 0, fmt.Errorf("negative number (%d) not allowed: %s", n, text)
	}
	return n, nil
}
