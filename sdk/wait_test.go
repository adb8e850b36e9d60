package sdk_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types/selector"
)

func TestWaitUntil(t *testing.T) {
	replaced := pod("app", "9")
	replaced.UID = "another"
	tests := []struct {
		name   string
		until  sdk.Condition
		target sdk.Target
		list   *corev1.PodList
		events []string
	}{
		{"it is ready already", sdk.Ready(), sdk.PodNamed("app"), pods("7", "", pod("app", "1", ready)), nil},
		{"it becomes ready", sdk.Ready(), sdk.PodNamed("app"), pods("7", "", pod("app", "1")),
			[]string{event("MODIFIED", pod("app", "8", phase(corev1.PodRunning))), event("MODIFIED", pod("app", "9", ready))}},
		{"it is in one of two phases", sdk.Phase(corev1.PodSucceeded, corev1.PodFailed), sdk.PodNamed("app"), pods("7", "", pod("app", "1")),
			[]string{event("MODIFIED", pod("app", "8", phase(corev1.PodFailed)))}},
		{"a condition is true", sdk.PodCondition(corev1.PodReady), sdk.PodNamed("app"), pods("7", "", pod("app", "1", ready)), nil},
		{"it is deleted", sdk.Deleted(), sdk.PodNamed("app"), pods("7", "", pod("app", "1")), []string{event("DELETED", pod("app", "8"))}},
		{"it was deleted before", sdk.Deleted(), sdk.PodNamed("app"), pods("7", ""), nil},
		{"another has its name", sdk.Deleted(), pod("app", "1"), pods("7", "", replaced), nil},
		{"it exists", sdk.Exists(), sdk.PodNamed("app"), pods("7", ""), []string{event("ADDED", pod("app", "8"))}},
		{"a function says so", sdk.Func(func(o sdk.Object) (bool, error) { return o.GetResourceVersion() == "9", nil }), sdk.PodNamed("app"),
			pods("7", "", pod("app", "1")), []string{event("MODIFIED", pod("app", "8")), event("MODIFIED", pod("app", "9"))}},
		{"nothing", sdk.Condition{}, sdk.PodNamed("app"), pods("7", "", pod("app", "1")), nil},
		{"all of a selection are ready", sdk.Ready(), sdk.SelectedText("app"), pods("7", "", pod("a", "1", ready), pod("b", "2")),
			[]string{event("ADDED", pod("c", "8", ready)), event("MODIFIED", pod("b", "9", ready))}},
		{"all of a selector are ready", sdk.Ready(), sdk.Selected(selector.MustParse("app")), pods("7", "", pod("a", "1", ready)), nil},
		{"all that there are", sdk.Ready(), sdk.Selected(selector.All()), pods("7", "", pod("a", "1", ready)), nil},
		{"a selection has something at all", sdk.Ready(), sdk.SelectedText("app"), pods("7", ""), []string{event("ADDED", pod("c", "8", ready))}},
		{"a selection is gone", sdk.Deleted(), sdk.SelectedText("app"), pods("7", "", pod("a", "1"), pod("b", "2")),
			[]string{event("DELETED", pod("a", "8")), event("DELETED", pod("b", "9"))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				arrived := make(chan struct{}) // closed when the last event may be sent
				watch := func(w http.ResponseWriter, r *http.Request) {
					if len(tt.events) == 0 {
						parts("hang")(w, r)
						return
					}
					last := len(tt.events) - 1
					parts(tt.events[:last]...)(w, r)
					<-arrived
					parts(tt.events[last], "hang")(w, r)
				}
				script(s, []http.HandlerFunc{object(tt.list)}, []http.HandlerFunc{watch})
				begun := time.Now()
				if len(tt.events) > 0 {
					time.AfterFunc(time.Hour, func() { close(arrived) })
				}
				ok(t, c.Wait(t.Context(), tt.target, tt.until))
				if early := time.Since(begun) < time.Hour; early != (len(tt.events) == 0) {
					t.Errorf("waited %v, with %d events to come", time.Since(begun), len(tt.events))
				}
			})
		})
	}
}

func TestWaitFillsTheObject(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{object(pods("7", "", pod("app", "3", ready)))}, []http.HandlerFunc{parts("hang")})
		obj := pod("app", "1", labelled(map[string]string{"stale": "yes"}))
		ok(t, c.Wait(t.Context(), obj, sdk.Ready()))
		equal(t, "object", pod("app", "3", ready), obj)
		equal(t, "requests", []string{
			podsPath + "?allowWatchBookmarks=true&fieldSelector=metadata.name%3Dapp&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&watch=true",
			podsPath + "?fieldSelector=metadata.name%3Dapp&limit=500",
		}, s.lines())
	})
}

