package sdk_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// fault is a state of a cluster and what is to be said about it.
type fault struct {
	name    string
	options []fake.Option
	objects []sdk.Object
	// then is done after some time has passed, if it is not nil, and some time more passes.
	then   func(t *testing.T, cluster *fake.Cluster, c *sdk.Client)
	passes time.Duration // a minute if zero
	target sdk.Target    // the pod app if nil
	want   []string      // findings, the worst first
	says   []string      // what the paragraph says among other things
}

// diagnosed makes the cluster of a fault and returns what is said about it.
func diagnosed(t *testing.T, f fault) *sdk.Diagnosis {
	t.Helper()
	cluster := fake.RunT(t, f.options...)
	faultyImages(cluster)
	c := cluster.Client()
	for _, obj := range f.objects {
		ok(t, c.Create(t.Context(), obj))
		synctest.Wait() // a quota bounds what comes after it was counted
	}
	if f.passes == 0 {
		f.passes = time.Minute
	}
	<-time.After(f.passes)
	synctest.Wait()
	if f.then != nil {
		f.then(t, cluster, c)
		<-time.After(f.passes)
		synctest.Wait()
	}
	if f.target == nil {
		f.target = sdk.PodNamed("app")
	}
	d, err := c.Diagnose(t.Context(), f.target)
	ok(t, err)
	return d
}

// generated are the names of the controller's pods.
var generated = regexp.MustCompile(`crane-[a-z0-9]{5}`)

// runFaults checks what is said about each fault.
func runFaults(t *testing.T, faults []fault) {
	t.Helper()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) {
				d := diagnosed(t, f)
				t.Log(d) // to be seen where the test fails
				var got []string
				for _, finding := range d.Findings {
					subject := strings.TrimSpace(generated.ReplaceAllString(finding.Subject.Name+" "+finding.Subject.Container, "crane-*"))
					got = append(got, fmt.Sprintf("%s %s: %s", finding.Severity, finding.Reason, subject))
				}
				equal(t, "findings", f.want, got)
				for _, words := range f.says {
					if !strings.Contains(d.String(), words) {
						t.Errorf("paragraph does not say %q:\n%s", words, d)
					}
				}
			})
		})
	}
}

// faultyImages registers programs that do what their names say.
func faultyImages(c *fake.Cluster) {
	c.Handle("pause", fake.Pause)
	c.HandleFunc("stubborn", func(_ context.Context, p *fake.Process) error {
		<-p.Ended() // whatever it is told
		return nil
	})
	c.HandleFunc("exit", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "begun")
		fmt.Fprintln(p.Stderr, "cannot open the warehouse")
		var code int
		fmt.Sscan(p.Args[len(p.Args)-1], &code)
		return fake.Exit(code)
	})
	c.HandleFunc("web", func(ctx context.Context, p *fake.Process) error {
		l, err := p.Listen("tcp", ":8080")
		if err != nil {
			return err
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.Error(w, "the store is empty", http.StatusServiceUnavailable)
				return
			}
			io.WriteString(w, "hello")
		})}
		defer context.AfterFunc(ctx, func() { s.Close() })()
		s.Serve(l)
		return nil
	})
}

// faulty returns the pod app with a container of that image.
func faulty(image string, change ...func(*corev1.Pod)) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app", Labels: map[string]string{"app": "crane"}}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "main", Image: image}}}}
	for _, f := range change {
		f(p)
	}
	return p
}

func main(p *corev1.Pod) *corev1.Container { return &p.Spec.Containers[0] }

func command(words ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { main(p).Command = words }
}

func never(p *corev1.Pod) { p.Spec.RestartPolicy = corev1.RestartPolicyNever }

func requesting(name corev1.ResourceName, amount string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		main(p).Resources.Requests = corev1.ResourceList{name: resource.MustParse(amount)}
	}
}

func probing(path string) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: 1, ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(8080)}}}
}

func quantities(name corev1.ResourceName, amount string) corev1.ResourceList {
	return corev1.ResourceList{name: resource.MustParse(amount)}
}
