package fake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

func crash() { panic("oh no") }

// Programs as they should not be, and what becomes of their containers. Each has five seconds, and two more to stop.
func TestFaultyPrograms(t *testing.T) {
	const aThousand = 1000
	for _, test := range []struct {
		rule    string
		program func(t *testing.T) fake.ProgramFunc
		code    int32
		log     string // a pattern
	}{
		{"a panic is exit code 2, with its trace in the log", func(*testing.T) fake.ProgramFunc {
			return func(context.Context, *fake.Process) error {
				crash()
				return nil
			}
		}, 2, `^panic: oh no\n\ngoroutine \d+ .*\n.*fake_test\.crash\(`},
		{"so is one in a goroutine that Process.Go starts, whatever Run does", func(*testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				p.Go(crash)
				<-p.Ended()
				return nil
			}
		}, 2, `^panic: oh no\n\ngoroutine \d+ .*\n.*fake_test\.crash\(`},
		{"a thousand goroutines that panic are one end", func(*testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				for range aThousand {
					p.Go(crash)
				}
				<-p.Ended()
				return nil
			}
		}, 2, `^panic: oh no\n`},
		{"one in another process ends that one", func(*testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				child := p.Start(fake.ProgramFunc(func(_ context.Context, p *fake.Process) error {
					p.Go(crash)
					<-p.Ended()
					return nil
				}), fake.Child{})
				return fake.Exit(40 + child.Wait())
			}
		}, 42, `^panic: oh no\n`},
		{"runtime.Goexit is exit code 2, and the log says what to do", func(*testing.T) fake.ProgramFunc {
			return func(context.Context, *fake.Process) error {
				runtime.Goexit()
				return nil
			}
		}, 2, `^the program called runtime.Goexit, .* a program returns an error instead\n$`},
		{"in a goroutine that Process.Go starts it ends that goroutine", func(*testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				var other sync.WaitGroup
				other.Add(1)
				p.Go(func() {
					defer other.Done()
					runtime.Goexit()
				})
				other.Wait()
				return fake.Exit(3)
			}
		}, 3, `^$`},
		{"who ignores SIGTERM is killed when time is over", func(*testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				<-p.Ended()
				return nil
			}
		}, 137, `^$`},
		{"who catches all signals hears of SIGTERM, and never of SIGKILL", func(t *testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				caught := p.Signals()
				<-p.Ended()
				if s := <-caught; s != syscall.SIGTERM || len(caught) > 0 {
					t.Errorf("caught %v and %d more signals, want SIGTERM only", s, len(caught))
				}
				return nil
			}
		}, 137, `^$`},
		{"the outputs cannot be closed, but left", func(t *testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				if _, can := p.Stdout.(io.Closer); can {
					t.Error("standard output can be closed")
				}
				p.Stdout = nil
				fmt.Fprintln(p.Stderr, "still here")
				return nil
			}
		}, 0, `^still here\n$`},
		{"a thousand goroutines end with their process", func(*testing.T) fake.ProgramFunc {
			return func(ctx context.Context, p *fake.Process) error {
				var begun sync.WaitGroup
				begun.Add(aThousand)
				for range aThousand {
					p.Go(func() {
						fmt.Fprintln(p.Stdout, "here")
						begun.Done()
						<-ctx.Done()
						fmt.Fprintln(p.Stdout, "too late")
					})
				}
				begun.Wait()
				return fake.Exit(4)
			}
		}, 4, `^(here\n){1000}$`},
		{"what comes after the end fails, and says who has ended", func(t *testing.T) fake.ProgramFunc {
			return func(_ context.Context, p *fake.Process) error {
				var reader io.Reader = p.Stdin
				context.AfterFunc(endOf(p), func() {
					_, err := fmt.Fprintln(p.Stdout, "late")
					wantGone(t, "write output of default/p/a: the container has ended", err)
					_, err = reader.Read(make([]byte, 1))
					wantGone(t, "read input of default/p/a: the container has ended", err)
					p.Go(func() { t.Error("a goroutine begins after the end") })
					if code := p.Start(fake.Pause, fake.Child{}).Wait(); code != 137 {
						t.Errorf("a process that begins after the end: exit code %d", code)
					}
				})
				return fake.Exit(5)
			}
		}, 5, `^$`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) {
				c := fake.RunT(t)
				c.Handle("faulty", test.program(t))
				pod := podOf("p", corev1.RestartPolicyNever, "faulty")
				pod.Spec.ActiveDeadlineSeconds, pod.Spec.TerminationGracePeriodSeconds = new(int64(5)), new(int64(2))
				if err := c.Client().Create(t.Context(), pod); err != nil {
					t.Fatal(err)
				}
				<-time.After(10 * time.Second)
				synctest.Wait()
				if err := c.Client().Get(t.Context(), "p", pod); err != nil {
					t.Fatal(err)
				}
				if got := pod.Status.ContainerStatuses[0].State.Terminated; got == nil || got.ExitCode != test.code {
					t.Errorf("state = %+v, want exit code %d", got, test.code)
				}
				if got := logOf(t, c, "p", "a"); !regexp.MustCompile(test.log).MatchString(got) {
					t.Errorf("log = %.300q, want %s", got, test.log)
				}
			})
		})
	}
}

// endOf is a context that ends when a process has ended.
func endOf(p *fake.Process) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-p.Ended()
		cancel()
	}()
	return ctx
}

func wantGone(t *testing.T, want string, err error) {
	t.Helper()
	if !errors.Is(err, fs.ErrClosed) || !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("got the error %q, want %s", err, want)
	}
}

