package sdk_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestRun(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("POST /api/v1/namespaces/default/pods", object(pod("app", "1")))
		script(s, []http.HandlerFunc{object(pods("7", "", pod("app", "1")))}, []http.HandlerFunc{parts(event("MODIFIED", pod("app", "8", ready)), "hang")})
		obj := &corev1.Pod{}
		obj.Name = "app"
		ok(t, c.Run(t.Context(), obj))
		equal(t, "object", pod("app", "8", ready), obj)
	})
}

func TestRunRefusesWhatIsNeverReady(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		cm := &corev1.ConfigMap{}
		cm.Name = "settings"
		says(t, c.Run(t.Context(), cm), "run ConfigMap settings: ")
		equal(t, "requests", []string(nil), s.lines())
	})
}

// unready keeps a pod from being ready for the moment before its program ends.
func unready(p *corev1.Pod) {
	main(p).ReadinessProbe = probing("/")
	main(p).ReadinessProbe.InitialDelaySeconds = 7200
}

func TestRunFails(t *testing.T) {
	tests := []struct {
		name    string
		options []fake.Option
		obj     sdk.Object
		is      error
		after   time.Duration // an hour if nothing ends it before
		says    []string
	}{
		{"a pod that is not restarted fails at once", nil, faulty("exit", command("exit", "3"), never, unready), sdk.ErrEnded, 0, []string{
			"run Pod default/app: waiting until it is ready: the pod has ended\nPod default/app has failed: container main has ended, and should not have: it ended with exit code 3",
			"\n    app main | cannot open the warehouse"}},
		{"one that has done its work is not ready", nil, faulty("exit", command("exit", "0"), never, unready), sdk.ErrEnded, 0, []string{"wait for phase Succeeded"}},
		{"a wrong image name is hopeless", nil, faulty("Crane"), sdk.ErrHopeless, 0, []string{"it can never become ready as it is: container main: InvalidImageName"}},
		{"so it is in the pods of a controller", nil, cranes(3, "Crane"), sdk.ErrHopeless, 0, []string{"run ReplicationController default/crane: ", "InvalidImageName"}},
		{"an image that is not there may come", nil, faulty("nowhere/crane"), context.DeadlineExceeded, time.Hour, []string{"context deadline exceeded", "cannot be pulled (tried"}},
		{"a crash may be over", nil, faulty("exit", command("exit", "3"), unready), context.DeadlineExceeded, time.Hour, []string{"crashes again and again"}},
		{"a node may come", []fake.Option{fake.Nodes(0)}, faulty("pause"), context.DeadlineExceeded, time.Hour, []string{"there is no node"}},
		{"pods of a controller may heal", nil, cranes(2, "exit", command("exit", "3"), unready), context.DeadlineExceeded, time.Hour, []string{"has 0 of 2 pods ready"}},
		{"a client that may not see pods waits on", []fake.Option{fake.Forbid(fake.Rule{Verbs: []string{"watch", "list"}, Resources: []string{"pods"}})}, cranes(1, "Crane"), context.DeadlineExceeded, time.Hour,
			[]string{"has 0 of 1 pods ready: Pod default/* could not be read: pods is forbidden"}},
		{"a Service without pods", nil, cranesAt(intstr.FromInt32(8080), map[string]string{"app": "crane"}), context.DeadlineExceeded, time.Hour, []string{"run Service default/crane", "there are none in default"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onLate(t, func(t *testing.T, c *sdk.Client) {
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				err := c.Run(ctx, tt.obj)
				if !errors.Is(err, tt.is) {
					t.Errorf("error %v is not %v", err, tt.is)
				}
				says(t, err, tt.says...)
				if took := time.Since(begun); took < tt.after || took > tt.after+10*time.Second {
					t.Errorf("took %v, want about %v", took, tt.after)
				}
				var failed *sdk.RunError
				if !errors.As(err, &failed) || failed.Diagnosis == nil || len(failed.Diagnosis.Findings) == 0 {
					t.Fatalf("error %v has no diagnosis", err)
				}
			}, tt.options...)
		})
	}
}

// The error of Run has what there is to know about a pod.
func TestRunErrorHoldsStatesEventsAndLogs(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		var failed *sdk.RunError
		if err := c.Run(t.Context(), faulty("exit", command("exit", "3"), never, unready)); !errors.As(err, &failed) {
			t.Fatalf("error %v is no RunError", err)
		}
		report := failed.Diagnosis.Pods[0]
		equal(t, "phase", corev1.PodFailed, report.Pod.Status.Phase)
		equal(t, "exit code", int32(3), report.Pod.Status.ContainerStatuses[0].State.Terminated.ExitCode)
		var reasons []string
		for _, e := range report.Events {
			reasons = append(reasons, e.Reason)
		}
		equal(t, "events", []string{"Created", "Pulled", "Pulling", "Scheduled", "Started"}, slices.Sorted(slices.Values(reasons)))
		equal(t, "logs", []sdk.LogTail{{Container: "main", Lines: []string{"begun", "cannot open the warehouse"}}}, report.Logs)
		equal(t, "fatal", true, failed.Diagnosis.Fatal())
		equal(t, "healthy", false, failed.Diagnosis.Healthy())
		equal(t, "finding", "main", failed.Diagnosis.Find(sdk.FindingExited).Subject.Container)
		if failed.Diagnosis.Find(sdk.FindingOOMKilled) != nil {
			t.Error("found what is not there")
		}
	})
}

// What is deleted while Run waits for it will not be ready.
func TestRunOfWhatIsDeleted(t *testing.T) {
	for name, row := range map[string]struct {
		grace time.Duration
		is    error
	}{"it is gone": {0, sdk.ErrDeleted}, "it has begun to end": {time.Minute, sdk.ErrDeleted}} {
		t.Run(name, func(t *testing.T) {
			onLate(t, func(t *testing.T, c *sdk.Client) {
				pod := faulty("web", func(p *corev1.Pod) { main(p).ReadinessProbe = probing("/healthz") })
				time.AfterFunc(time.Minute, func() { c.Delete(context.Background(), faulty(""), sdk.Grace(row.grace)) })
				err := c.Run(t.Context(), pod)
				if !errors.Is(err, row.is) {
					t.Errorf("error %v is not %v", err, row.is)
				}
			})
		})
	}
}

func TestRunDry(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Run(t.Context(), faulty("pause"), sdk.DryRun()))
		if err := c.Get(t.Context(), "app", &corev1.Pod{}); !apierrors.IsNotFound(err) {
			t.Errorf("the pod was created: %v", err)
		}
	})
}

// A cluster that cannot be asked any more leaves the wait's own words.
func TestRunErrorWithoutDiagnosis(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("POST /api/v1/namespaces/default/pods", object(pod("app", "1")))
		s.on("GET /api/v1/namespaces/default/pods/app", status(apierrors.NewForbidden(schemaResource("pods"), "app", nil)))
		script(s, []http.HandlerFunc{object(pods("7", "", pod("app", "1", phase(corev1.PodPending))))}, []http.HandlerFunc{parts("hang")})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := c.Run(ctx, pod("app", ""))
		says(t, err, "run Pod default/app: wait Pod default/app for ready: context deadline exceeded; last seen: phase Pending")
		var failed *sdk.RunError
		if !errors.As(err, &failed) || failed.Diagnosis != nil {
			t.Errorf("error %v, want a RunError without diagnosis", err)
		}
	})
}
