package fake

import "testing"

// RunT starts a cluster for a test and closes it at the test's end, which fails the test if a program has not returned
// (see [AllowStrays]). It fails the test at once if an option is wrong. Any number of clusters may run in parallel:
// they share nothing.
func RunT(tb testing.TB, opts ...Option) *Cluster {
	tb.Helper()
	c, err := Start(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}
