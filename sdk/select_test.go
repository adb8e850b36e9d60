package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types/selector"
)

func namesOf[T sdk.Object](list []T) string {
	var names []string
	for _, obj := range list {
		names = append(names, obj.GetName())
	}
	return strings.Join(names, " ")
}

func TestSelect(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		next := make(chan string)
		script(s,
			[]http.HandlerFunc{object(pods("7", "", pod("b", "3", labelled(map[string]string{"x": "1"})), pod("a", "5")))},
			[]http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.(http.Flusher).Flush()
				for e := range next {
					io.WriteString(w, e)
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
			}})
		v, err := c.Select(t.Context(), selector.MustParse("app=crane"))
		ok(t, err)
		defer v.Close()
		equal(t, "requests", podsPath+"?labelSelector=app%3Dcrane&limit=500", s.lines()[0])
		equal(t, "at first", "a b", namesOf(v.List()))
		_, there := v.Get("z")
		equal(t, "z is there", false, there)

		next <- event("ADDED", pod("c", "8", labelled(map[string]string{"x": "1"}))) + event("MODIFIED", pod("a", "9", phase(corev1.PodRunning))) + event("DELETED", pod("b", "10"))
		close(next)
		synctest.Wait()
		equal(t, "then", "a c", namesOf(v.List()))
		equal(t, "of a selector", "c", namesOf(v.Selecting(selector.MustParse("x"))))
		equal(t, "count", 2, v.Len())
		a, _ := v.Get("a")
		equal(t, "phase and kind", "Running Pod", string(a.Status.Phase)+" "+a.Kind)
		equal(t, "error", error(nil), v.Err())

		ok(t, v.Close())
		ok(t, v.Close())
		<-v.Done()
		equal(t, "error after Close", error(nil), v.Err())
		equal(t, "after Close", "a c", namesOf(v.List()))
	})
}

func TestSelectFails(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on(podsPath, status(apierrors.NewForbidden(schemaResource("pods"), "", errors.New("no lists for you"))))
		_, err := c.Select(t.Context(), selector.All())
		if !apierrors.IsForbidden(err) {
			t.Errorf("error %v is not Forbidden", err)
		}
		says(t, err, "select pods in default: ", "no lists for you")
		_, err = c.Select(t.Context(), selector.FromSet(map[string]string{"app": "a b"}))
		if !errors.Is(err, selector.ErrNotQueryable) {
			t.Errorf("error %v is not ErrNotQueryable", err)
		}
		_, err = sdk.SelectOf[sdk.Object](t.Context(), c)
		says(t, err, "select sdk.Object: it is no pointer to a kind of object")
		_, err = sdk.SelectOf[*widget](t.Context(), c)
		says(t, err, "select *sdk_test.widget: ", "WithScheme")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err = c.Select(ctx, selector.All()); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v is not the context's", err)
		}
	})
}

// Nothing is in it, the server is not asked, and it ends as others do.
func TestSelectNothing(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		v, err := c.Select(t.Context(), selector.Nothing())
		ok(t, err)
		equal(t, "count", 0, v.Len())
		ok(t, v.Close())
		for range v.Changes(t.Context()) {
			t.Error("something has changed")
		}
		equal(t, "requests", []string(nil), s.lines())

		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		v, err = c.Select(ctx, selector.Nothing())
		ok(t, err)
		<-v.Done()
		equal(t, "error", context.DeadlineExceeded, v.Err())
	})
}

func TestSelectEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{object(pods("7", "", pod("a", "1")))}, []http.HandlerFunc{parts("hang")})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		v, err := c.Select(ctx, selector.All())
		ok(t, err)
		for e, obj := range v.Changes(t.Context()) {
			equal(t, "change", "ADDED a", fmt.Sprint(e, " ", obj.Name))
		}
		equal(t, "error", context.DeadlineExceeded, v.Err())
		ok(t, v.Close())
		equal(t, "error after Close", context.DeadlineExceeded, v.Err())
	})
}