func TestWaitFails(t *testing.T) {
	replaced := pod("app", "9")
	replaced.UID = "another"
	crashed := pod("app", "8", phase(corev1.PodFailed), func(p *corev1.Pod) {
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", State: corev1.ContainerState{
			Terminated: &corev1.ContainerStateTerminated{ExitCode: 3, Reason: "Error"}}}}
	})
	boom := errors.New("boom")
	tests := []struct {
		name   string
		until  sdk.Condition
		target sdk.Target
		list   *corev1.PodList
		event  string
		is     error
		says   string
	}{
		{"when it is deleted meanwhile", sdk.Ready(), sdk.PodNamed("app"), pods("7", "", pod("app", "1")), event("DELETED", pod("app", "8", phase(corev1.PodRunning))),
			sdk.ErrDeleted, "wait Pod default/app for ready: it was deleted; last seen: phase Running"},
		{"when another has its name", sdk.Ready(), pod("app", "1"), pods("7", "", replaced), "", sdk.ErrDeleted, "it was deleted"},
		{"when it has ended", sdk.Ready(), sdk.PodNamed("app"), pods("7", "", pod("app", "1")), event("MODIFIED", crashed),
			sdk.ErrEnded, "the pod has ended; last seen: phase Failed; container app ended with exit code 3: Error"},
		{"when it has ended in another phase", sdk.Phase(corev1.PodRunning), sdk.PodNamed("app"), pods("7", "", crashed), "",
			sdk.ErrEnded, "for phase Running: "},
		{"when the function fails", sdk.Func(func(sdk.Object) (bool, error) { return true, boom }).Named("luck"), sdk.PodNamed("app"),
			pods("7", "", pod("app", "1")), "", boom, "for luck: boom"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				script(s, []http.HandlerFunc{object(tt.list)}, []http.HandlerFunc{parts(tt.event, "hang")})
				err := c.Wait(t.Context(), tt.target, tt.until)
				if !errors.Is(err, tt.is) {
					t.Errorf("error %v is not %v", err, tt.is)
				}
				says(t, err, tt.says)
			})
		})
	}
}

func TestWaitForWhatDoesNotExist(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{object(pods("7", ""))}, []http.HandlerFunc{parts("hang")})
		err := c.Wait(t.Context(), sdk.PodNamed("app"), sdk.Ready())
		if !apierrors.IsNotFound(err) {
			t.Errorf("error %v is not NotFound", err)
		}
		says(t, err, `pods "app" not found`, "nothing of that name")
	})
}

// When time runs out, the error says what the pod itself is waiting for.
func TestWaitSaysWhatWasSeen(t *testing.T) {
	waiting := func(reason, message string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: "crane", State: corev1.ContainerState{
				Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}})
		}
	}
	tests := []struct {
		name string
		pod  *corev1.Pod
		want string
	}{
		{"an image that cannot be pulled", pod("app", "1", phase(corev1.PodPending), waiting("ImagePullBackOff", "Back-off pulling image \"x\"")),
			`phase Pending; container crane waiting: ImagePullBackOff: Back-off pulling image "x"`},
		{"no node", pod("app", "1", phase(corev1.PodPending), func(p *corev1.Pod) {
			p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: "0/1 nodes are available"}}
		}), "phase Pending; not scheduled: Unschedulable: 0/1 nodes are available"},
		{"a container that crashes", pod("app", "1", phase(corev1.PodRunning), waiting("CrashLoopBackOff", ""), func(p *corev1.Pod) {
			p.Status.ContainerStatuses[0].RestartCount = 4
			p.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ExitCode: 1}
		}), "container crane waiting: CrashLoopBackOff (last ended with exit code 1, 4 restarts)"},
		{"a probe that fails", pod("app", "1", phase(corev1.PodRunning), func(p *corev1.Pod) {
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "crane", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
		}), "phase Running; container crane running, not ready"},
		{"nothing known yet", pod("app", "1"), "no phase yet"},
		{"an end", pod("app", "1", phase(corev1.PodRunning), func(p *corev1.Pod) { p.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} }), "phase Running, terminating"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				script(s, []http.HandlerFunc{object(pods("7", "", tt.pod))}, []http.HandlerFunc{parts("hang")})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, sdk.PodNamed("app"), sdk.Ready())
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error %v is not the context's", err)
				}
				says(t, err, "wait Pod default/app for ready: context deadline exceeded; last seen: ", tt.want)
			})
		})
	}
}

func TestWaitRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		says(t, c.Wait(t.Context(), sdk.SelectedText(""), sdk.Ready()), "selector is empty")
		says(t, c.Wait(t.Context(), sdk.SelectedText("a in ("), sdk.Ready()), `parse selector "a in (": byte 6`, "')' is missing")
		says(t, c.Wait(t.Context(), sdk.Selected(selector.Selector{}), sdk.Ready()), "selector is empty", "Selected(selector.All())")
		says(t, c.Wait(t.Context(), sdk.Selected(selector.Nothing()), sdk.Ready()), `pods of "<nothing>"`, "selects nothing")
		says(t, c.Wait(t.Context(), sdk.Selected(selector.FromSet(map[string]string{"a": "b c"})), sdk.Ready()), "pods of", "no text")
		s.on("GET /api/v1/namespaces/default/configmaps", status(noInitialEvents), object(&corev1.ConfigMapList{Items: []corev1.ConfigMap{{}}}))
		cm := &corev1.ConfigMap{}
		cm.Name = "settings"
		says(t, c.Wait(t.Context(), cm, sdk.Ready()), "ConfigMap", "Func")
		says(t, c.Wait(t.Context(), cm, sdk.Phase(corev1.PodRunning)), "matter of pods")
	})
}

