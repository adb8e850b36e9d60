package conformance

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// asKubectl makes the test binary be kubectl: it exits, caches and reads the environment as a process of its own does.
const asKubectl = "PODWRIGHT_AS_KUBECTL"

func TestMain(m *testing.M) {
	if os.Getenv(asKubectl) == "" {
		os.Exit(m.Run())
	}
	_, _ = logs.GlogSetter(cmd.GetLogVerbosity(os.Args)) // before flags are parsed, as kubectl's own main does
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}

// patience is how long one kubectl may take.
const patience = time.Minute

// cluster is a served cluster and a home directory for the kubectls that use it.
type cluster struct {
	*fake.Cluster
	t    *testing.T
	home string
}

func serve(t *testing.T, opts ...fake.Option) *cluster {
	t.Helper()
	c := &cluster{fake.RunT(t, opts...), t, t.TempDir()}
	c.HandleFunc("heejeong/crane", crane)
	e, err := c.Serve(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.file("kubeconfig"), e.Kubeconfig(), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cluster) file(name string) string { return filepath.Join(c.home, name) }

// write puts text into a file of the home directory and returns its path.
func (c *cluster) write(name, text string) string {
	c.t.Helper()
	if err := os.WriteFile(c.file(name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return c.file(name)
}

// command is a kubectl that has not started.
func (c *cluster) command(ctx context.Context, args ...string) *exec.Cmd {
	k := exec.CommandContext(ctx, os.Args[0], args...)
	k.Env = []string{asKubectl + "=1", "HOME=" + c.home, "KUBECONFIG=" + c.file("kubeconfig"), "PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	return k
}

// result is what a kubectl did.
type result struct {
	stdout, stderr string
	code           int
}

// raceNotice is what a kubectl says that was built with -race.
var raceNotice = regexp.MustCompile(`(?m)^I.* Data race detection enabled\r?\n`)

// try runs kubectl to its end, whatever that is.
func (c *cluster) try(args ...string) result {
	c.t.Helper()
	return c.tryIn(nil, args...)
}

// tryIn is try in an environment with more variables than usual.
func (c *cluster) tryIn(env []string, args ...string) result {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	k := c.command(ctx, args...)
	k.Env = append(k.Env, env...)
	var out, errOut bytes.Buffer
	k.Stdout, k.Stderr = &out, &errOut
	err := k.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		c.t.Fatalf("kubectl %s: %v %v\n%s%s", strings.Join(args, " "), err, ctx.Err(), out.String(), errOut.String())
	}
	return result{out.String(), raceNotice.ReplaceAllString(errOut.String(), ""), k.ProcessState.ExitCode()}
}

// kubectl runs a kubectl that must succeed, and returns what it prints.
func (c *cluster) kubectl(args ...string) string {
	c.t.Helper()
	r := c.try(args...)
	if r.code != 0 {
		c.t.Fatalf("kubectl %s: exit code %d\n%s%s", strings.Join(args, " "), r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// refused runs a kubectl that must fail, and returns what it complains of.
func (c *cluster) refused(args ...string) string {
	c.t.Helper()
	r := c.try(args...)
	if r.code == 0 {
		c.t.Fatalf("kubectl %s succeeds:\n%s", strings.Join(args, " "), r.stdout)
	}
	return r.stderr
}

// start runs kubectl in the background until the test ends, and returns what it prints.
func (c *cluster) start(args ...string) io.Reader {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	k := c.command(ctx, args...)
	out, w := io.Pipe()
	k.Stdout, k.Stderr = w, w
	if err := k.Start(); err != nil {
		cancel()
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		_ = out.Close() // nobody reads any more
		cancel()
		_ = k.Wait() // killed: its error is ours
	})
	return out
}

// craneRuns creates the chapter's controller and returns its pod's name once it is ready.
func (c *cluster) craneRuns() string {
	c.t.Helper()
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	c.kubectl("wait", "--for=create", "pod", "-l", "app=crane", "--timeout=30s")
	c.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=crane", "--timeout=30s")
	return c.kubectl("get", "pods", "-l", "app=crane", "-o", "jsonpath={.items[0].metadata.name}")
}
