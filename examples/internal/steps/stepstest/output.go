// Package stepstest holds an example to what it printed before.
package stepstest

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Output fails the test unless the example prints testdata/output.txt, three times in a row.
func Output(t *testing.T, run func(ctx context.Context, out io.Writer) error) {
	t.Helper()
	want, err := os.ReadFile("testdata/output.txt")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		var out bytes.Buffer
		if err := run(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), out.String()); diff != "" {
			t.Fatalf("output (-want +got):\n%s", diff)
		}
	}
}