func TestReadyController(t *testing.T) {
	rc := func(change func(*corev1.ReplicationController)) *corev1.ReplicationController {
		rc := &corev1.ReplicationController{TypeMeta: metav1.TypeMeta{Kind: "ReplicationController", APIVersion: "v1"}}
		rc.Name, rc.Namespace, rc.Generation = "crane", "default", 2
		rc.Spec.Replicas = new(int32(3))
		rc.Status = corev1.ReplicationControllerStatus{ObservedGeneration: 2, Replicas: 3, ReadyReplicas: 3}
		change(rc)
		return rc
	}
	tests := []struct {
		name  string
		rc    *corev1.ReplicationController
		ready bool
	}{
		{"all are ready", rc(func(*corev1.ReplicationController) {}), true},
		{"one is not", rc(func(rc *corev1.ReplicationController) { rc.Status.ReadyReplicas = 2 }), false},
		{"the newest spec was not seen", rc(func(rc *corev1.ReplicationController) { rc.Status.ObservedGeneration = 1 }), false},
		{"there is one too many", rc(func(rc *corev1.ReplicationController) { rc.Status.Replicas = 4 }), false},
		{"none is wanted", rc(func(rc *corev1.ReplicationController) {
			rc.Spec.Replicas = new(int32(0))
			rc.Status.Replicas, rc.Status.ReadyReplicas = 0, 0
		}), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
				var list runtime.Object = &corev1.ReplicationControllerList{
					TypeMeta: metav1.TypeMeta{Kind: "ReplicationControllerList", APIVersion: "v1"},
					ListMeta: metav1.ListMeta{ResourceVersion: "7"}, Items: []corev1.ReplicationController{*tt.rc}}
				s.on("GET /api/v1/namespaces/default/replicationcontrollers", status(noInitialEvents), object(list), parts("hang"))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := c.Wait(ctx, sdk.ControllerNamed("crane"), sdk.Ready())
				if (err == nil) != tt.ready {
					t.Errorf("ready is %v, want %v: %v", err == nil, tt.ready, err)
				}
			})
		})
	}
}

// How often a container began to wait is counted, so that the error tells an image that is not there from one that is on its way.
func TestWaitSaysHowOften(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), faulty("nowhere/crane:v9")))
		for _, tt := range []struct {
			name   string
			target sdk.Target
		}{{"a pod", sdk.PodNamed("app")}, {"a selection", sdk.SelectedText("app=crane")}} {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			err := c.Wait(ctx, tt.target, sdk.Ready())
			cancel()
			says(t, err, "container main waiting: ", "nowhere/crane:v9", " times)")
		}
	})
}

// Of a controller, the error says what one of its pods waits for.
func TestWaitSaysWhatPodsOfAControllerWaitFor(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), cranes(2, "nowhere/crane")))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := c.Wait(ctx, sdk.ControllerNamed("crane"), sdk.Ready())
		says(t, err, "wait ReplicationController default/crane for ready: context deadline exceeded; last seen: 0 of 2 replicas ready, 2 created; pod crane-", "container main waiting: ")
	})
}

// A controller is available when its pods have been ready for a while.
func TestWaitForAvailable(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		rc := cranes(2, "pause")
		rc.Spec.MinReadySeconds = 600
		ok(t, c.Run(t.Context(), rc))
		begun := time.Now()
		ok(t, c.Wait(t.Context(), rc, sdk.Available()))
		if took := time.Since(begun); took < 10*time.Minute-10*time.Second || took > 11*time.Minute {
			t.Errorf("waited %v, want about ten minutes", took)
		}
		says(t, c.Wait(t.Context(), sdk.SelectedText("app=crane"), sdk.Available()), "what available means for a *v1.Pod is not known")
	})
}

// Watches that are cut again and again do not end a wait.
func TestWaitSurvivesCuts(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		faultyImages(cluster)
		config := cluster.RESTConfig()
		cuts := cutEvery(config, 5*time.Second)
		c, err := sdk.New(config)
		ok(t, err)
		pod := faulty("web", func(p *corev1.Pod) {
			main(p).ReadinessProbe = probing("/")
			main(p).ReadinessProbe.InitialDelaySeconds = 600
		})
		noise := time.NewTicker(time.Second) // a watch is cut when something comes
		defer noise.Stop()
		done := make(chan struct{})
		defer func() { <-done }()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			defer close(done)
			for i := 0; ; i++ {
				select {
				case <-noise.C:
					cluster.Client().Annotate(ctx, faulty(""), map[string]string{"noise": strconv.Itoa(i)}, sdk.Overwrite())
				case <-ctx.Done():
					return
				}
			}
		}()
		ok(t, c.Run(ctx, pod))
		if cuts.Load() < 50 {
			t.Errorf("only %d connections were cut", cuts.Load())
		}
	})
}
