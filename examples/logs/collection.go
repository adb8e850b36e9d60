package main

import (
	"context"

	"github.com/podwright/podwright/sdk"
)

// collection is a sdk.Client.Collect that goes on beside the tour.
type collection struct {
	cancel context.CancelFunc
	done   chan struct{}
	report *sdk.LogReport
	err    error
}

// collect follows the logs of target from now on.
func collect(ctx context.Context, client *sdk.Client, target sdk.Target, sink sdk.LogSink) *collection {
	ctx, cancel := context.WithCancel(ctx)
	c := &collection{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.report, c.err = client.Collect(ctx, target, sink, sdk.LogOptions{Follow: true})
	}()
	return c
}

// end ends it, and returns its report.
func (c *collection) end() (*sdk.LogReport, error) {
	c.cancel()
	return c.wait()
}

// wait returns its report when it has ended by itself.
func (c *collection) wait() (*sdk.LogReport, error) {
	<-c.done
	return c.report, c.err
}
