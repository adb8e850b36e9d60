package fake_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	clientgofake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// realCluster names the environment variable with the path of a kubeconfig. If it is set, the benchmarks of requests run on that
// cluster too, in a namespace of their own, with pods that no node takes.
const realCluster = "PODWRIGHT_KUBECONFIG"

// benchmarked are the clusters that the same requests go to.
func benchmarked() []benchmarkedCluster {
	all := []benchmarkedCluster{
		{"fake/json", inMemory(runtime.ContentTypeJSON)},
		{"fake/protobuf", inMemory(runtime.ContentTypeProtobuf)},
		{"client-go", func(testing.TB) kubernetes.Interface { return clientgofake.NewClientset() }},
	}
	if path := os.Getenv(realCluster); path != "" {
		all = append(all,
			benchmarkedCluster{"real/json", outside(path, runtime.ContentTypeJSON)},
			benchmarkedCluster{"real/protobuf", outside(path, runtime.ContentTypeProtobuf)})
	}
	return all
}

type benchmarkedCluster struct {
	name string
	open func(tb testing.TB) kubernetes.Interface
}

func inMemory(contentType string) func(testing.TB) kubernetes.Interface {
	return func(tb testing.TB) kubernetes.Interface {
		return clientFor(tb, fake.RunT(tb, fake.APIOnly()).RESTConfig(), contentType)
	}
}

func outside(kubeconfig, contentType string) func(testing.TB) kubernetes.Interface {
	return func(tb testing.TB) kubernetes.Interface {
		config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
		if err != nil {
			tb.Fatal(err)
		}
		return clientFor(tb, config, contentType)
	}
}

func clientFor(tb testing.TB, config *rest.Config, contentType string) kubernetes.Interface {
	tb.Helper()
	config.ContentType, config.AcceptContentTypes = contentType, contentType+",application/json"
	config.QPS = -1 // what is measured is not the client's patience
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// benchNamespace is where a benchmark works.
const benchNamespace = "podwright-benchmark"

// benchPod is a pod that no node takes.
func benchPod(name string) *corev1.Pod {
	pod := podOf(name, "", "registry.k8s.io/pause:3.10")
	pod.Labels = map[string]string{"app": "benchmark", "n": "0"}
	pod.Spec.ServiceAccountName = "benchmark"
	pod.Spec.NodeSelector = map[string]string{"podwright/benchmark": "none"}
	return pod
}

// filled opens a cluster with n pods in the benchmark's namespace, which goes when the benchmark ends.
func filled(b *testing.B, c benchmarkedCluster, n int) kubernetes.Interface {
	b.Helper()
	client := c.open(b)
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: benchNamespace}}
	if _, err := client.CoreV1().Namespaces().Create(b.Context(), namespace, metav1.CreateOptions{}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { emptied(b, client) })
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "benchmark"}}
	if _, err := client.CoreV1().ServiceAccounts(benchNamespace).Create(b.Context(), account, metav1.CreateOptions{}); err != nil {
		b.Fatal(err)
	}
	for i := range n {
		createPod(b, client, fmt.Sprintf("pod-%06d", i))
	}
	return client
}

func createPod(b *testing.B, client kubernetes.Interface, name string) {
	b.Helper()
	if _, err := client.CoreV1().Pods(benchNamespace).Create(b.Context(), benchPod(name), metav1.CreateOptions{}); err != nil {
		b.Fatal(err)
	}
}

// emptied removes the namespace, and waits until it is gone where somebody empties it.
func emptied(b *testing.B, client kubernetes.Interface) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	namespaces := client.CoreV1().Namespaces()
	w, err := namespaces.Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + benchNamespace})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Stop()
	if err := namespaces.Delete(ctx, benchNamespace, metav1.DeleteOptions{}); err != nil {
		b.Fatal(err)
	}
	if os.Getenv(realCluster) == "" {
		return // a cluster in memory goes as a whole
	}
	for e := range w.ResultChan() {
		if e.Type == watch.Deleted {
			return
		}
	}
}

