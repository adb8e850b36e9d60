package fake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What can be wrong with a picture is said, and what to do.
func TestDrawErrors(t *testing.T) {
	c := fake.RunT(t)
	full := errors.New("disk full")
	for _, test := range []struct {
		rule    string
		w       failing
		options []fake.DrawOption
		want    string
	}{
		{"a table has two sides", failing{}, []fake.DrawOption{fake.DrawByLabel("a", "b", "c")}, "draw cluster: by labels a, b, c: give two keys at most"},
		{"a namespace must be there", failing{}, []fake.DrawOption{fake.DrawNamespace("nowhere")},
			`draw cluster: namespaces "nowhere" not found: create it, or leave DrawNamespace out`},
		{"the writer's error is passed on", failing{full}, nil, "draw cluster: disk full"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			err := c.Draw(test.w, test.options...)
			if got := fmt.Sprint(err); got != test.want {
				t.Errorf("error = %q, want %q", got, test.want)
			}
			if test.w.err != nil && !errors.Is(err, test.w.err) {
				t.Errorf("%v does not wrap %v", err, test.w.err)
			}
		})
	}
}

// failing is a writer that fails.
type failing struct{ err error }

func (f failing) Write(p []byte) (int, error) { return len(p), f.err }

// shows holds a picture to what its description says, and does not say.
func shows(t *testing.T, picture []byte, wants []string, not ...string) {
	t.Helper()
	_, rest, _ := strings.Cut(string(picture), "<desc>")
	description, _, _ := strings.Cut(rest, "</desc>")
	for _, want := range wants {
		if !strings.Contains(description, want) {
			t.Errorf("the picture does not say %q:\n%s", want, description)
		}
	}
	for _, other := range not {
		if strings.Contains(description, other) {
			t.Errorf("the picture says %q:\n%s", other, description)
		}
	}
}

func TestDrawNamespace(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.UnknownImages(fake.Pause))
		create(t, c, builders.Namespace("other").MustBuild())
		run(t, c, builders.Pod("a").Label("app", "x").Containers(idle("main")))
		run(t, c, builders.Pod("b").Namespace("other").Label("app", "x").Containers(idle("main")))
		create(t, c, builders.Service("s").Selector("app", "x").Ports(builders.ServicePort(80)).MustBuild())
		shows(t, drawn(t, c), []string{"pod a, Running", "pod other/b, Running", "service s leads to default/a."})
		shows(t, drawn(t, c, fake.DrawNamespace("other")), []string{"pod b, Running"}, "pod a", "service s")
	})
}

// A port-forward is in the picture while it is open; who opens one without a local port is "a client".
func TestDrawForwards(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		c.HandleFunc("heejeong/crane", crane)
		pod := builders.Pod("crane").TerminationGracePeriodSeconds(1).Containers(idle("crane")).MustBuild()
		if err := c.Client().Run(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		untilUp(t.Context(), t, c.Client(), pod)
		shows(t, drawn(t, c), nil, "port-forward")

		local := forward(t, c, "crane", "8888:8080", "9999:7070")
		other := forward(t, c, "crane")
		shows(t, drawn(t, c), []string{"port-forward from localhost:8888 leads to default/crane.", "port-forward from localhost:9999"}, "a client")
		shows(t, drawn(t, c, fake.DrawNamespace("kube-system")), nil, "port-forward")

		if err := local.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		shows(t, drawn(t, c), []string{"port-forward from a client leads to default/crane."}, "localhost")

		conn, err := other.DialContext(t.Context(), "tcp", "crane:7070")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		synctest.Wait()
		if want := "7070 from a client"; !strings.Contains(string(drawn(t, c)), want) {
			t.Errorf("the picture does not show %q", want)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		shows(t, drawn(t, c), []string{"pod crane"}, "port-forward")
	})
}

// A pod that is being deleted is Terminating; one without a node is on none; a closed cluster is what it was.
func TestDrawStates(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.UnknownImages(fake.Pause))
		pod := builders.Pod("leaving").Finalizers("example.com/hold").TerminationGracePeriodSeconds(1).Containers(idle("main")).MustBuild()
		if err := c.Client().Run(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		create(t, c, builders.Pod("greedy").Containers(idle("main").Request(corev1.ResourceCPU, "64")).MustBuild())
		if err := c.Client().Delete(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		states := []string{"pod leaving, Terminating", "pod greedy, Pending, on no node"}
		shows(t, drawn(t, c), states)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		shows(t, drawn(t, c), states)
	})
}

// Of a node with more pods than anybody can read some are drawn, and its header says so.
func TestDrawMany(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly())
	for i := range 30 {
		create(t, c, builders.Pod(fmt.Sprintf("pod-%02d", i)).Containers(idle("main")).MustBuild())
	}
	picture := drawn(t, c)
	shows(t, picture, []string{"pod pod-00", "pod pod-23"}, "pod pod-24")
	if want := "Not scheduled (24 of 30 pods)"; !strings.Contains(string(picture), want) {
		t.Errorf("the picture does not show %q", want)
	}
}

// Pods whose node was deleted are not forgotten.
func TestDrawWithoutNode(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly())
	create(t, c, builders.Pod("lost").NodeName("gone").Containers(idle("main")).MustBuild())
	picture := drawn(t, c)
	shows(t, picture, []string{"pod lost"})
	if want := "gone, no such node"; !strings.Contains(string(picture), want) {
		t.Errorf("the picture does not show %q", want)
	}
}

// The line of a port-forward follows it to the pod that takes the place of a lost one.
func TestDrawForwardThatHeals(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		c.HandleFunc("heejeong/crane", crane)
		client, rc := c.Client(), craneController()
		if err := client.Run(t.Context(), rc); err != nil {
			t.Fatal(err)
		}
		f, err := client.PortForward(t.Context(), rc, "8888:8080")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lost := f.Pod()
		if err := client.Delete(t.Context(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: lost}}); err != nil {
			t.Fatal(err)
		}
		second := time.NewTicker(time.Second) // of the bubble: it takes no time
		defer second.Stop()
		for range 300 {
			if f.Pod() != lost {
				break
			}
			<-second.C
		}
		synctest.Wait()
		shows(t, drawn(t, c), []string{"port-forward from localhost:8888 leads to default/" + f.Pod()}, "leads to default/"+lost)
	})
}