// Programs that are alive when the cluster closes. Whether they return or not, Close does.
func TestProgramsAtTheEnd(t *testing.T) {
	for _, test := range []struct {
		rule    string
		program func(c *fake.Cluster, release <-chan struct{}) fake.ProgramFunc
		want    string // a pattern for the error of Close
	}{
		{"who returns when he is told to is not named", func(*fake.Cluster, <-chan struct{}) fake.ProgramFunc {
			return func(ctx context.Context, _ *fake.Process) error {
				<-ctx.Done()
				return nil
			}
		}, `^<nil>$`},
		{"who never returns is named, and where he is", func(_ *fake.Cluster, release <-chan struct{}) fake.ProgramFunc {
			return func(context.Context, *fake.Process) error {
				neverReturn(release)
				return nil
			}
		}, `did not return when they were killed: default/p/a: (?s).*\ndefault/p/a is here:\n\t.*fake_test\.neverReturn\n\t\t.*faults_programs_test\.go:\d+\n`},
		{"so is who leaves a goroutine of Process.Go behind", func(_ *fake.Cluster, release <-chan struct{}) fake.ProgramFunc {
			return func(ctx context.Context, p *fake.Process) error {
				p.Go(func() { neverReturn(release) })
				<-ctx.Done()
				return nil
			}
		}, `default/p/a is here:\n\t.*fake_test\.neverReturn\n`},
		{"so is a process beside the container's own, by its command line", func(_ *fake.Cluster, release <-chan struct{}) fake.ProgramFunc {
			return func(ctx context.Context, p *fake.Process) error {
				p.Start(fake.ProgramFunc(func(context.Context, *fake.Process) error {
					neverReturn(release)
					return nil
				}), fake.Child{Args: []string{"worker", "-n", "1"}})
				<-ctx.Done()
				return nil
			}
		}, `killed: default/p/a \(worker -n 1\): (?s).*default/p/a \(worker -n 1\) is here:\n\t.*fake_test\.neverReturn\n`},
		{"who waits for Close in a program is seen to do so", func(c *fake.Cluster, _ <-chan struct{}) fake.ProgramFunc {
			return func(context.Context, *fake.Process) error { return c.Close() }
		}, `killed: default/p/a: (?s).*fake\.\(\*Cluster\)\.Close\n`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) {
				c, err := fake.Start()
				if err != nil {
					t.Fatal(err)
				}
				release := make(chan struct{})
				defer close(release)
				c.Handle("faulty", test.program(c, release))
				if err := c.Client().Create(t.Context(), podOf("p", "", "faulty")); err != nil {
					t.Log(err) // a program may have closed the cluster
				}
				synctest.Wait()
				first, second := c.Close(), c.Close()
				if got := fmt.Sprint(first); !regexp.MustCompile(test.want).MatchString(got) {
					t.Errorf("Close: %s\nwant %s", got, test.want)
				}
				if first != second {
					t.Errorf("the second Close: %v", second)
				}
			})
		})
	}
}

//go:noinline
func neverReturn(release <-chan struct{}) { <-release }

// What a program does after its test has ended fails, and does no harm.
func TestLogAfterTheEnd(t *testing.T) {
	var p *fake.Process
	t.Run("the test", func(t *testing.T) {
		begun := make(chan *fake.Process, 1)
		c := fake.RunT(t)
		c.HandleFunc("talks", func(ctx context.Context, p *fake.Process) error {
			begun <- p
			<-ctx.Done()
			return nil
		})
		if err := c.Client().Create(t.Context(), podOf("p", "", "talks")); err != nil {
			t.Fatal(err)
		}
		p = <-begun
	})
	_, err := fmt.Fprintln(p.Stdout, "after the end")
	wantGone(t, "write output of default/p/a: the container has ended", err)
	if _, err := p.Listen("tcp", ":80"); err == nil {
		t.Error("Listen works")
	}
	if _, err := p.DialContext(t.Context(), "tcp", "localhost:80"); err == nil {
		t.Error("DialContext works")
	}
	if _, err := p.FS().ReadFile("/etc/hostname"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("ReadFile: %v", err)
	}
	if err := p.Kill(1, syscall.SIGTERM); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("Kill: %v", err)
	}
	p.Go(func() { t.Error("a goroutine begins") })
	if code := p.Start(fake.Pause, fake.Child{}).Wait(); code != 137 {
		t.Errorf("a process that is started: exit code %d", code)
	}
	if got := p.Pod().Name; got != "p" {
		t.Errorf("Pod = %q", got)
	}
}

// What nobody can catch ends the test process, and its last words show the program. The test runs itself for that.
func TestWhatEndsTheTest(t *testing.T) {
	faults := map[string]fake.ProgramFunc{
		"go": func(ctx context.Context, _ *fake.Process) error {
			go crash()
			<-ctx.Done()
			return nil
		},
		"os.Exit": func(context.Context, *fake.Process) error {
			os.Exit(3)
			return nil
		},
	}
	const which = "PODWRIGHT_FAULT"
	if program, ok := faults[os.Getenv(which)]; ok {
		c := fake.RunT(t)
		c.Handle("faulty", program)
		_ = c.Client().Run(t.Context(), podOf("p", "", "faulty"))
		<-t.Context().Done() // it does not come so far
		return
	}
	for name, want := range map[string]string{
		"go":      `(?s)panic: oh no\n.*fake_test\.crash.*created by .*fake_test\.TestWhatEndsTheTest\.func1`,
		"os.Exit": `exit status 3`,
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhatEndsTheTest$", "-test.timeout=60s")
			cmd.Env = append(os.Environ(), which+"="+name)
			out, err := cmd.CombinedOutput()
			if got := fmt.Sprintf("%s%v", out, err); err == nil || !regexp.MustCompile(want).MatchString(got) {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}
