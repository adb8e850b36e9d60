package fake_test

import (
	"context"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// BenchmarkFirstLog is the life of a small test: start a cluster, create the chapter's ReplicationController, wait
// until its pod runs, read the first line of its log, close.
func BenchmarkFirstLog(b *testing.B) {
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		c, err := fake.Start()
		if err != nil {
			b.Fatal(err)
		}
		c.HandleFunc("heejeong/crane", crane)
		firstLog(ctx, b, c)
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func firstLog(ctx context.Context, tb testing.TB, c *fake.Cluster) {
	tb.Helper()
	rc := craneController()
	if err := c.Client().Run(ctx, rc); err != nil {
		tb.Fatal(err)
	}
	untilUp(ctx, tb, c.Client(), rc)
}

// BenchmarkStart is a cluster that is started and closed.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := fake.Start()
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
