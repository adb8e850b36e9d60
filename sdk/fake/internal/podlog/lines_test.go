package podlog_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := podlog.New(podlog.Options{MaxBytes: 200, MaxFiles: 2})
		fmt.Fprintln(log.Stdout(), "before")
		lines := log.Lines()
		long := strings.Repeat("x", podlog.MaxRecord+1)
		fmt.Fprintln(log.Stdout(), "one")
		fmt.Fprint(log.Stdout(), "be")
		fmt.Fprintln(log.Stderr(), "two")
		fmt.Fprintln(log.Stdout(), "gun")
		fmt.Fprintln(log.Stdout(), long)
		for i := range 20 {
			fmt.Fprintln(log.Stdout(), "rotated", i)
		}
		fmt.Fprint(log.Stdout(), "unfinished")
		began := time.Now()
		_ = log.Close()
		var got []string
		for line := range lines {
			text := line.Text
			if line.Text == long {
				text = "long"
			}
			if line.Time.Before(began) || line.Time.After(began.Add(time.Second)) {
				t.Errorf("%s at %v", text, line.Time)
			}
			got = append(got, fmt.Sprintf("%s %t %t", text, line.Stderr, line.Open))
		}
		want := []string{"one false false", "two true false", "begun false false", "long false false"}
		for i := range 20 {
			want = append(want, fmt.Sprintf("rotated %d false false", i))
		}
		want = append(want, "unfinished false true")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

// TestLinesFollow: one that waits gets each line as it comes, and ends with the log or with its loop.
func TestLinesFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := podlog.New(podlog.Options{})
		var reader sync.WaitGroup
		got := make(chan string)
		reader.Go(func() {
			for line := range log.Lines() {
				got <- line.Text
			}
			close(got)
		})
		synctest.Wait()
		for i := range 3 {
			fmt.Fprintln(log.Stdout(), i)
			if text := <-got; text != fmt.Sprint(i) {
				t.Errorf("line %d is %q", i, text)
			}
		}
		_ = log.Close()
		if text, open := <-got; open {
			t.Errorf("after the end: %q", text)
		}
		reader.Wait()
	})
}