// A view does not give up: it says that it is old, and learns afterwards what it missed.
func TestSelectOutlivesTrouble(t *testing.T) {
	trouble := []http.HandlerFunc{
		status(apierrors.NewServiceUnavailable("later")),
		status(apierrors.NewUnauthorized("the token is being replaced")),
		status(apierrors.NewForbidden(schemaResource("pods"), "", errors.New("the role is being replaced"))),
		status(apierrors.NewResourceExpired("too old")),
		parts("drop"),
	}
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		var mu sync.Mutex
		state, failing := pods("7", "", pod("a", "1"), pod("b", "2")), http.HandlerFunc(nil)
		s.on(podsPath, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			answer := failing
			if answer == nil && r.URL.Query().Get("watch") == "" {
				answer = object(state)
			}
			mu.Unlock()
			if answer == nil {
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(time.Minute):
				}
				return
			}
			answer(w, r)
		})
		v, err := c.Select(t.Context(), selector.All())
		ok(t, err)
		defer v.Close()
		for i, answer := range trouble {
			mu.Lock()
			failing = answer
			mu.Unlock()
			<-time.After(time.Hour)
			if v.Err() == nil {
				t.Errorf("trouble %d: no error", i)
			}
			equal(t, "meanwhile", 2, v.Len())
			mu.Lock()
			failing = status(apierrors.NewResourceExpired("too old")) // what was missed is forgotten
			mu.Unlock()
			<-time.After(time.Minute)
			mu.Lock()
			state, failing = pods("9", "", pod("a", "1"), pod(fmt.Sprint("new", i), "9")), nil
			mu.Unlock()
			<-time.After(time.Minute)
			equal(t, "error", error(nil), v.Err())
			equal(t, "afterwards", fmt.Sprint("a new", i), namesOf(v.List()))
		}
	})
}

// flaky breaks watches, and has some of them answered by 410.
type flaky struct {
	next http.RoundTripper

	mu   sync.Mutex
	open []context.CancelFunc
	gone int // so many watches are too old
}

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Query().Get("watch") == "" {
		return f.next.RoundTrip(r)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone > 0 {
		f.gone--
		return byHandler(status(apierrors.NewResourceExpired("too old"))).RoundTrip(r)
	}
	ctx, cancel := context.WithCancel(r.Context())
	f.open = append(f.open, cancel)
	return f.next.RoundTrip(r.WithContext(ctx))
}

func (f *flaky) cut(gone int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, cancel := range f.open {
		cancel()
	}
	f.open, f.gone = nil, gone
}

// Whatever breaks, a view and all who follow its changes, slow ones too, have in the end what is there, and each object
// comes and goes in turn.
func TestSelectConverges(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t, fake.Without(fake.Scheduler))
		config := cluster.RESTConfig()
		breaks := &flaky{}
		wrap := config.WrapTransport
		config.WrapTransport = func(rt http.RoundTripper) http.RoundTripper {
			if wrap != nil {
				rt = wrap(rt)
			}
			breaks.next = rt
			return breaks
		}
		c, err := sdk.New(config)
		ok(t, err)
		writer := cluster.Client()
		v, err := c.Select(t.Context(), selector.MustParse("in=yes"))
		ok(t, err)

		followers := make([]map[types.NamespacedName]string, 3)
		var running sync.WaitGroup
		for i := range followers {
			followers[i] = map[types.NamespacedName]string{}
			running.Go(func() { followChanges(t, v, followers[i], time.Duration(i)*50*time.Millisecond) })
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 400 {
			churn(t, writer, random)
			switch random.IntN(20) {
			case 0:
				breaks.cut(0)
			case 1:
				breaks.cut(1 + random.IntN(3))
			}
			<-time.After(time.Duration(random.IntN(30)) * time.Millisecond)
		}
		<-time.After(time.Minute)
		var list corev1.PodList
		ok(t, writer.List(t.Context(), &list, sdk.SelectingText("in=yes")))
		want := map[types.NamespacedName]string{}
		for _, p := range list.Items {
			want[types.NamespacedName{Namespace: p.Namespace, Name: p.Name}] = p.ResourceVersion
		}
		got := map[types.NamespacedName]string{}
		for _, p := range v.List() {
			got[types.NamespacedName{Namespace: p.Namespace, Name: p.Name}] = p.ResourceVersion
		}
		equal(t, "view", want, got)
		ok(t, v.Close())
		running.Wait()
		for i, f := range followers {
			equal(t, fmt.Sprint("follower ", i), want, f)
		}
	})
}

