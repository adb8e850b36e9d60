package main

import (
	"bytes"
	"context"
	"time"

	"github.com/podwright/podwright/sdk/fake"
)

// drawing is a file that holds a picture of a cluster.
type drawing struct {
	cluster *fake.Cluster
	file    string
	last    []byte
}

// draw keeps a picture of a cluster in a file, unless that is "", until ctx ends. It returns once there is one, and says on the channel
// how it has ended.
func draw(ctx context.Context, c *fake.Cluster, file string) (<-chan error, error) {
	ended := make(chan error, 1)
	if file == "" {
		ended <- nil
		return ended, nil
	}
	d := &drawing{cluster: c, file: file}
	if err := d.update(); err != nil {
		return nil, err
	}
	go func() { ended <- d.keep(ctx) }()
	return ended, nil
}

// update writes the file if the cluster looks otherwise than the last time.
func (d *drawing) update() error {
	var picture bytes.Buffer
	if err := d.cluster.Draw(&picture); err != nil {
		return err
	}
	if bytes.Equal(picture.Bytes(), d.last) {
		return nil
	}
	d.last = picture.Bytes()
	return writeFile(d.file, d.last)
}

// keep updates the file once a second until ctx ends. It ends at the first error.
func (d *drawing) keep(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := d.update(); err != nil {
				return err
			}
		}
	}
}
