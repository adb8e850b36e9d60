package podlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// raw returns the records of all segments of l.
func raw(tb testing.TB, l *Log) string {
	tb.Helper()
	var b bytes.Buffer
	if n, err := l.WriteTo(&b); err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo = %d, %v for %d bytes", n, err, b.Len())
	}
	return b.String()
}

func write(tb testing.TB, w io.Writer, text string) {
	tb.Helper()
	if n, err := io.WriteString(w, text); err != nil || n != len(text) {
		tb.Fatalf("Write of %d bytes = %d, %v", len(text), n, err)
	}
}

func equal[T any](tb testing.TB, want, got T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Fatalf("-want +got:\n%s", diff)
	}
}

// Inside a bubble the clock stands still while a program runs; it starts at midnight of the first of January 2000.
func TestRecordsAreStampedInOrderWithFixedWidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Options{})
		write(t, l.Stdout(), "one\ntwo\n")
		write(t, l.Stderr(), "three\n")
		<-time.After(time.Second)
		write(t, l.Stdout(), "\n")
		equal(t, `2000-01-01T00:00:00.000000000Z stdout F one
2000-01-01T00:00:00.000000001Z stdout F two
2000-01-01T00:00:00.000000002Z stderr F three
2000-01-01T00:00:01.000000000Z stdout F 
`, raw(t, l))
	})
}

func TestCloseEndsLog(t *testing.T) {
	l := New(Options{})
	write(t, l.Stdout(), "whole\nunfinished")
	write(t, l.Stderr(), "oops")
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range []io.Writer{l.Stdout(), l.Stderr()} {
		if n, err := w.Write([]byte("late\n")); n != 0 || !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Write after Close = %d, %v; want 0, fs.ErrClosed", n, err)
		}
	}
	equal(t, []string{"stdout F whole", "stdout P unfinished", "stderr P oops"}, unstamped(raw(t, l)))
}

// unstamped returns the records in text without their stamps.
func unstamped(text string) (records []string) {
	for line := range strings.Lines(text) {
		records = append(records, strings.TrimSuffix(line[streamStart:], "\n"))
	}
	return records
}

func TestWriteToStopsAtAnError(t *testing.T) {
	l := New(Options{})
	write(t, l.Stdout(), strings.Repeat("x\n", 1000))
	r, w := io.Pipe()
	r.CloseWithError(io.ErrNoProgress)
	if _, err := l.WriteTo(w); err != io.ErrNoProgress {
		t.Fatalf("WriteTo = %v", err)
	}
}

func TestRotation(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		records int
		pause   time.Duration
		kept    int // records of all segments
		newest  int // records of the newest
	}{
		{"one segment until the limit", Options{MaxBytes: 500}, 10, 0, 10, 10},
		{"a record that would outgrow the limit starts another", Options{MaxBytes: 500}, 11, 0, 11, 1},
		{"old segments go", Options{MaxBytes: 500, MaxFiles: 2}, 35, 0, 15, 5},
		{"one file is the newest only", Options{MaxBytes: 500, MaxFiles: 1}, 35, 0, 5, 5},
		{"a record larger than the limit has a segment of its own", Options{MaxBytes: 10, MaxFiles: 3}, 5, 0, 3, 1},
		{"a day", Options{}, 25, time.Hour, 25, 1},
		{"an hour", Options{MaxAge: time.Hour, MaxFiles: 2}, 10, 20 * time.Minute, 4, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(test.options)
				follower := open(t, l, follow)
				for i := range test.records {
					if i > 0 {
						<-time.After(test.pause)
					}
					write(t, l.Stdout(), fmt.Sprintf("line %03d\n", i)) // a record of 49 bytes
				}
				equal(t, test.kept, strings.Count(raw(t, l), "\n"))
				equal(t, lines(test.records-test.newest, test.records), readAll(t, l, nil))
				l.Close()
				equal(t, lines(0, test.records), drain(t, follower))
			})
		})
	}
}

func lines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "line %03d\n", i)
	}
	return b.String()
}

func TestMemory(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		limit int64
	}{
		{"empty", "", 350},
		{"one line", "a short line\n", 800},
		{"a thousand lines", strings.Repeat("a line of thirty-two characters.\n", 1000), 120_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const count = 200
			logs := make([]*Log, count)
			before := heap()
			for i := range logs {
				logs[i] = New(Options{})
				logs[i].Stdout().Write([]byte(test.text))
			}
			each := (heap() - before) / count
			runtime.KeepAlive(logs)
			if each > test.limit {
				t.Errorf("%d bytes a log, want at most %d", each, test.limit)
			}
		})
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
