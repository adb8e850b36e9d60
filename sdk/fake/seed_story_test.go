package fake_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	manifest "github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
)

// story is twenty minutes of a cluster in which much happens at the same instant.
type story struct {
	*testing.T
	cluster *fake.Cluster
	client  *sdk.Client // of the namespace town
	kubernetes.Interface
}

// tell has it happen: each step at its own time.
func tell(t *testing.T, c *fake.Cluster, began time.Time) {
	t.Helper()
	s := story{t, c, c.Client().Namespace("town"), kubernetes.NewForConfigOrDie(c.RESTConfig())}
	s.register(began)
	for _, step := range []struct {
		at time.Duration
		do func(s story)
	}{
		{0, func(s story) {
			s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "town"}})
			s.create(&schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "low"}, Value: 1})
			s.create(&schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "high"}, Value: 1000})
			s.apply("town")
		}},
		{1 * time.Minute, func(s story) { // the pods that wait for it go on, all at once
			s.create(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings"}, Data: map[string]string{"color": "red"}})
		}},
		{2 * time.Minute, func(s story) { s.scale("web", 5); s.scale("crash", 2) }},
		{4 * time.Minute, func(s story) { s.apply("jobs"); s.protect("web", 3) }},
		{5 * time.Minute, func(s story) { s.scale("web", 4) }},
		{6 * time.Minute, func(s story) { // one is the budget's, the others are refused
			for _, pod := range s.pods("app=web") {
				s.evict(pod)
			}
		}},
		{7 * time.Minute, func(s story) { s.must(s.cluster.Node("minikube-m03").PowerOff()) }},
		{9 * time.Minute, func(s story) { s.roll("web", "web:v2") }},
		{15 * time.Minute, func(s story) { s.must(s.cluster.Node("minikube-m03").Start()) }},
		{15*time.Minute + 30*time.Second, func(s story) { s.cordon("minikube-m02") }},
		{16 * time.Minute, func(s story) {
			pods := s.pods("app=modest")
			s.must(s.cluster.EvictForPressure("town", pods[0], corev1.ResourceMemory))
			s.must(s.cluster.OOMKill("town", pods[len(pods)-1], "main"))
		}},
		{17 * time.Minute, func(s story) {
			s.must(s.cluster.Node("minikube").PowerOff())
			s.must(s.cluster.Node("minikube").Start())
		}},
		{18 * time.Minute, func(s story) { s.delete("layers"); s.delete("bad-hook"); s.scale("modest", 0) }},
		{19 * time.Minute, func(s story) { s.must(s.cluster.Node("minikube-m02").StopKubelet()) }},
		{20 * time.Minute, func(s story) { s.must(s.CoreV1().Nodes().Delete(s.Context(), "minikube-m02", metav1.DeleteOptions{})) }},
		{22 * time.Minute, func(s story) { s.must(s.CoreV1().Namespaces().Delete(s.Context(), "town", metav1.DeleteOptions{})) }},
		{23 * time.Minute, func(story) {}},
	} {
		<-time.After(time.Until(began.Add(step.at)))
		step.do(s)
	}
}

func (s story) must(err error) {
	s.Helper()
	if err != nil {
		s.Error(err)
	}
}

func (s story) create(obj sdk.Object) {
	s.Helper()
	s.must(s.client.Create(s.Context(), obj))
}

func (s story) apply(name string) {
	s.Helper()
	data, err := os.ReadFile("testdata/seed/" + name + ".yaml")
	s.must(err)
	objects, err := manifest.DecodeAll(data)
	s.must(err)
	for _, obj := range objects {
		s.create(obj.(sdk.Object))
	}
}

func (s story) scale(name string, n int32) {
	s.Helper()
	s.must(s.client.Scale(s.Context(), sdk.ControllerNamed(name), n))
}

func (s story) pods(selector string) (names []string) {
	s.Helper()
	list, err := s.CoreV1().Pods("town").List(s.Context(), metav1.ListOptions{LabelSelector: selector})
	s.must(err)
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names
}

func (s story) delete(pod string) {
	s.Helper()
	if err := s.CoreV1().Pods("town").Delete(s.Context(), pod, metav1.DeleteOptions{}); !apierrors.IsNotFound(err) { // its node may have failed
		s.must(err)
	}
}