// followChanges keeps in have what the changes of a view say, and holds them to their word.
func followChanges(t *testing.T, v *sdk.View[*corev1.Pod], have map[types.NamespacedName]string, slow time.Duration) {
	uids := map[types.NamespacedName]types.UID{}
	for e, p := range v.Changes(t.Context()) {
		key := types.NamespacedName{Namespace: p.Namespace, Name: p.Name}
		_, known := have[key]
		if known == (e == watch.Added) || known && uids[key] != p.UID {
			t.Errorf("%s of %s with UID %s, which is known: %v, as %s", e, key, p.UID, known, uids[key])
		}
		uids[key] = p.UID
		if e == watch.Deleted {
			delete(have, key)
		} else {
			have[key] = p.ResourceVersion
		}
		if slow > 0 {
			<-time.After(slow)
		}
	}
}

// churn makes, changes or deletes one of a few pods.
func churn(t *testing.T, c *sdk.Client, random *rand.Rand) {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("p", random.IntN(8)), Labels: map[string]string{"in": "yes"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Image: "a"}}}}
	var err error
	switch random.IntN(4) {
	case 0:
		err = c.Delete(t.Context(), p, sdk.Grace(0), sdk.IgnoreNotFound())
	case 1: // in and out of the selection
		err = c.Label(t.Context(), p, map[string]string{"in": []string{"yes", "no"}[random.IntN(2)]}, sdk.Overwrite())
	default:
		err = c.Create(t.Context(), p)
	}
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsAlreadyExists(err) {
		t.Error(err)
	}
}

// A loop that is left leaves nothing, and several loops do not know of each other.
func TestSelectChangesAreLeft(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		script(s, []http.HandlerFunc{object(pods("7", "", pod("a", "1"), pod("b", "2")))}, []http.HandlerFunc{parts("hang")})
		v, err := c.Select(t.Context(), selector.All())
		ok(t, err)
		defer v.Close()
		var got []string
		for e, p := range v.Changes(t.Context()) {
			got = append(got, fmt.Sprint(e, " ", p.Name))
			for e, p := range v.Changes(t.Context()) {
				got = append(got, fmt.Sprint("inner ", e, " ", p.Name))
				break
			}
			if len(got) == 4 {
				break
			}
		}
		equal(t, "changes", []string{"ADDED a", "inner ADDED a", "ADDED b", "inner ADDED a"}, got)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for range v.Changes(ctx) {
			cancel()
		}
		for range v.Changes(t.Context()) {
			v.Close()
		}
	})
}

// A view of all nodes answers for any selector; its changes come as they happen.
func ExampleSelectOf() {
	cluster, err := fake.Start(fake.Nodes(3))
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	ctx, client := context.Background(), cluster.Client()

	nodes, err := sdk.SelectOf[*corev1.Node](ctx, client)
	if err != nil {
		log.Fatal(err)
	}
	defer nodes.Close()
	first := nodes.List()[0].DeepCopy()
	if err := client.Label(ctx, first, map[string]string{"disk": "ssd"}); err != nil {
		log.Fatal(err)
	}
	for _, node := range nodes.Changes(ctx) {
		if node.Labels["disk"] == "ssd" {
			break
		}
	}
	fmt.Println(nodes.Len(), len(nodes.Selecting(selector.MustParse("disk=ssd"))))
	// Output: 3 1
}
