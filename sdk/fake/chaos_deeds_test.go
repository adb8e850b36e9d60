package fake_test

import (
	"context"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
)

// deeds are what is done to containers, each as often as it stands here.
var deeds = []struct {
	name string
	do   func(s *storm, ctx context.Context)
}{
	{"run out of memory", (*storm).oom},
	{"exit", (*storm).exit},
	{"exit", (*storm).exit},
	{"panic", (*storm).panic},
	{"Goexit", (*storm).goexit},
	{"killed by a command", (*storm).killByCommand},
	{"killed by a process", (*storm).killByProcess},
	{"asked to end by a command", (*storm).terminateByCommand},
	{"fall sick", (*storm).fallSick},
	{"deleted", (*storm).delete},
	{"deleted", (*storm).delete},
	{"deleted", (*storm).delete},
	{"evicted", (*storm).evict},
	{"kubelet stopped", (*storm).stopKubelet},
	{"power off", (*storm).powerOff},
}

// kill does one deed after the other until time is over.
func (s *storm) kill(ctx context.Context, length time.Duration) {
	for end := time.Now().Add(length); time.Now().Before(end); {
		if s.book.pick(s.dice, nil) == nil {
			<-s.book.arrived
			continue
		}
		deed := deeds[s.dice.IntN(len(deeds))]
		s.book.count("deeds: "+deed.name, 1)
		deed.do(s, ctx)
		s.pause(ctx.Done())
	}
}

func (s *storm) oom(context.Context) {
	if r := s.book.pick(s.dice, nil); r != nil && s.c.OOMKill("default", r.pod.Name, r.container) == nil {
		s.book.explain(r, 137)
		<-r.p.Ended()
	}
}

// tell has a program end in some way.
func (s *storm) tell(code int32, how func() error) {
	if r := s.book.pick(s.dice, nil); r != nil {
		s.book.explain(r, code)
		r.told <- how
		<-r.p.Ended()
	}
}

func (s *storm) exit(context.Context) {
	code := s.dice.IntN(4)
	s.tell(int32(code), func() error { return fake.Exit(code) })
}

func (s *storm) panic(context.Context) { s.tell(2, func() error { panic("chaos") }) }

func (s *storm) goexit(context.Context) {
	s.tell(2, func() error {
		runtime.Goexit()
		return nil
	})
}

func shares(r *life) bool { return *r.pod.Spec.ShareProcessNamespace }

func (s *storm) killByCommand(ctx context.Context) {
	if r := s.book.pick(s.dice, shares); r != nil {
		s.command(ctx, r, 137, syscall.SIGKILL)
	}
}

func (s *storm) terminateByCommand(ctx context.Context) {
	if r := s.book.pick(s.dice, nil); r != nil {
		s.command(ctx, r, 143, syscall.SIGTERM)
	}
}

func (s *storm) command(ctx context.Context, r *life, code int32, sig syscall.Signal) {
	s.book.explain(r, code)
	err := s.client.Exec(ctx, sdk.PodNamed(r.pod.Name), sdk.ExecOptions{
		Container: r.container, Command: []string{"kill", strconv.Itoa(int(sig)), strconv.Itoa(r.p.PID())},
	})
	if err == nil {
		<-r.p.Ended()
	}
}

// killByProcess kills one container of a pod from the other.
func (s *storm) killByProcess(context.Context) {
	killer := s.book.pick(s.dice, shares)
	if killer == nil {
		return
	}
	r := s.book.pick(s.dice, func(r *life) bool { return r.pod.UID == killer.pod.UID && r != killer })
	if r == nil {
		return
	}
	s.book.explain(r, 137)
	if killer.p.Kill(r.p.PID(), syscall.SIGKILL) == nil {
		<-r.p.Ended()
	}
}

// fallSick has a liveness probe fail.
func (s *storm) fallSick(context.Context) {
	if r := s.book.pick(s.dice, nil); r != nil {
		s.book.explain(r, 143)
		r.sick.Store(true)
		<-r.p.Ended()
	}
}

// delete deletes a pod with some grace, or with none at all.
func (s *storm) delete(ctx context.Context) {
	r := s.book.pick(s.dice, nil)
	if r == nil {
		return
	}
	s.book.doom(r.pod.UID, 143, 137)
	grace := []time.Duration{0, time.Second, 30 * time.Second}[s.dice.IntN(3)]
	if grace == 0 {
		s.book.force(r.pod.UID)
	}
	_ = s.client.Delete(ctx, r.pod, sdk.Grace(grace), sdk.IgnoreNotFound())
}

func (s *storm) evict(context.Context) {
	if r := s.book.pick(s.dice, nil); r != nil {
		s.book.doom(r.pod.UID, 143, 137)
		_ = s.c.EvictForPressure("default", r.pod.Name, corev1.ResourceMemory)
	}
}

func (s *storm) node() *fake.Node {
	return s.c.Node([]string{"minikube", second, "minikube-m03"}[s.dice.IntN(3)])
}

func (s *storm) stopKubelet(ctx context.Context) {
	node := s.node()
	s.must(node.StopKubelet())
	s.breathe(ctx)
	s.must(node.Start())
}

// powerOff takes the power of a node away for a while, and with it all that runs there.
func (s *storm) powerOff(ctx context.Context) {
	node := s.node()
	s.must(node.PowerOff())
	for _, pod := range s.pods(ctx) {
		if pod.Spec.NodeName == node.Name() {
			s.book.doom(pod.UID, 255)
		}
	}
	s.breathe(ctx)
	s.must(node.Start())
}

// breathe waits for some time, after which clients that try again have not given up yet.
func (s *storm) breathe(ctx context.Context) {
	timer := time.NewTimer(time.Duration(s.dice.Int64N(int64(min(10*s.tick, 30*time.Second)))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