func (s story) evict(pod string) {
	s.Helper()
	err := s.CoreV1().Pods("town").EvictV1(s.Context(), &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pod, Namespace: "town"}})
	if !apierrors.IsTooManyRequests(err) {
		s.must(err)
	}
}

// roll gives a controller another image, and deletes its pods one a minute, as kubectl rolling-update once did.
func (s story) roll(name, image string) {
	s.Helper()
	rc, err := s.CoreV1().ReplicationControllers("town").Get(s.Context(), name, metav1.GetOptions{})
	s.must(err)
	rc.Spec.Template.Spec.Containers[0].Image = image
	rc.Spec.Template.Labels["version"] = "v2"
	_, err = s.CoreV1().ReplicationControllers("town").Update(s.Context(), rc, metav1.UpdateOptions{})
	s.must(err)
	for _, pod := range s.pods("app=" + name + ",version=v1") {
		s.delete(pod)
		<-time.After(time.Minute)
	}
}

// protect gives the pods of a controller a disruption budget.
func (s story) protect(name string, least int) {
	s.Helper()
	s.create(&policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: policyv1.PodDisruptionBudgetSpec{
		MinAvailable: new(intstr.FromInt(least)), Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}},
	}})
}

func (s story) cordon(node string) {
	s.Helper()
	n, err := s.CoreV1().Nodes().Get(s.Context(), node, metav1.GetOptions{})
	s.must(err)
	n.Spec.Unschedulable = true
	_, err = s.CoreV1().Nodes().Update(s.Context(), n, metav1.UpdateOptions{})
	s.must(err)
}

// register registers the images of the story.
func (s story) register(began time.Time) {
	s.cluster.HandleFunc("web", moody)
	for code := range 4 {
		s.cluster.HandleFunc(fmt.Sprintf("exit:%d", code), func(ctx context.Context, p *fake.Process) error {
			return after(ctx, p, fake.Exit(code))
		})
	}
	s.cluster.HandleFunc("stubborn", func(ctx context.Context, p *fake.Process) error {
		<-ctx.Done()
		return after(context.WithoutCancel(ctx), p, nil)
	}, fake.Exec(fake.ProgramFunc(check)))
	s.cluster.HandleFunc("hog", func(ctx context.Context, p *fake.Process) error {
		if time.Since(began) < 3*time.Minute { // the first ones, which are evicted for it at the same moment
			select {
			case <-time.After(2 * time.Minute):
			case <-ctx.Done():
			}
			_ = p.FS().WriteFile("/scratch/file", make([]byte, 2<<20), 0o600) // fails in the end
		}
		<-ctx.Done()
		return nil
	})
	var mu sync.Mutex
	tried := map[string]int{} // the first two runs of a container fail
	s.cluster.HandleFunc("twice", func(_ context.Context, p *fake.Process) error {
		mu.Lock()
		defer mu.Unlock()
		key := string(p.Pod().UID) + p.Container().Name
		if tried[key]++; tried[key] < 3 {
			return fake.Exit(2)
		}
		return nil
	})
}

// moody is not ready for a while now and then, and hangs once it has served for ten minutes.
func moody(ctx context.Context, p *fake.Process) error {
	began := time.Now()
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		age := time.Since(began)
		switch {
		case req.URL.Path == "/ready" && age%(5*time.Minute) < time.Minute:
			http.Error(w, "not yet", http.StatusServiceUnavailable)
		case age > 10*time.Minute:
			<-req.Context().Done()
		}
	})}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// after ends a program so long after now as its argument says, or when it is told to.
func after(ctx context.Context, p *fake.Process, end error) error {
	if len(p.Args) == 0 {
		return end
	}
	d, err := time.ParseDuration(p.Args[len(p.Args)-1])
	if err != nil {
		return err
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	case <-p.Ended():
	}
	return end
}

// check is what can be run in the containers.
func check(ctx context.Context, p *fake.Process) error {
	switch strings.Join(p.Args, " ") {
	case "check":
		return nil
	case "hang":
		<-ctx.Done()
	}
	return fake.Exit(1)
}
