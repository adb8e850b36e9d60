package controllers

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var onlyRC = []string{"replicationcontroller"}

func TestPodsComeFromTheTemplate(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		rc := c.create(registry.ReplicationControllers, newRC("crane", 2))
		pods := c.pods()
		if len(pods) != 2 {
			c.Fatalf("%d pods, want 2", len(pods))
		}
		for _, p := range pods {
			want := metav1.ObjectMeta{
				GenerateName: "crane-", Labels: map[string]string{"app": "crane"}, Annotations: map[string]string{"note": "x"},
				OwnerReferences: []metav1.OwnerReference{{
					APIVersion: "v1", Kind: "ReplicationController", Name: "crane", UID: rc.GetUID(), Controller: ptr.To(true), BlockOwnerDeletion: ptr.To(true),
				}},
			}
			got := metav1.ObjectMeta{GenerateName: p.GenerateName, Labels: p.Labels, Annotations: p.Annotations, OwnerReferences: p.OwnerReferences}
			if diff := cmp.Diff(want, got); diff != "" {
				c.Errorf("metadata (-want +got):\n%s", diff)
			}
			if p.ManagedFields[0].Manager != "kube-controller-manager" || !strings.HasPrefix(p.Name, "crane-") || len(p.Name) != len("crane-")+5 {
				c.Errorf("name %q, managers %v", p.Name, p.ManagedFields)
			}
			if c.eventCounts("SuccessfulCreate")["Created pod: "+p.Name] != 1 {
				c.Errorf("no event for %s in %v", p.Name, c.eventCounts("SuccessfulCreate"))
			}
		}
	})
}

func TestStatusFollowsThePods(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 2))
		check := func(when string, want corev1.ReplicationControllerStatus) {
			t.Helper()
			if diff := cmp.Diff(want, c.rc("r").Status); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		check("created", corev1.ReplicationControllerStatus{Replicas: 2, FullyLabeledReplicas: 2, ObservedGeneration: 1})
		pods := names(c.pods())
		c.bind(pods[0])
		c.makeReady(pods[0])
		check("one ready", corev1.ReplicationControllerStatus{Replicas: 2, FullyLabeledReplicas: 2, ReadyReplicas: 1, AvailableReplicas: 1, ObservedGeneration: 1})
		c.scale("r", 0)
		check("scaled to none, one stopping", corev1.ReplicationControllerStatus{ObservedGeneration: 2})
		c.update(registry.ReplicationControllers, api.WriteOptions{}, "r", func(o store.Object) { o.SetLabels(map[string]string{"new": "label"}) })
		check("labelled", corev1.ReplicationControllerStatus{ObservedGeneration: 2})
		entry := c.rc("r").ManagedFields
		found := false
		for _, m := range entry {
			found = found || m.Manager == "kube-controller-manager" && m.Subresource == "status"
		}
		if !found {
			t.Errorf("the status is not kube-controller-manager's: %v", entry)
		}
	})
}

func TestPodsThatLackATemplateLabelAreNotFullyLabeled(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		rc := newRC("r", 1)
		rc.Spec.Template.Labels["tier"] = "x"
		c.create(registry.ReplicationControllers, rc)
		if got := c.rc("r").Status.FullyLabeledReplicas; got != 1 {
			t.Fatalf("fullyLabeledReplicas = %d, want 1", got)
		}
		c.update(registry.Pods, api.WriteOptions{}, c.pods()[0].Name, func(o store.Object) { o.SetLabels(map[string]string{"app": "r"}) })
		if s := c.rc("r").Status; s.FullyLabeledReplicas != 0 || s.Replicas != 1 {
			t.Errorf("status = %+v, want one replica, none fully labeled", s)
		}
	})
}

