package fake_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// member serves HTTP, writes numbered lines to both outputs and asks its like, until it is told how to end. It tidies nothing up: what it
// has started ends since everything of a process fails after its end.
func (s *storm) member(ctx context.Context, p *fake.Process) error {
	r := s.book.begin(p)
	s.programs.Go(func() { s.write(r, "out", p.Stdout) })
	s.programs.Go(func() { s.write(r, "err", p.Stderr) })
	if l, err := p.Listen("tcp", ":"+portOf(r.container)); err == nil {
		s.programs.Go(func() { _ = (&http.Server{Handler: s.handler(r)}).Serve(l) })
	} else if !r.ended() {
		s.book.note("%v: %v", r, err)
	}
	s.programs.Go(func() { s.ask(r) })
	select {
	case how := <-r.told:
		return how()
	case <-ctx.Done():
	}
	return fake.Exit(128 + int(syscall.SIGTERM))
}

// portOf is 8080 for container a, 8081 for b.
func portOf(container string) string { return strconv.Itoa(8080 + int(container[0]-'a')) }

func (s *storm) handler(r *life) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, req *http.Request) { _, _ = io.Copy(w, req.Body) })
	mux.HandleFunc("/ready", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/alive", func(w http.ResponseWriter, _ *http.Request) {
		if r.sick.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	return mux
}

// write writes lines until it cannot any more.
func (s *storm) write(r *life, output string, w io.Writer) {
	for n := 0; ; n++ {
		if _, err := io.WriteString(w, line(r.number, output, n)+"\n"); err != nil {
			<-r.p.Ended() // for no other reason may it fail
			s.book.done(r, output, n, err)
			return
		}
		if n%7 == 6 && !s.pause(r.p.Ended()) {
			continue // to the error
		}
	}
}

// pause waits for a moment, and says whether nothing has ended meanwhile.
func (s *storm) pause(ended <-chan struct{}) bool {
	timer := time.NewTimer(s.tick)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ended:
		return false
	}
}

// ask has a member ask others for an echo, through their service.
func (s *storm) ask(r *life) {
	client := &http.Client{Transport: &http.Transport{DialContext: r.p.DialContext}, Timeout: time.Minute}
	for n := 0; s.pause(r.p.Ended()); n++ {
		s.echo(client, "http://members.default.svc/echo", fmt.Sprintf("%v %d", r, n), "echoes in the cluster")
	}
}

// echo makes a request. An error is what a storm brings; an answer must be the right one.
func (s *storm) echo(client *http.Client, url, text, what string) {
	resp, err := client.Post(url, "text/plain", strings.NewReader(text))
	if err != nil {
		s.book.count(what+" that failed", 1)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		s.book.count(what+" that failed", 1)
	case resp.StatusCode != http.StatusOK || string(got) != text:
		s.book.note("%s: asked for %q and got %s %q", what, text, resp.Status, got)
	default:
		s.book.count(what, 1)
	}
}

// command is what is run in members beside their own program.
func command(_ context.Context, p *fake.Process) error {
	switch p.Args[0] {
	case "echo":
		_, err := fmt.Fprintln(p.Stdout, p.Args[1])
		return err
	case "kill":
		number, _ := strconv.Atoi(p.Args[1])
		pid, _ := strconv.Atoi(p.Args[2])
		return p.Kill(pid, syscall.Signal(number))
	}
	return fake.Exit(127)
}

// controller keeps pods of members: single containers, or pairs that share their processes.
func (s *storm) controller(name string, replicas int32, containers ...string) *corev1.ReplicationController {
	labels := map[string]string{"app": "member", "kind": name}
	pod := corev1.PodSpec{ShareProcessNamespace: new(len(containers) > 1)}
	for _, c := range containers {
		probe := func(path string) *corev1.Probe {
			return &corev1.Probe{
				ProbeHandler:  corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.Parse(portOf(c))}},
				PeriodSeconds: max(1, int32(s.tick/time.Second)), FailureThreshold: 1, TimeoutSeconds: 60,
			}
		}
		startup := probe("/ready")
		startup.FailureThreshold = 60
		pod.Containers = append(pod.Containers, corev1.Container{
			Name: c, Image: "member", StartupProbe: startup, LivenessProbe: probe("/alive"), ReadinessProbe: probe("/ready"),
		})
	}
	return &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.ReplicationControllerSpec{
			Replicas: &replicas, Selector: map[string]string{"kind": name},
			Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod},
		},
	}
}