// onEach runs a benchmark on each cluster with n pods.
func onEach(b *testing.B, n int, run func(b *testing.B, client kubernetes.Interface)) {
	for _, c := range benchmarked() {
		b.Run(c.name, func(b *testing.B) {
			client := filled(b, c, n)
			b.ReportAllocs()
			run(b, client)
		})
	}
}

// BenchmarkStartToGet is a cluster that is started, answers one GET, and is closed; ns/start-to-get leaves the closing out. What
// the first in a process costs beyond that is in [BenchmarkFirstGet].
func BenchmarkStartToGet(b *testing.B) {
	b.Run("fake", func(b *testing.B) {
		b.ReportAllocs()
		var total time.Duration
		for b.Loop() {
			total += startToGet(b)
		}
		b.ReportMetric(float64(total.Nanoseconds())/float64(b.N), "ns/start-to-get")
	})
	b.Run("client-go", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			client := clientgofake.NewClientset(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
			if _, err := client.CoreV1().Namespaces().Get(b.Context(), "default", metav1.GetOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// startToGet returns how long it took from nothing to the first answer. Closing comes after.
func startToGet(tb testing.TB) time.Duration {
	tb.Helper()
	began := time.Now()
	c, err := fake.Start()
	if err != nil {
		tb.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(c.RESTConfig())
	if _, err := client.CoreV1().Namespaces().Get(tb.Context(), "default", metav1.GetOptions{}); err != nil {
		tb.Fatal(err)
	}
	took := time.Since(began)
	if err := c.Close(); err != nil {
		tb.Fatal(err)
	}
	return took
}

// TestStartToGet says how long the first cluster of a process takes, if it is the only test that runs.
func TestStartToGet(t *testing.T) { t.Logf("start to get: %d ns", startToGet(t)) }

// BenchmarkFirstGet is the first cluster of a process up to its first GET. A process has one first, so no loop can measure it:
// each round is a process of its own, which reports the time by itself. The time of a round is mostly the process's.
func BenchmarkFirstGet(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	took := regexp.MustCompile(`start to get: (\d+) ns`)
	var total, rounds float64
	for b.Loop() {
		out, err := exec.CommandContext(b.Context(), self, "-test.run=^TestStartToGet$", "-test.v").CombinedOutput()
		said := took.FindSubmatch(out)
		if err != nil || said == nil {
			b.Fatalf("%v: %s", err, out)
		}
		var ns float64
		if _, err := fmt.Sscan(string(said[1]), &ns); err != nil {
			b.Fatal(err)
		}
		total, rounds = total+ns, rounds+1
	}
	b.ReportMetric(total/rounds, "ns/first-get")
}

func BenchmarkCreate(b *testing.B) {
	onEach(b, 0, func(b *testing.B, client kubernetes.Interface) {
		for i := 0; b.Loop(); i++ {
			createPod(b, client, fmt.Sprintf("new-%08d", i))
		}
	})
}

func BenchmarkGet(b *testing.B) {
	onEach(b, 1, func(b *testing.B, client kubernetes.Interface) {
		for b.Loop() {
			if _, err := client.CoreV1().Pods(benchNamespace).Get(b.Context(), "pod-000000", metav1.GetOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkList(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			onEach(b, n, func(b *testing.B, client kubernetes.Interface) {
				for b.Loop() {
					list, err := client.CoreV1().Pods(benchNamespace).List(b.Context(), metav1.ListOptions{})
					if err != nil || len(list.Items) != n {
						b.Fatalf("%d pods, %v; want %d", len(list.Items), err, n)
					}
				}
			})
		})
	}
}

// BenchmarkListBytes is BenchmarkList for a client that leaves what it reads undecoded.
func BenchmarkListBytes(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			onEachWithBytes(b, n, func(b *testing.B, client kubernetes.Interface) {
				for b.Loop() {
					body, err := client.CoreV1().RESTClient().Get().Namespace(benchNamespace).Resource("pods").Stream(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					read, err := io.Copy(io.Discard, body)
					_ = body.Close()
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(read)
				}
			})
		})
	}
}

// onEachWithBytes is onEach without client-go's clientset, which has no bytes.
func onEachWithBytes(b *testing.B, n int, run func(b *testing.B, client kubernetes.Interface)) {
	onEach(b, n, func(b *testing.B, client kubernetes.Interface) {
		if client.CoreV1().RESTClient() == rest.Interface((*rest.RESTClient)(nil)) {
			b.Skip("nothing is encoded")
		}
		run(b, client)
	})
}

// BenchmarkPatch changes one label in each of the four ways.
func BenchmarkPatch(b *testing.B) {
	for _, way := range []struct {
		name  string
		kind  types.PatchType
		patch string
	}{
		{"json", types.JSONPatchType, `[{"op":"replace","path":"/metadata/labels/n","value":"%d"}]`},
		{"merge", types.MergePatchType, `{"metadata":{"labels":{"n":"%d"}}}`},
		{"strategic", types.StrategicMergePatchType, `{"metadata":{"labels":{"n":"%d"}}}`},
		{"apply", types.ApplyYAMLPatchType, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-000000","labels":{"n":"%d"}}}`},
	} {
		b.Run(way.name, func(b *testing.B) {
			onEach(b, 1, func(b *testing.B, client kubernetes.Interface) {
				for i := 1; b.Loop(); i++ {
					patchPod(b, client, way.kind, fmt.Sprintf(way.patch, i))
				}
			})
		})
	}
}

func patchPod(b *testing.B, client kubernetes.Interface, kind types.PatchType, patch string) {
	b.Helper()
	opts := metav1.PatchOptions{FieldManager: "benchmark"}
	if kind == types.ApplyYAMLPatchType {
		opts.Force = new(true)
	}
	if _, err := client.CoreV1().Pods(benchNamespace).Patch(b.Context(), "pod-000000", kind, []byte(patch), opts); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkWatch changes an object that a thousand clients watch, and waits until all of them have seen it.
func BenchmarkWatch(b *testing.B) {
	const watchers = 1000
	onEach(b, 1, func(b *testing.B, client kubernetes.Interface) {
		var seen, running sync.WaitGroup
		defer running.Wait() // after all have been stopped
		for range watchers {
			w, err := client.CoreV1().Pods(benchNamespace).Watch(b.Context(), metav1.ListOptions{})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Stop()
			running.Go(func() {
				for e := range w.ResultChan() {
					if e.Type == watch.Modified {
						seen.Done()
					}
				}
			})
		}
		for i := 1; b.Loop(); i++ {
			seen.Add(watchers)
			patchPod(b, client, types.MergePatchType, fmt.Sprintf(`{"metadata":{"labels":{"n":"%d"}}}`, i))
			seen.Wait()
		}
	})
}

// BenchmarkWatchBytes is BenchmarkWatch for clients that leave what they read undecoded: what remains is the server's and the
// transport's.
func BenchmarkWatchBytes(b *testing.B) {
	const watchers = 1000
	round := []byte("benchmark-round-") // once in an event
	onEachWithBytes(b, 1, func(b *testing.B, client kubernetes.Interface) {
		var seen, running sync.WaitGroup
		defer running.Wait() // after all have been stopped
		for range watchers {
			stream, err := client.CoreV1().RESTClient().Get().Namespace(benchNamespace).Resource("pods").
				VersionedParams(&metav1.ListOptions{Watch: true}, scheme.ParameterCodec).Stream(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer stream.Close()
			running.Go(func() {
				buffer := make([]byte, 64<<10)
				for kept := 0; ; {
					n, err := stream.Read(buffer[kept:])
					if err != nil {
						return
					}
					data := buffer[:kept+n]
					seen.Add(-bytes.Count(data, round))
					kept = copy(buffer, data[max(0, len(data)-len(round)+1):]) // it may begin here and end in the next piece
				}
			})
		}
		for i := 1; b.Loop(); i++ {
			seen.Add(watchers)
			patchPod(b, client, types.MergePatchType, fmt.Sprintf(`{"metadata":{"labels":{"n":"%s%d"}}}`, round, i))
			seen.Wait()
		}
	})
}
