package sdk

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLogParser: however the answer is cut into chunks, the lines are the same.
func TestLogParser(t *testing.T) {
	const log = "2026-01-02T03:04:05.000000006Z one two\n2026-01-02T03:04:05.100000000Z \nno stamp\n2026-01-02T12:04:05+09:00 zone\n2026-13-02T03:04:05.000000006Z month\n2026-01-02T03:04:06.5Z short"
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixNano()
	want := []rawLine{
		{base + 6, true, "one two", 38}, {base + 1e8, true, "", 31}, {0, false, "no stamp", 8}, {base, true, "zone", 30},
		{0, false, "2026-13-02T03:04:05.000000006Z month", 36}, {base + 15e8, true, "short", 28},
	}
	for size := range len(log) {
		var p logParser
		var got []rawLine
		keep := func(l rawLine) bool { got = append(got, l); return true }
		for at := 0; at < len(log); at += size + 1 {
			p.feed([]byte(log[at:min(len(log), at+size+1)]), nil, keep)
		}
		if last, ok := p.rest(); ok {
			keep(last)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(rawLine{})); diff != "" {
			t.Fatalf("in chunks of %d (-want +got):\n%s", size+1, diff)
		}
	}
}

func TestGate(t *testing.T) {
	// Lines are written as their times; "-" is one without.
	for _, tt := range []struct {
		rule string
		from position
		void bool
		log  string
		want string
	}{
		{"from the beginning all is fresh", position{}, true, "1 2 -", "fresh fresh fresh"},
		{"what was read before is known", position{at: 2, count: 1, text: "2"}, false, "1 2 3", "known known fresh"},
		{"of one time, as many as were read", position{at: 2, count: 2, text: "2"}, false, "2 2 2 3", "known known fresh fresh"},
		{"fewer of that time than were read", position{at: 2, count: 3, text: "2"}, false, "2 2 3", "known known missing"},
		{"the last line is not there", position{at: 2, count: 1, text: "2"}, false, "3 4", "missing missing"},
		{"nor need it be", position{at: 2, count: 1, text: "2"}, true, "3 4", "fresh fresh"},
		{"of another instance, what was read before is known all the same", position{at: 2, count: 1, text: "2"}, true, "1 2 3", "known known fresh"},
		{"of another instance in the same moment", position{at: 2, count: 1, text: "2a"}, true, "2b 2a 3", "fresh fresh fresh"},
		{"the end of a line whose beginning was cut off", position{at: 2, count: 1, text: "2"}, false, "- 2 3", "known known fresh"},
		{"a line without a time counts to those before it", position{at: 2, count: 2}, false, "2 - - 3", "known known fresh fresh"},
		{"a count that may be too low", position{at: 2, count: 1, text: "2b", vague: true}, false, "2a 2b 2c 3", "known known fresh fresh"},
		{"another line in the place of the last", position{at: 2, count: 1, text: "2a"}, false, "2b 3", "missing missing"},
		{"after the first fresh line, a clock that goes back does not matter", position{at: 2, count: 1, text: "2"}, false, "2 3 1", "known fresh fresh"},
	} {
		g := &gate{from: tt.from, void: tt.void}
		var got []string
		for _, stamp := range strings.Fields(tt.log) {
			l := rawLine{stamped: stamp != "-"}
			if l.stamped {
				l.at, l.text = int64(stamp[0]-'0'), stamp
			}
			got = append(got, []string{"known", "fresh", "missing"}[g.judge(l)])
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}