// startLoad has clients use the cluster until the context ends.
func (s *storm) startLoad(ctx context.Context) {
	for i, target := range []sdk.Target{sdk.ControllerNamed("singles"), sdk.ServiceNamed("members")} {
		s.clients.Go(func() { s.forward(ctx, i, target) })
	}
	s.clients.Go(func() { s.execute(ctx) })
	s.clients.Go(func() { s.glance(ctx) })
}

// forward asks through a port-forward that heals.
func (s *storm) forward(ctx context.Context, i int, target sdk.Target) {
	f, err := s.client.Forward(ctx, target, sdk.ForwardOptions{Ports: []string{fmt.Sprintf("%d:8080", 9000+i)}, Patience: -1})
	if err != nil {
		s.book.note("forward: %v", err)
		return
	}
	defer func() { _ = f.Close() }()
	client := f.HTTPClient()
	client.Timeout = time.Minute
	for n := 0; s.pause(ctx.Done()); n++ {
		s.echo(client, "http://"+f.Addr()+"/echo", fmt.Sprintf("forward %d %d", i, n), "echoes through forwards")
	}
}

// execute runs commands in members.
func (s *storm) execute(ctx context.Context) {
	dice := rand.New(rand.NewPCG(s.seed, 1))
	for n := 0; s.pause(ctx.Done()); n++ {
		r := s.book.pick(dice, nil)
		if r == nil {
			continue
		}
		var out bytes.Buffer
		word := strconv.Itoa(n)
		err := s.client.Exec(ctx, sdk.PodNamed(r.pod.Name), sdk.ExecOptions{Container: r.container, Command: []string{"echo", word}, Stdout: &out})
		switch {
		case err != nil:
			s.book.count("commands that failed", 1)
		case out.String() != word+"\n":
			s.book.note("exec echo %s: %q", word, out.String())
		default:
			s.book.count("commands", 1)
		}
	}
}

// glance follows logs and leaves off in the middle.
func (s *storm) glance(ctx context.Context) {
	dice := rand.New(rand.NewPCG(s.seed, 2))
	for s.pause(ctx.Done()) {
		r := s.book.pick(dice, nil)
		if r == nil {
			continue
		}
		stream, err := s.client.LogStream(ctx, sdk.PodNamed(r.pod.Name), sdk.LogOptions{Container: r.container, Follow: true})
		if err != nil {
			s.book.count("logs that could not be read", 1)
			continue
		}
		_, _ = io.CopyN(io.Discard, stream, 100)
		_ = stream.Close()
		s.book.count("logs looked at", 1)
	}
}

// collector is what somebody gets who follows all logs.
type collector struct {
	s    *storm
	next map[string]int  // by run and output
	gaps map[string]bool // containers, of whose lines some may be missing
}

// Line wants lines in order and once, and none left out without a gap.
func (c *collector) Line(l sdk.LogLine) error {
	number, output, n, ok := parseLine(l.Text)
	if !ok {
		return nil
	}
	key, where := fmt.Sprint(number, output), l.Pod+"/"+l.Container
	want := c.next[key]
	if n < want || n > want && !c.gaps[where] {
		c.s.book.note("collected line %d of %s of run %d in %s after %d lines, gaps: %v", n, output, number, where, want, c.gaps[where])
	}
	if l.Text != line(number, output, n) {
		c.s.book.note("collected %.80q of %s", l.Text, where)
	}
	c.next[key] = n + 1
	return nil
}

// balance wants all lines that were written to have come, but where there were gaps, and those of pods that were deleted by force before any
// status told that they had begun.
func (c *collector) balance() {
	b := c.s.book
	for _, r := range b.lives {
		if _, told := b.restarts[r.id]; !told && b.forced[r.pod.UID] {
			continue
		}
		for output, wrote := range r.wrote {
			if got := c.next[fmt.Sprint(r.number, output)]; got != wrote && !c.gaps[r.pod.Name+"/"+r.container] {
				b.note("%v: %d lines of %s were written, and %d collected, without a gap (forced %v, restart %d, ends %v)", r, wrote, output, got,
					b.forced[r.pod.UID], b.restarts[r.id], b.ends[r.id])
			}
		}
	}
}

// Gap takes note.
func (c *collector) Gap(g *sdk.LogGap) error {
	c.gaps[g.Pod+"/"+g.Container] = true
	return nil
}

// collect follows the logs of all members until the context ends.
func (s *storm) collect(ctx context.Context) {
	c := s.collected
	report, err := s.client.Collect(ctx, sdk.SelectedText("app=member"), c, sdk.LogOptions{Follow: true, AllContainers: true})
	if err != nil {
		s.book.note("collect logs: %v", err)
	}
	for _, l := range report.Logs {
		s.book.count("lines collected", int(l.Lines))
	}
	s.book.count("gaps in what was collected", len(report.Gaps))
}
