package podlog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var follow = &corev1.PodLogOptions{Follow: true}

func open(tb testing.TB, l *Log, options *corev1.PodLogOptions) io.ReadCloser {
	tb.Helper()
	r, err := l.Read(tb.Context(), options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.Close() })
	return r
}

// drain reads r to its end by Read alone, in small pieces.
func drain(tb testing.TB, r io.Reader) string {
	tb.Helper()
	var b strings.Builder
	if _, err := io.CopyBuffer(&b, struct{ io.Reader }{r}, make([]byte, 100)); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// readAll reads l by Read and by WriteTo, which have to agree.
func readAll(tb testing.TB, l *Log, options *corev1.PodLogOptions) string {
	tb.Helper()
	got := drain(tb, open(tb, l, options))
	var b strings.Builder
	if n, err := open(tb, l, options).(io.WriterTo).WriteTo(&b); err != nil || n != int64(b.Len()) {
		tb.Fatalf("WriteTo = %d, %v for %d bytes", n, err, b.Len())
	}
	equal(tb, got, b.String())
	return got
}

func TestReadOptions(t *testing.T) {
	at := func(s int) *metav1.Time { return &metav1.Time{Time: time.Date(2000, 1, 1, 0, 0, s, 0, time.UTC)} }
	tests := []struct {
		name    string
		options corev1.PodLogOptions
		want    string
	}{
		{"all", corev1.PodLogOptions{}, "zero\none\nlong, longer, longest\nthree\nend"},
		{"tail", corev1.PodLogOptions{TailLines: new(int64(2))}, "three\nend"},
		{"tail of none", corev1.PodLogOptions{TailLines: new(int64(0))}, ""},
		{"tail of more than there is", corev1.PodLogOptions{TailLines: new(int64(100))}, "zero\none\nlong, longer, longest\nthree\nend"},
		{"tail counts records, as the kubelet does", corev1.PodLogOptions{TailLines: new(int64(4))}, "longer, longest\nthree\nend"},
		{"limit cuts within a line", corev1.PodLogOptions{LimitBytes: new(int64(7))}, "zero\non"},
		{"limit at the end of a line", corev1.PodLogOptions{LimitBytes: new(int64(9))}, "zero\none\n"},
		{"limit within a partial record", corev1.PodLogOptions{LimitBytes: new(int64(16))}, "zero\none\nlong, l"},
		{"limit beyond the end", corev1.PodLogOptions{LimitBytes: new(int64(1000))}, "zero\none\nlong, longer, longest\nthree\nend"},
		{"limit after tail", corev1.PodLogOptions{TailLines: new(int64(2)), LimitBytes: new(int64(3))}, "thr"},
		{"since a time includes it", corev1.PodLogOptions{SinceTime: at(3)}, "three\nend"},
		{"since a time that lies ahead", corev1.PodLogOptions{SinceTime: at(60)}, ""},
		{"since a time long ago", corev1.PodLogOptions{SinceTime: &metav1.Time{}}, "zero\none\nlong, longer, longest\nthree\nend"},
		{"since a year of five digits", corev1.PodLogOptions{SinceTime: &metav1.Time{Time: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}}, ""},
		{"since seconds", corev1.PodLogOptions{SinceSeconds: new(int64(3))}, "long, longer, longest\nthree\nend"},
		{"since more seconds than there are", corev1.PodLogOptions{SinceSeconds: new(int64(1 << 60))}, "zero\none\nlong, longer, longest\nthree\nend"},
		{"since within tail", corev1.PodLogOptions{SinceTime: at(4), TailLines: new(int64(3))}, "end"},
		{"stdout", corev1.PodLogOptions{Stream: new("Stdout")}, "zero\nlong, longer, longest\nend"},
		{"stderr", corev1.PodLogOptions{Stream: new("Stderr")}, "one\nthree\n"},
		{"both", corev1.PodLogOptions{Stream: new("All"), TailLines: new(int64(2))}, "three\nend"},
		{"a stream left out does not count towards the limit", corev1.PodLogOptions{Stream: new("Stderr"), LimitBytes: new(int64(5))}, "one\nt"},
		{"timestamps", corev1.PodLogOptions{Timestamps: true}, `2000-01-01T00:00:00.000000000Z zero
2000-01-01T00:00:01.000000000Z one
2000-01-01T00:00:02.000000000Z long, longer, longest
2000-01-01T00:00:03.000000000Z three
2000-01-01T00:00:04.000000000Z end`},
		{"timestamps count towards the limit", corev1.PodLogOptions{Timestamps: true, LimitBytes: new(int64(33))}, "2000-01-01T00:00:00.000000000Z ze"},
		{"container and previous are not looked at", corev1.PodLogOptions{Container: "x", Previous: true, TailLines: new(int64(1))}, "end"},
		{"a follower of an ended log ends too", corev1.PodLogOptions{Follow: true, TailLines: new(int64(2))}, "three\nend"},
		{"a follower's limit", corev1.PodLogOptions{Follow: true, LimitBytes: new(int64(7))}, "zero\non"},
	}
	synctest.Test(t, func(t *testing.T) {
		l := New(Options{})
		write(t, l.Stdout(), "zero\n")
		<-time.After(time.Second)
		write(t, l.Stderr(), "one\n")
		<-time.After(time.Second)
		l.append(stdout, partial, []byte("long, "))
		l.append(stdout, partial, []byte("longer, "))
		l.append(stdout, full, []byte("longest"))
		<-time.After(time.Second)
		write(t, l.Stderr(), "three\n")
		write(t, l.Stdout(), "end")
		<-time.After(time.Second)
		l.Close()
		<-time.After(time.Second)
		for _, test := range tests { // subtests cannot be made in a bubble
			if got := readAll(t, l, &test.options); got != test.want {
				t.Errorf("%s:\nwant %q\n got %q", test.name, test.want, got)
			}
		}
		equal(t, tests[0].want, readAll(t, l, nil))
	})
}

func TestReadRefusesInvalidOptions(t *testing.T) {
	if _, err := New(Options{}).Read(t.Context(), &corev1.PodLogOptions{TailLines: new(int64(-1))}); err == nil ||
		err.Error() != "read log: tailLines: Invalid value: -1: must be greater than or equal to 0" {
		t.Fatal(err)
	}
}

func TestReadEndsWhereTheLogEndedWhenOpened(t *testing.T) {
	l := New(Options{MaxBytes: 200})
	write(t, l.Stdout(), "one\ntwo\n")
	r := open(t, l, nil)
	for range 100 {
		write(t, l.Stdout(), "later\n")
	}
	equal(t, "one\ntwo\n", drain(t, r))
	equal(t, "", drain(t, open(t, New(Options{}), nil)))
}

func TestTailOfManyChunks(t *testing.T) {
	l := New(Options{})
	write(t, l.Stdout(), lines(0, 5000))
	for _, n := range []int{1, 2, 999, 4999, 5000} {
		equal(t, lines(5000-n, 5000), readAll(t, l, &corev1.PodLogOptions{TailLines: new(int64(n))}))
	}
}

func TestFollowDeliversEachLineWhenItIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Options{})
		write(t, l.Stdout(), "old\nlast\n")
		r := bufio.NewReader(open(t, l, &corev1.PodLogOptions{Follow: true, TailLines: new(int64(1))}))
		go func() {
			for i := range 3 {
				<-time.After(time.Hour)
				fmt.Fprintf(l.Stdout(), "hour %d\n", i)
			}
			io.WriteString(l.Stdout(), "good")
			l.Close()
		}()
		start := time.Now()
		for i, want := range []string{"last\n", "hour 0\n", "hour 1\n", "hour 2\n"} {
			got, err := r.ReadString('\n')
			if err != nil || got != want || time.Since(start) != time.Duration(i)*time.Hour {
				t.Fatalf("after %v: %q, %v", time.Since(start), got, err)
			}
		}
		if got, err := r.ReadString('\n'); err != io.EOF || got != "good" {
			t.Fatalf("at the end: %q, %v", got, err)
		}
	})
}

func TestFollowerEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(l *Log, r io.Closer, cancel func())
		want error
	}{
		{"when the log is closed", func(l *Log, _ io.Closer, _ func()) { l.Close() }, io.EOF},
		{"when its context ends", func(_ *Log, _ io.Closer, cancel func()) { cancel() }, context.Canceled},
		{"when it is closed", func(_ *Log, r io.Closer, _ func()) { r.Close() }, fs.ErrClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(Options{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r, err := l.Read(ctx, follow)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				done := make(chan error)
				go func() {
					_, err := r.Read(make([]byte, 10))
					done <- err
				}()
				synctest.Wait() // it waits for a line
				test.end(l, r, cancel)
				if err := <-done; !errors.Is(err, test.want) {
					t.Errorf("Read = %v, want %v", err, test.want)
				}
			})
		})
	}
}

func TestThousandFollowersInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Options{})
		var got [1000]string
		var followers sync.WaitGroup
		for i := range got {
			followers.Go(func() { got[i] = drain(t, open(t, l, follow)) })
		}
		for i := range 100 {
			synctest.Wait()
			write(t, l.Stdout(), fmt.Sprintf("line %03d\n", i))
		}
		l.Close()
		followers.Wait()
		for _, text := range got {
			equal(t, lines(0, 100), text)
		}
	})
}

