// Package steps is what the examples have in common: they go through titled steps, print what happens, and end.
package steps

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// patience is how long an example may take. It takes milliseconds.
const patience = time.Minute

// A Step is a title and what then happens. The steps of an example build on each other.
type Step struct {
	Title string
	Do    func() error
}

// Do returns a Step.
func Do(title string, do func() error) Step { return Step{title, do} }

// Main is the main function of an example: it runs it until it ends or is interrupted, and exits with 1 if it fails.
func Main(name string, run func(ctx context.Context, out io.Writer) error) {
	MainWithin(patience, name, run)
}

// MainWithin is Main for an example that may take longer, as it does on a cluster that has yet to pull its images.
func MainWithin(patience time.Duration, name string, run func(ctx context.Context, out io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Walk goes through the steps, each under its title, and ends at the first that fails.
func Walk(out io.Writer, steps []Step) error {
	for i, step := range steps {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "== %d. %s\n", i+1, step.Title)
		if err := step.Do(); err != nil {
			return fmt.Errorf("%s: %w", step.Title, err)
		}
	}
	return nil
}
