package podlog

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
)

const slack = 256 << 10

// flood writes numbered lines until there are so many bytes, and says how many lines there are.
func flood(l *Log, bytes int) (lines int) {
	for size := 0; size < bytes; lines++ {
		n, _ := fmt.Fprintf(l.Stdout(), "line %d %0*d\n", lines, lines%500, 0)
		size += textStart + n
	}
	return lines
}

// A program floods its log while a follower reads nothing: what that is behind decides whether it misses anything, and it hears of it.
func TestSlack(t *testing.T) {
	for _, test := range []struct {
		rule  string
		bytes int
		err   error
	}{
		{"a reader that is behind by less than the slack misses nothing, whatever was dropped", slack - 8<<10, nil},
		{"one that is behind by more is told so", 8 * slack, ErrDropped},
	} {
		t.Run(test.rule, func(t *testing.T) {
			l := New(Options{MaxBytes: 4 << 10, MaxFiles: 2, Slack: slack})
			r := open(t, l, follow)
			written := flood(l, test.bytes)
			_ = l.Close()
			lines, got := bufio.NewReader(r), 0
			for ; ; got++ {
				text, err := lines.ReadString('\n')
				if err == io.EOF {
					err = nil
				}
				if text == "" {
					if !errors.Is(err, test.err) || err == nil && got != written {
						t.Errorf("after %d of %d lines: %v, want %v", got, written, err, test.err)
					}
					return
				}
				if want := fmt.Sprintf("line %d %0*d\n", got, got%500, 0); err != nil || text != want {
					t.Fatalf("got %q, %v, want %q", text, err, want)
				}
			}
		})
	}
}

// Who wants every line gets it, however late.
func TestLinesKnowNoSlack(t *testing.T) {
	l := New(Options{MaxBytes: 4 << 10, MaxFiles: 2, Slack: slack})
	all := l.Lines()
	written, got := flood(l, 8*slack), 0
	_ = l.Close()
	for line := range all {
		if want := fmt.Sprintf("line %d %0*d", got, got%500, 0); line.Text != want {
			t.Fatalf("got %q, want %q", line.Text, want)
		}
		got++
	}
	if got != written {
		t.Errorf("got %d of %d lines", got, written)
	}
}

// Memory does not grow with what is written, though a follower reads nothing.
func TestFloodIsBounded(t *testing.T) {
	l := New(Options{MaxBytes: 64 << 10, MaxFiles: 2, Slack: 1 << 20})
	r := open(t, l, follow)
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	flood(l, 16<<20)
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("16 MiB were written, and the heap has grown by %d bytes", grown)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, ErrDropped) {
		t.Errorf("the follower got %v, want %v", err, ErrDropped)
	}
	runtime.KeepAlive(l)
}