// Writers and followers run at once, across rotations: no line is lost, cut or mixed with another.
func TestConcurrentWritersAndFollowers(t *testing.T) {
	const writers, count, followers = 8, 500, 8
	l := New(Options{MaxBytes: 20 << 10, MaxFiles: 1})
	got := make([]string, followers)
	var reading, writing sync.WaitGroup
	for i := range got {
		r := open(t, l, follow)
		reading.Go(func() {
			var b strings.Builder
			if _, err := io.Copy(&b, r); err != nil {
				t.Error(err)
			}
			got[i] = b.String()
		})
	}
	for w := range writers {
		out := []io.Writer{l.Stdout(), l.Stderr()}[w%2]
		writing.Go(func() {
			for i := range count {
				fmt.Fprintf(out, "%d %d %s\n", w, i, strings.Repeat("x", i%50))
			}
		})
	}
	writing.Wait()
	l.Close()
	reading.Wait()
	var next [writers]int
	for line := range strings.Lines(got[0]) {
		var w, i int
		var rest string
		if _, err := fmt.Sscanf(line, "%d %d %s", &w, &i, &rest); err != nil && i%50 != 0 {
			t.Fatalf("%q: %v", line, err)
		}
		if i != next[w] || len(rest) != i%50 {
			t.Fatalf("%q: want line %d of writer %d", line, next[w], w)
		}
		next[w]++
	}
	for w, n := range next {
		if n != count {
			t.Errorf("%d lines of writer %d, want %d", n, w, count)
		}
	}
	for i := range got {
		if got[i] != got[0] {
			t.Errorf("follower %d and follower 0 differ", i)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, timestamps := range []bool{false, true} {
		b.Run(fmt.Sprintf("timestamps=%t", timestamps), func(b *testing.B) {
			l := New(Options{})
			line := strings.Repeat("x", 99) + "\n"
			for range 50_000 {
				io.WriteString(l.Stdout(), line)
			}
			b.SetBytes(50_000 * 100)
			b.ReportAllocs()
			for b.Loop() {
				r, err := l.Read(b.Context(), &corev1.PodLogOptions{Timestamps: timestamps})
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, r); err != nil || n < 50_000*100 {
					b.Fatal(n, err)
				}
				r.Close()
			}
		})
	}
}

// One write wakes a hundred followers, each of which reads the line.
func BenchmarkFollow(b *testing.B) {
	l := New(Options{})
	const followers = 100
	seen := make(chan struct{}, followers)
	var reading sync.WaitGroup
	for range followers {
		r := open(b, l, follow)
		reading.Go(func() {
			for p := make([]byte, 100); ; seen <- struct{}{} {
				if _, err := r.Read(p); err != nil {
					return
				}
			}
		})
	}
	for b.Loop() {
		io.WriteString(l.Stdout(), "line\n")
		for range followers {
			<-seen
		}
	}
	l.Close()
	reading.Wait()
}