func TestAvailableIsReadyForMinReadySeconds(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		rc := newRC("r", 1)
		rc.Spec.MinReadySeconds = 10
		c.create(registry.ReplicationControllers, rc)
		pod := c.pods()[0].Name
		c.bind(pod)
		c.makeReady(pod)
		if s := c.rc("r").Status; s.ReadyReplicas != 1 || s.AvailableReplicas != 0 {
			t.Fatalf("at once: %+v", s)
		}
		pass(9 * time.Second)
		if s := c.rc("r").Status; s.AvailableReplicas != 0 {
			t.Fatalf("after 9 s: %+v", s)
		}
		pass(time.Second)
		if s := c.rc("r").Status; s.AvailableReplicas != 1 {
			t.Errorf("after 10 s: %+v", s)
		}
	})
}

func TestReplacesWhatEndsOrGoes(t *testing.T) {
	for name, row := range map[string]struct {
		end  func(c *cluster, pod string)
		pods int // that exist then
	}{
		"failed pod is kept and not counted":    {func(c *cluster, pod string) { c.setPhase(pod, corev1.PodFailed) }, 2},
		"succeeded pod is kept and not counted": {func(c *cluster, pod string) { c.setPhase(pod, corev1.PodSucceeded) }, 2},
		"deleted pod":                           {func(c *cluster, pod string) { c.delete(registry.Pods, pod, "") }, 1},
		"pod that is stopping": {func(c *cluster, pod string) {
			c.bind(pod)
			c.delete(registry.Pods, pod, "")
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, onlyRC, func(c *cluster) {
				c.create(registry.ReplicationControllers, newRC("r", 1))
				row.end(c, c.pods()[0].Name)
				if n := len(c.pods()); n != row.pods {
					t.Errorf("%d pods, want %d", n, row.pods)
				}
				if n := c.rc("r").Status.Replicas; n != 1 {
					t.Errorf("status.replicas = %d, want 1", n)
				}
			})
		})
	}
}

func TestAdoption(t *testing.T) {
	for name, row := range map[string]struct {
		pod     func(*corev1.Pod)
		adopted bool
	}{
		"a pod that matches and is nobody's": {func(*corev1.Pod) {}, true},
		"a pod with another owner that does not control it": {func(p *corev1.Pod) {
			p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "x", UID: "u"}}
		}, true},
		"a pod that does not match": {func(p *corev1.Pod) { p.Labels["app"] = "other" }, false},
		"a pod of another controller of the same kind": {func(p *corev1.Pod) {
			p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ReplicationController", Name: "x", UID: "u", Controller: ptr.To(true)}}
		}, false},
		"a pod of a controller of another kind": {func(p *corev1.Pod) {
			p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "batch/v1", Kind: "Job", Name: "x", UID: "u", Controller: ptr.To(true)}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, onlyRC, func(c *cluster) {
				pod := newPod("p", "r")
				row.pod(pod)
				before := len(pod.OwnerReferences)
				c.create(registry.Pods, pod)
				rc := c.create(registry.ReplicationControllers, newRC("r", 1))
				obj, err := c.Get(registry.Pods, "default", "p")
				if err != nil {
					t.Fatal(err)
				}
				refs := obj.GetOwnerReferences()
				if adopted := len(refs) == before+1 && metav1.IsControlledBy(obj, rc); adopted != row.adopted {
					t.Errorf("owners = %v; adopted %v, want %v", refs, adopted, row.adopted)
				}
				if made := len(c.pods()) == 2; made == row.adopted {
					t.Errorf("pods = %v: one is made unless one was adopted", names(c.pods()))
				}
			})
		})
	}
}

func TestPodThatComesLaterIsAdoptedAndOneTooManyDeleted(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 1))
		first := c.pods()[0].Name
		c.bind(first)
		c.makeReady(first)
		c.create(registry.Pods, newPod("later", "r"))
		if got := names(c.pods()); !cmp.Equal(got, []string{first}) {
			t.Errorf("pods = %v, want %v: the unready one goes", got, first)
		}
		if c.eventCounts("SuccessfulDelete")["Deleted pod: later"] != 1 {
			t.Errorf("events %v", c.eventCounts("SuccessfulDelete"))
		}
	})
}

