package controllers

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

var onlyGC = []string{"garbagecollector"}

func TestDependentsOfWhatIsGone(t *testing.T) {
	ref := func(kind, name string, uid types.UID) metav1.OwnerReference {
		return metav1.OwnerReference{APIVersion: "v1", Kind: kind, Name: name, UID: uid}
	}
	for name, row := range map[string]struct {
		refs func(there store.Object, node store.Object) []metav1.OwnerReference
		gone bool
		left int // owner references that it keeps
	}{
		"of nobody stays": {func(_, _ store.Object) []metav1.OwnerReference { return nil }, false, 0},
		"of one that is there stays": {func(o, _ store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{owner(o, false)}
		}, false, 1},
		"of one that is not goes": {func(_, _ store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{ref("ConfigMap", "no", "u")}
		}, true, 0},
		"of one of that name but another uid goes": {func(o, _ store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{ref("ConfigMap", o.GetName(), "u")}
		}, true, 0},
		"of two of which one is there stays and forgets the other": {func(o, _ store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{ref("ConfigMap", "no", "u"), owner(o, false)}
		}, false, 1},
		"of one without a namespace stays": {func(_, n store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{owner(n, false)}
		}, false, 1},
		"of one of a kind that is not served stays": {func(_, _ store.Object) []metav1.OwnerReference {
			return []metav1.OwnerReference{{APIVersion: "example.com/v1", Kind: "Widget", Name: "w", UID: "u"}}
		}, false, 1},
	} {
		for when, late := range map[string]bool{"before the collector started": false, "while it ran": true} {
			t.Run(name+", made "+when, func(t *testing.T) {
				inBubble(t, nil, func(c *cluster) {
					if late {
						c.start()
					}
					there := c.create(registry.ConfigMaps, newConfigMap("there"))
					node := c.create(registry.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n"}})
					c.create(registry.ConfigMaps, newConfigMap("d", row.refs(there, node)...))
					if !late {
						c.start()
					}
					if gone := c.gone(registry.ConfigMaps, "d"); gone != row.gone {
						t.Fatalf("gone: %v, want %v", gone, row.gone)
					}
					if row.gone {
						return
					}
					if obj, _ := c.Get(registry.ConfigMaps, "default", "d"); len(obj.GetOwnerReferences()) != row.left {
						t.Errorf("owners %v, want %d", obj.GetOwnerReferences(), row.left)
					}
				})
			})
		}
	}
}

func TestOwnerInAnotherNamespaceIsAbsent(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "other"}})
		elsewhere := newConfigMap("o")
		elsewhere.Namespace = "other"
		o := c.create(registry.ConfigMaps, elsewhere)
		c.create(registry.ConfigMaps, newConfigMap("d", owner(o, false)))
		if !c.gone(registry.ConfigMaps, "d") {
			t.Error("it is still there")
		}
	})
}

func TestObjectWithoutNamespaceDoesNotDependOnOneInIt(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		o := c.create(registry.ConfigMaps, newConfigMap("o"))
		c.create(registry.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n", OwnerReferences: []metav1.OwnerReference{owner(o, false)}}})
		c.delete(registry.ConfigMaps, "o", "")
		if c.gone(registry.Nodes, "n") {
			t.Error("the node was collected")
		}
	})
}

func TestBackgroundDeletionReachesDependentsOfDependents(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		a := c.create(registry.ConfigMaps, newConfigMap("a"))
		b := c.create(registry.ConfigMaps, newConfigMap("b", owner(a, true)))
		c.create(registry.ConfigMaps, newConfigMap("c", owner(b, true)))
		c.delete(registry.ConfigMaps, "a", metav1.DeletePropagationBackground)
		for _, name := range []string{"a", "b", "c"} {
			if !c.gone(registry.ConfigMaps, name) {
				t.Errorf("%s is still there", name)
			}
		}
	})
}

func TestForegroundDeletionWaitsForThoseThatBlock(t *testing.T) {
	for name, row := range map[string]struct{ blocks, stays bool }{
		"a blocking dependent holds its owner": {true, true},
		"one that does not block holds nobody": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, onlyGC, func(c *cluster) {
				o := c.create(registry.ConfigMaps, newConfigMap("o"))
				pod := newPod("p", "x")
				pod.OwnerReferences = []metav1.OwnerReference{owner(o, row.blocks)}
				c.create(registry.Pods, pod)
				c.bind("p") // so that it takes its time
				c.delete(registry.ConfigMaps, "o", metav1.DeletePropagationForeground)
				if stays := !c.gone(registry.ConfigMaps, "o"); stays != row.stays {
					t.Errorf("owner is there: %v, want %v", stays, row.stays)
				}
				if p, err := c.Get(registry.Pods, "default", "p"); err != nil || p.GetDeletionTimestamp() == nil {
					t.Errorf("the pod is not being deleted: %v %v", p, err)
				}
				_, _, err := c.Delete(registry.Pods, "default", "p", metav1.DeleteOptions{GracePeriodSeconds: ptr.To[int64](0)}, api.WriteOptions{})
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if !c.gone(registry.ConfigMaps, "o") {
					t.Error("the owner is still there after its dependent went")
				}
			})
		})
	}
}

