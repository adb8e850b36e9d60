package workloads

import "testing"

func TestCheckSchedule(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"@hourly", ""},
		{"@every 1h30m", ""},
		{"*/5 1-3 1,15 jan-MAR ?", ""},
		{"CRON_TZ=Europe/Berlin 0 0 * * *", ""},
		{"@often", "unrecognized descriptor: @often"},
		{"@every x", `failed to parse duration @every x: time: invalid duration "x"`},
		{"* * * *", "expected exactly 5 fields, found 4: [* * * *]"},
		{"60 * * * *", "end of range (60) above maximum (59): 60"},
		{"* * 0 * *", "beginning of range (0) below minimum (1): 0"},
		{"5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"},
		{"1-2-3 * * * *", "too many hyphens: 1-2-3"},
		{"1/2/3 * * * *", "too many slashes: 1/2/3"},
		{"*/0 * * * *", "step of range should be a positive number: */0"},
		{"x * * * *", `failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax`},
		{"TZ=UTC", "invalid schedule format: runtime error: slice bounds out of range [:-1]"},
		{"TZ=Mars * * * * *", "provided bad location Mars: unknown time zone Mars"},
	} {
		got := ""
		if err := checkSchedule(tt.text); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}