func TestPodThatStopsMatchingIsReleasedAndReplaced(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 1))
		out := c.pods()[0].Name
		relabel := func(app string) {
			c.update(registry.Pods, api.WriteOptions{}, out, func(o store.Object) { o.SetLabels(map[string]string{"app": app}) })
		}
		relabel("out")
		obj, err := c.Get(registry.Pods, "default", out)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.pods()) != 2 || obj.GetOwnerReferences() != nil {
			t.Errorf("pods %v, owners of %s %v", names(c.pods()), out, obj.GetOwnerReferences())
		}
		relabel("r")
		if len(c.pods()) != 1 {
			t.Errorf("pods %v after it came back, want one", names(c.pods()))
		}
	})
}

func TestChangedSelectorReleasesAndAdopts(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 1))
		old := c.pods()[0].Name
		c.create(registry.Pods, newPod("other", "s"))
		c.update(registry.ReplicationControllers, api.WriteOptions{}, "r", func(o store.Object) {
			rc := o.(*corev1.ReplicationController)
			rc.Spec.Selector = map[string]string{"app": "s"}
			rc.Spec.Template.Labels = map[string]string{"app": "s"}
		})
		for _, p := range c.pods() {
			if controlled := metav1.GetControllerOf(p) != nil; controlled != (p.Name == "other") {
				t.Errorf("%s is controlled: %v", p.Name, controlled)
			}
		}
		if len(c.pods()) != 2 || c.gone(registry.Pods, old) {
			t.Errorf("pods %v", names(c.pods()))
		}
	})
}

func TestOrphanGoesToOneOfTwoThatMatch(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		c.create(registry.Pods, newPod("p", "r"))
		a, b := newRC("a", 1), newRC("b", 1)
		for _, rc := range []*corev1.ReplicationController{a, b} {
			rc.Spec.Selector = map[string]string{"app": "r"}
			rc.Spec.Template.Labels = map[string]string{"app": "r"}
			c.create(registry.ReplicationControllers, rc)
		}
		c.start()
		if len(c.pods()) != 2 || c.rc("a").Status.Replicas != 1 || c.rc("b").Status.Replicas != 1 {
			t.Errorf("pods %v, status %+v %+v", names(c.pods()), c.rc("a").Status, c.rc("b").Status)
		}
	})
}

func TestDeletedControllerCreatesAndAdoptsNothing(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 1))
		c.delete(registry.ReplicationControllers, "r", metav1.DeletePropagationOrphan) // nobody removes the finalizer here
		c.delete(registry.Pods, c.pods()[0].Name, "")
		c.create(registry.Pods, newPod("p", "r"))
		if got := c.pods(); len(got) != 1 || got[0].OwnerReferences != nil {
			t.Errorf("pods %v", got)
		}
		if s := c.rc("r").Status; s.Replicas != 0 || s.ObservedGeneration != 2 {
			t.Errorf("status %+v", s)
		}
	})
}

func TestFailureToCreateIsTold(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		rc := newRC("bad", 2)
		rc.Spec.Template.Spec.ServiceAccountName = "nosuch"
		c.create(registry.ReplicationControllers, rc)
		pass(time.Minute)
		_, err := c.Create(registry.Pods, podFromTemplate(c.rc("bad")), asManager)
		if err == nil {
			t.Fatal("a pod without its account can be created")
		}
		text := err.Error()
		conditions := c.rc("bad").Status.Conditions
		if len(conditions) != 1 || conditions[0].Type != corev1.ReplicationControllerReplicaFailure || conditions[0].Status != corev1.ConditionTrue ||
			conditions[0].Reason != "FailedCreate" || conditions[0].Message != text {
			t.Errorf("conditions = %+v", conditions)
		}
		counts := c.eventCounts("FailedCreate")
		if n := counts["Error creating: "+text]; len(counts) != 1 || n < 5 || n > 20 {
			t.Errorf("events %v: want one, repeated ever more rarely", counts)
		}
		c.create(registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "nosuch", Namespace: "default"}})
		pass(2 * time.Minute)
		if s := c.rc("bad").Status; s.Replicas != 2 || s.Conditions != nil {
			t.Errorf("after the account came: %+v", s)
		}
	})
}

