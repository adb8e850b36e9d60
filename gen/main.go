package gen

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
)

const usage = `Usage: podwright <verb> [flags] [arguments]

  types      aliases, facts and merge schema of an API
  builders   typed builders of an API's types
  selectors  typed labels and matchers of a vocabulary of labels
  manifest   descriptors in YAML or JSON as Go code that builds them

Run podwright <verb> -h for the flags of a verb.
`

// Main is the command podwright: it runs a verb and returns the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		fmt.Fprint(stderr, usage)
		return 2
	}
	v, ok := verbs[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "podwright: there is no verb %q\n\n%s", args[0], usage)
		return 2
	}
	c := &call{verb: args[0], stdin: stdin, stdout: stdout, stderr: stderr}
	c.flags = flag.NewFlagSet("podwright "+args[0], flag.ContinueOnError)
	c.flags.SetOutput(stderr)
	c.flags.StringVar(&c.config, "config", "", "read the configuration `file`")
	c.flags.BoolVar(&c.check, "check", false, "write nothing; print how files differ from what would be generated, and exit with 1 if any does")
	err := v(c, args[1:])
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "podwright %s: %v\n", c.verb, err)
		return 2
	case errors.Is(err, errStale):
	default:
		fmt.Fprintf(stderr, "podwright %s: %v\n", c.verb, err)
	}
	return 1
}

// call is one run of the command.
type call struct {
	verb           string
	flags          *flag.FlagSet
	config         string
	check          bool
	stdin          io.Reader
	stdout, stderr io.Writer
}

// verbs are what the command can do.
var verbs map[string]func(c *call, args []string) error

func init() {
	verbs = map[string]func(c *call, args []string) error{
		"types":     (*call).generate,
		"manifest":  (*call).manifest,
		"selectors": (*call).selectors,
		"builders":  (*call).generate,
	}
}

// usageError is a mistake of the caller's.
type usageError struct{ error }

var errStale = errors.New("stale")

func (c *call) parse(args []string) error {
	if err := c.flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{err}
	}
	return nil
}

// generate is the verbs types and builders.
func (c *call) generate(args []string) error {
	model := c.flags.Bool("model", false, "print the model of the builders as JSON, and write nothing")
	if err := c.parse(args); err != nil {
		return err
	}
	if c.config == "" || c.flags.NArg() > 0 {
		return usageError{errors.New("name the configuration, and nothing else: -config podwright.yaml")}
	}
	config, err := ReadConfig(c.config)
	if err != nil {
		return err
	}
	if *model {
		text, err := ModelJSON(config)
		if err == nil {
			_, err = fmt.Fprintf(c.stdout, "%s\n", text)
		}
		return err
	}
	files, notes, err := Generate(config, c.verb)
	for _, n := range notes {
		fmt.Fprintf(c.stderr, "note: %s\n", n)
	}
	if err != nil {
		return err
	}
	return c.finish(files)
}

// finish writes files, or compares them.
func (c *call) finish(files []gocode.File) error {
	if !c.check {
		return gocode.Write(files)
	}
	changes, err := gocode.Compare(files)
	if err != nil || len(changes) == 0 {
		return err
	}
	fmt.Fprintf(c.stdout, "%s", changes)
	fmt.Fprintf(c.stderr, "podwright %s: generated files are stale: run go generate ./...\n", c.verb)
	return errStale
}
