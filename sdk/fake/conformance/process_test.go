package conformance

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"
)

// process is a kubectl in the background whose end matters, unlike one that was started by start.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner // of both its outputs
	seen  strings.Builder
}

// line reads the next line, and answers false at the end.
func (p *process) line() bool {
	for p.lines.Scan() {
		if line := p.lines.Text() + "\n"; !raceNotice.MatchString(line) {
			p.seen.WriteString(line)
			return true
		}
	}
	return false
}

// spawn starts a kubectl, in an environment with more variables than usual. It must end before the test does.
func (c *cluster) spawn(env []string, args ...string) *process {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	k := c.command(ctx, args...)
	k.Env = append(k.Env, env...)
	out, err := k.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	k.Stderr = k.Stdout
	if err := k.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		cancel()
		_ = k.Wait() // says that it was killed, or that it was waited for
	})
	return &process{t: c.t, cmd: k, lines: bufio.NewScanner(out)}
}

// until reads up to the first line with all the texts in it, which it returns.
func (p *process) until(texts ...string) string {
	p.t.Helper()
next:
	for p.line() {
		for _, text := range texts {
			if !strings.Contains(p.lines.Text(), text) {
				continue next
			}
		}
		return p.lines.Text()
	}
	p.t.Fatalf("%v ended before it printed %q:\n%s", p.cmd.Args[1:], texts, p.seen.String())
	return ""
}

// rest reads to the end of the process, which must be a success, and returns what was not read before.
func (p *process) rest() string {
	p.t.Helper()
	before := p.seen.Len()
	for p.line() {
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("%v: %v\n%s", p.cmd.Args[1:], err, p.seen.String())
	}
	return p.seen.String()[before:]
}
