package podlog

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestWriterSplitsIntoRecords(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	tests := []struct {
		name   string
		writes []string
		close  bool
		want   []string
	}{
		{"nothing", nil, true, nil},
		{"an empty write", []string{""}, true, nil},
		{"a line in pieces", []string{"a", "b", "c\n"}, false, []string{"F abc"}},
		{"an incomplete line is held back", []string{"a\nb"}, false, []string{"F a"}},
		{"and partial at the end", []string{"a\nb"}, true, []string{"F a", "P b"}},
		{"an empty line", []string{"\n\n"}, false, []string{"F ", "F "}},
		{"a carriage return before the newline goes", []string{"a\r\n", "b\r", "\n"}, false, []string{"F a", "F b"}},
		{"only one", []string{"a\r\r\n"}, false, []string{"F a\r"}},
		{"one that stands elsewhere stays", []string{"a\rb\n", "\ra\n"}, false, []string{"F a\rb", "F \ra"}},
		{"the longest whole line", []string{x(MaxRecord) + "\n"}, false, []string{"F " + x(MaxRecord)}},
		{"one byte more", []string{x(MaxRecord+1) + "\n"}, false, []string{"P " + x(MaxRecord), "F x"}},
		{"one byte more and no newline", []string{x(MaxRecord + 1)}, false, []string{"P " + x(MaxRecord)}},
		{"its newline comes later", []string{x(MaxRecord), "\n"}, false, []string{"F " + x(MaxRecord)}},
		{"and a carriage return", []string{x(MaxRecord), "\r", "\n"}, false, []string{"F " + x(MaxRecord)}},
		{"a carriage return that no newline follows", []string{x(MaxRecord), "\r", "y\n"}, false, []string{"P " + x(MaxRecord), "F \ry"}},
		{"and at the end", []string{x(MaxRecord), "\r"}, true, []string{"P " + x(MaxRecord), "P \r"}},
		{"three records", []string{x(2*MaxRecord + 5), "\n"}, false, []string{"P " + x(MaxRecord), "P " + x(MaxRecord), "F xxxxx"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := New(Options{})
			for _, text := range test.writes {
				write(t, l.Stderr(), text)
			}
			if test.close {
				l.Close()
			}
			var want []string
			for _, record := range test.want {
				want = append(want, "stderr "+record)
			}
			equal(t, want, unstamped(raw(t, l)))
		})
	}
}

// FuzzWriter holds that neither the sizes of writes nor the other stream change what is read.
func FuzzWriter(f *testing.F) {
	f.Add([]byte("one\ntwo\r\n\nthree"), uint16(1), uint16(3))
	f.Add([]byte("x"), uint16(40_000), uint16(16_384))
	f.Add([]byte("ab\r\n"), uint16(20_000), uint16(1))
	f.Add([]byte("\r"), uint16(16_385), uint16(16_384))
	f.Add([]byte{}, uint16(0), uint16(0))
	f.Fuzz(func(t *testing.T, unit []byte, repeat, size uint16) {
		text := bytes.Repeat(unit, min(int(repeat), 1<<17/(len(unit)+1)))
		whole, pieces := New(Options{}), New(Options{})
		whole.Stdout().Write(text)
		for rest := text; len(rest) > 0; {
			n := min(len(rest), int(size)%4096+1)
			pieces.Stdout().Write(rest[:n])
			rest = rest[n:]
		}
		whole.Close()
		pieces.Close()
		equal(t, unstamped(raw(t, whole)), unstamped(raw(t, pieces)))
		equal(t, string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), readAll(t, pieces, nil))
		for _, record := range unstamped(raw(t, pieces)) {
			if len(record) > MaxRecord+len("stdout F ") {
				t.Fatalf("a record of %d bytes", len(record))
			}
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	for _, size := range []int{10, 100, 1000, 10_000} {
		b.Run(fmt.Sprintf("line=%d", size), func(b *testing.B) {
			line := append(bytes.Repeat([]byte("x"), size-1), '\n')
			l := New(Options{})
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				l.Stdout().Write(line)
			}
		})
	}
}
