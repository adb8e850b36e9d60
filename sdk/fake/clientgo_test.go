package fake_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
)

// transports are the ways to a cluster: in memory and over loopback, JSON and protobuf.
func transports(t *testing.T, test func(t *testing.T, c *fake.Cluster, config *rest.Config)) {
	for _, way := range []string{"memory", "loopback"} {
		for _, contentType := range []string{runtime.ContentTypeJSON, runtime.ContentTypeProtobuf} {
			t.Run(way+" "+contentType, func(t *testing.T) {
				t.Parallel()
				c := fake.RunT(t)
				c.HandleFunc("heejeong/crane", crane)
				config := c.RESTConfig()
				if way == "loopback" {
					e, err := c.Serve(t.Context(), "127.0.0.1:0")
					if err != nil {
						t.Fatal(err)
					}
					config = e.RESTConfig()
				}
				config.ContentType = contentType
				config.AcceptContentTypes = contentType + ",application/json"
				test(t, c, config)
			})
		}
	}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// runningCrane creates the chapter's controller and waits for its pod.
func runningCrane(ctx context.Context, t *testing.T, client kubernetes.Interface) *corev1.Pod {
	t.Helper()
	if _, err := client.CoreV1().ReplicationControllers("default").Create(ctx, craneController(), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	w, err := client.CoreV1().Pods("default").Watch(ctx, metav1.ListOptions{LabelSelector: "app=crane"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for e := range w.ResultChan() {
		if p, ok := e.Object.(*corev1.Pod); ok && p.Status.Phase == corev1.PodRunning {
			return p
		}
	}
	t.Fatal("the pod never ran")
	return nil
}

func TestTypedClientset(t *testing.T) {
	transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
		ctx := testContext(t)
		client := kubernetes.NewForConfigOrDie(config)
		pod := runningCrane(ctx, t, client)
		got, err := client.CoreV1().Pods("default").Get(ctx, pod.Name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Kind != "" && got.Kind != "Pod" || got.Status.PodIP == "" || got.Spec.NodeName != "minikube" {
			t.Errorf("pod = %+v", got.Status)
		}
		list, err := client.CoreV1().Pods("").List(ctx, metav1.ListOptions{LabelSelector: "app in (crane)", FieldSelector: "spec.nodeName=minikube"})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%d pods, %v; want 1", len(list.Items), err)
		}
		scale, err := client.CoreV1().ReplicationControllers("default").GetScale(ctx, "crane", metav1.GetOptions{})
		if err != nil || scale.Spec.Replicas != 1 || scale.Status.Selector != "app=crane" {
			t.Errorf("scale = %+v, %v", scale, err)
		}
	})
}

func TestGetLogsFollow(t *testing.T) {
	transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
		ctx := testContext(t)
		client := kubernetes.NewForConfigOrDie(config)
		pod := runningCrane(ctx, t, client)
		r, err := client.CoreV1().Pods("default").GetLogs(pod.Name, &corev1.PodLogOptions{Follow: true, Timestamps: true}).Stream(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		lines := bufio.NewScanner(r)
		if !lines.Scan() || len(lines.Text()) != len("2026-11-23T02:49:38.000000001Z crane is up") {
			t.Fatalf("first line = %q", lines.Text())
		}
		if err := client.CoreV1().ReplicationControllers("default").Delete(ctx, "crane", metav1.DeleteOptions{PropagationPolicy: &background}); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			t.Logf("%s", lines.Text())
		}
		if err := lines.Err(); err != nil {
			t.Errorf("the log ended with %v", err)
		}
	})
}

var background = metav1.DeletePropagationBackground

func TestDynamicClient(t *testing.T) {
	transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
		ctx := testContext(t)
		config.ContentType, config.AcceptContentTypes = "", "" // the dynamic client speaks JSON
		client := dynamic.NewForConfigOrDie(config).Resource(corev1.SchemeGroupVersion.WithResource("configmaps")).Namespace("default")
		u := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "c"}, "data": map[string]any{"k": "v"},
		}}
		if _, err := client.Create(ctx, u, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		got, err := client.Get(ctx, "c", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if v, _, _ := unstructured.NestedString(got.Object, "data", "k"); v != "v" {
			t.Errorf("data.k = %q", v)
		}
	})
}