func TestNothingIsCreatedInATerminatingNamespace(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "going"}})
		rc := newRC("r", 0)
		rc.Namespace = "going"
		c.create(registry.ReplicationControllers, rc)
		c.delete(registry.Namespaces, "going", "")
		if _, err := c.Update(registry.ReplicationControllers, "going", "r", asManager, func(o store.Object) error {
			o.(*corev1.ReplicationController).Spec.Replicas = ptr.To[int32](3)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		obj, _ := c.Get(registry.ReplicationControllers, "going", "r")
		if s := obj.(*corev1.ReplicationController).Status; s.Conditions != nil || s.ObservedGeneration != 2 {
			t.Errorf("status %+v: that is no failure", s)
		}
	})
}

func TestWhatWasThereAtTheStartIsCounted(t *testing.T) {
	inBubble(t, nil, func(c *cluster) {
		rc := c.create(registry.ReplicationControllers, newRC("r", 1))
		pod := newPod("mine", "r")
		pod.OwnerReferences = []metav1.OwnerReference{controllerRef(rc.(*corev1.ReplicationController))}
		c.create(registry.Pods, pod)
		c.start()
		if got := names(c.pods()); !cmp.Equal(got, []string{"mine"}) {
			t.Errorf("pods %v, want the one that was there", got)
		}
	})
}

func TestSameNameAgainIsAnotherController(t *testing.T) {
	inBubble(t, onlyRC, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 1))
		first := c.pods()[0].Name
		c.delete(registry.ReplicationControllers, "r", metav1.DeletePropagationBackground)
		c.create(registry.ReplicationControllers, newRC("r", 1))
		if len(c.pods()) != 2 || c.rc("r").Status.Replicas != 1 {
			t.Errorf("pods %v besides %s of the old one, status %+v", names(c.pods()), first, c.rc("r").Status)
		}
	})
}

func TestScalesByThousands(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 2,000 pods")
	}
	inBubble(t, nil, func(c *cluster) {
		c.start()
		const n = 2000
		c.create(registry.ReplicationControllers, newRC("r", n))
		pass(time.Second)
		if s := c.rc("r").Status; len(c.pods()) != n || s.Replicas != n || s.FullyLabeledReplicas != n {
			t.Fatalf("%d pods, status %+v", len(c.pods()), s)
		}
		for _, p := range c.pods() {
			if err := c.Bind("default", p.Name, &corev1.Binding{Target: corev1.ObjectReference{Name: "n"}}, false); err != nil {
				t.Fatal(err)
			}
		}
		c.scale("r", n-1)
		pass(time.Second)
		if s := c.rc("r").Status; s.Replicas != n-1 {
			t.Errorf("status %+v", s)
		}
		if counts := c.eventCounts("SuccessfulCreate"); len(counts) != 10 {
			t.Errorf("%d events of creation, want nine and those that were combined", len(counts))
		}
	})
}

func TestSameSeedSameNames(t *testing.T) {
	run := func() (got string) {
		inBubble(t, onlyRC, func(c *cluster) {
			c.create(registry.ReplicationControllers, newRC("r", 5))
			c.scale("r", 2)
			got = fmt.Sprint(names(c.pods()))
		})
		return got
	}
	if a, b := run(), run(); a != b {
		t.Errorf("%s and then %s", a, b)
	}
}

func TestOneThatWentInTheMeantimeAdoptsNothing(t *testing.T) {
	for name, policy := range map[string]metav1.DeletionPropagation{
		"being deleted": metav1.DeletePropagationOrphan, "gone": metav1.DeletePropagationBackground,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(c *cluster) {
				seen := c.create(registry.ReplicationControllers, newRC("r", 1)).(*corev1.ReplicationController)
				c.delete(registry.ReplicationControllers, "r", policy)
				pod := newPod("p", "r")
				if NewReplicationController(c.API).adopt(pod, seen); pod.OwnerReferences != nil {
					t.Errorf("owners %v", pod.OwnerReferences)
				}
			})
		})
	}
}