func TestForegroundDeletionSparesDependentsWithAnotherOwner(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		a := c.create(registry.ConfigMaps, newConfigMap("a"))
		b := c.create(registry.ConfigMaps, newConfigMap("b"))
		c.create(registry.ConfigMaps, newConfigMap("d", owner(a, true), owner(b, true)))
		c.delete(registry.ConfigMaps, "a", metav1.DeletePropagationForeground)
		d, err := c.Get(registry.ConfigMaps, "default", "d")
		if err != nil || len(d.GetOwnerReferences()) != 1 || d.GetOwnerReferences()[0].UID != b.GetUID() || !c.gone(registry.ConfigMaps, "a") {
			t.Errorf("dependent %v, %v; owner gone: %v", d, err, c.gone(registry.ConfigMaps, "a"))
		}
	})
}

func TestForegroundDeletionOfACircleEnds(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		a := c.create(registry.ConfigMaps, newConfigMap("a"))
		b := c.create(registry.ConfigMaps, newConfigMap("b", owner(a, true)))
		c.update(registry.ConfigMaps, api.WriteOptions{}, "a", func(o store.Object) {
			o.SetOwnerReferences([]metav1.OwnerReference{owner(b, true)})
		})
		c.delete(registry.ConfigMaps, "a", metav1.DeletePropagationForeground)
		pass(time.Second)
		for _, name := range []string{"a", "b"} {
			if !c.gone(registry.ConfigMaps, name) {
				t.Errorf("%s is still there", name)
			}
		}
	})
}

func TestOrphansAreReleasedAndKept(t *testing.T) {
	inBubble(t, []string{"garbagecollector", "replicationcontroller"}, func(c *cluster) {
		c.create(registry.ReplicationControllers, newRC("r", 2))
		c.delete(registry.ReplicationControllers, "r", "") // an RC orphans unless it is told otherwise
		if !c.gone(registry.ReplicationControllers, "r") {
			t.Error("the RC is still there")
		}
		if len(c.pods()) != 2 {
			t.Fatalf("pods %v, want two", names(c.pods()))
		}
		for _, p := range c.pods() {
			if p.OwnerReferences != nil {
				t.Errorf("%s has owners %v", p.Name, p.OwnerReferences)
			}
		}
	})
}

func TestPodsGoWithTheirReplicationController(t *testing.T) {
	for _, policy := range []metav1.DeletionPropagation{metav1.DeletePropagationBackground, metav1.DeletePropagationForeground} {
		t.Run(string(policy), func(t *testing.T) {
			inBubble(t, []string{"garbagecollector", "replicationcontroller"}, func(c *cluster) {
				c.create(registry.ReplicationControllers, newRC("r", 50))
				c.delete(registry.ReplicationControllers, "r", policy)
				pass(time.Second)
				if !c.gone(registry.ReplicationControllers, "r") || len(c.pods()) != 0 {
					t.Errorf("RC gone: %v, pods %v", c.gone(registry.ReplicationControllers, "r"), names(c.pods()))
				}
			})
		})
	}
}

func TestDependentThatLosesItsReferenceUnblocksItsOwner(t *testing.T) {
	inBubble(t, onlyGC, func(c *cluster) {
		o := c.create(registry.ConfigMaps, newConfigMap("o"))
		d := newConfigMap("d", owner(o, true))
		d.Finalizers = []string{"example.com/mine"}
		c.create(registry.ConfigMaps, d)
		c.delete(registry.ConfigMaps, "o", metav1.DeletePropagationForeground)
		if c.gone(registry.ConfigMaps, "o") {
			t.Fatal("the owner went before its dependent")
		}
		c.update(registry.ConfigMaps, api.WriteOptions{}, "d", func(o store.Object) { o.SetOwnerReferences(nil) })
		if !c.gone(registry.ConfigMaps, "o") {
			t.Error("the owner is still there")
		}
	})
}
