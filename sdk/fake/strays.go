package fake

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/pprof"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
)

// ErrStray is in the error of [Cluster.Close] when programs have not returned.
var ErrStray = errors.New("programs did not return when they were killed")

// strays is the error about programs that are still running: it names them and says where they are.
func (c *Cluster) strays() error {
	names := c.kubelet.Strays()
	if len(names) == 0 || c.options.strays {
		return nil
	}
	return fmt.Errorf("close cluster: %w: %s: a Program must return when its context ends (fake.AllowStrays tolerates it)%s",
		ErrStray, strings.Join(names, ", "), c.stacks(names))
}

// stacks shows the goroutines of programs, those that they have started included.
func (c *Cluster) stacks(names []string) string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return ""
	}
	var b strings.Builder
	all := strings.Split(profile.String(), "\n\n")
	for _, name := range names {
		for _, text := range all {
			if hasLabel(text, goroutineLabel, c.number) && hasLabel(text, kubelet.ProgramLabel, name) {
				b.WriteString("\n" + name + " is here:\n" + stack(text))
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// hasLabel says whether a record of a goroutine profile, with debug=1, bears a label:
//
//	1 @ 0x47ce0e 0x4a8f2f
//	# labels: {"podwright-cluster":"1", "podwright-program":"default/p/a"}
//	#	0x4a8f2e	main.main+0x3e	/home/me/main.go:12
func hasLabel(record, key, value string) bool {
	_, rest, _ := strings.Cut(record, "\n# labels: {")
	labels, _, _ := strings.Cut(rest, "\n")
	return strings.Contains(", "+labels, ", "+strconv.Quote(key)+":"+strconv.Quote(value))
}

// stack shows a record as a panic does: each function, and below it its place. Frames of this package that only call the program are left
// out.
func stack(record string) string {
	var b strings.Builder
	for frame := range strings.Lines(record) {
		columns := strings.Fields(frame)
		if len(columns) < 4 || columns[0] != "#" || columns[1] == "labels:" {
			continue
		}
		function, _, _ := strings.Cut(columns[2], "+0x")
		if strings.Contains(function, "/sdk/fake.ProgramFunc.Run") || strings.Contains(function, "/sdk/fake/internal/kubelet.") {
			break
		}
		b.WriteString("\t" + function + "\n\t\t" + strings.Join(columns[3:], " ") + "\n")
	}
	return b.String()
}