// A shared informer sees every pod, whether it lists and watches or streams its list.
func TestSharedInformer(t *testing.T) {
	for _, watchList := range []bool{true, false} {
		t.Run(fmt.Sprintf("watchList=%v", watchList), func(t *testing.T) {
			transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
				ctx := testContext(t)
				client := kubernetes.NewForConfigOrDie(config)
				seen := make(chan string, 100)
				var informer cache.SharedIndexInformer
				if watchList {
					informer = informers.NewSharedInformerFactory(client, 0).Core().V1().Pods().Informer()
				} else {
					informer = cache.NewSharedIndexInformer(plainListWatch(client), &corev1.Pod{}, 0, cache.Indexers{})
				}
				if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, obj any) {
					if p := obj.(*corev1.Pod); p.Status.Phase == corev1.PodRunning {
						select {
						case seen <- p.Name:
						default:
						}
					}
				}}); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(ctx)
				done := make(chan struct{})
				go func() { defer close(done); informer.Run(ctx.Done()) }()
				defer func() { cancel(); <-done }()
				if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
					t.Fatal("the cache never synced")
				}
				pod := runningCrane(ctx, t, client)
				select {
				case name := <-seen:
					if name != pod.Name {
						t.Errorf("saw %s, want %s", name, pod.Name)
					}
				case <-ctx.Done():
					t.Error("the informer never saw the pod run")
				}
			})
		})
	}
}

// plainListWatch lists and then watches, as informers of old do.
func plainListWatch(client kubernetes.Interface) cache.ListerWatcher {
	return cache.ToListWatcherWithWatchListSemantics(
		cache.NewListWatchFromClient(client.CoreV1().RESTClient(), "pods", "default", fields.Everything()), noWatchList{})
}

// noWatchList says that its client does not stream lists.
type noWatchList struct{}

func (noWatchList) IsWatchListSemanticsUnSupported() bool { return true }

func TestPortForwardOfClientGo(t *testing.T) {
	dialers := map[string]func(*rest.Config, *rest.Request) (httpstream.Dialer, error){
		"spdy": func(config *rest.Config, req *rest.Request) (httpstream.Dialer, error) {
			rt, upgrader, err := spdy.RoundTripperFor(config)
			if err != nil {
				return nil, err
			}
			return spdy.NewDialer(upgrader, &http.Client{Transport: rt}, http.MethodPost, req.URL()), nil
		},
		"websocket": func(config *rest.Config, req *rest.Request) (httpstream.Dialer, error) {
			return portforward.NewSPDYOverWebsocketDialer(req.URL(), config)
		},
	}
	for name, dialer := range dialers {
		t.Run(name, func(t *testing.T) {
			transports(t, func(t *testing.T, _ *fake.Cluster, config *rest.Config) {
				ctx := testContext(t)
				client := kubernetes.NewForConfigOrDie(config)
				pod := runningCrane(ctx, t, client)
				d, err := dialer(config, client.CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name(pod.Name).SubResource("portforward"))
				if err != nil {
					t.Fatal(err)
				}
				stop, ready := make(chan struct{}), make(chan struct{})
				f, err := portforward.New(d, []string{":8080", ":7070"}, stop, ready, io.Discard, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- f.ForwardPorts() }()
				defer func() {
					close(stop)
					if err := <-ended; err != nil {
						t.Errorf("ForwardPorts = %v", err)
					}
				}()
				select {
				case <-ready:
				case err := <-ended:
					t.Fatal(err)
				}
				ports, err := f.GetPorts()
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range ports {
					body := get(t, fmt.Sprintf("http://127.0.0.1:%d/", p.Local))
					if want := "hello from " + pod.Name + "\n"; body != want {
						t.Errorf("port %d answers %q, want %q", p.Remote, body, want)
					}
				}
			})
		})
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
