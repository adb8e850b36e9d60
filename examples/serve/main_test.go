package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// serve runs the program until the test ends and returns its configuration.
func serve(t *testing.T, args ...string) *rest.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	ctx, cancel := context.WithCancel(t.Context())
	lines, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"-kubeconfig", file}, args...), out, io.Discard)
		out.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run = %v", err)
		}
	})
	go io.Copy(io.Discard, first(t, lines))
	config, err := clientcmd.BuildConfigFromFlags("", file)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// first waits for the first output, which comes when the server answers.
func first(t *testing.T, r io.Reader) io.Reader {
	t.Helper()
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the program ended: %v", err)
	}
	return r
}

func TestServesWithItsKubeconfig(t *testing.T) {
	config := serve(t, "-nodes", "2", "-token", "secret")
	client := kubernetes.NewForConfigOrDie(config)
	nodes, err := client.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(nodes.Items) != 2 {
		t.Errorf("%d nodes, want 2", len(nodes.Items))
	}
	if config.BearerToken != "secret" {
		t.Errorf("token = %q", config.BearerToken)
	}
}

func TestRefusesWithoutToken(t *testing.T) {
	config := serve(t)
	config.BearerToken = ""
	client := kubernetes.NewForConfigOrDie(config)
	if _, err := client.CoreV1().Pods("").List(t.Context(), metav1.ListOptions{}); !apierrors.IsUnauthorized(err) {
		t.Errorf("list without a token: %v, want Unauthorized", err)
	}
	for _, path := range []string{"/healthz", "/readyz", "/version"} {
		if _, err := client.RESTClient().Get().AbsPath(path).DoRaw(t.Context()); err != nil {
			t.Errorf("%s without a token: %v", path, err)
		}
	}
}

func TestUnknownImagesPause(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client := kubernetes.NewForConfigOrDie(serve(t, "-unknown-images", "pause"))
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx"}}}}
	if _, err := client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	w, err := client.CoreV1().Pods("default").Watch(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for e := range w.ResultChan() {
		if p, ok := e.Object.(*corev1.Pod); ok && p.Status.Phase == corev1.PodRunning {
			return
		}
	}
	t.Error("the pod never ran")
}

func TestWithout(t *testing.T) {
	client := kubernetes.NewForConfigOrDie(serve(t, "-api-only"))
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx"}}}}
	if _, err := client.CoreV1().Pods("default").Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	// A namespace gets its account, by a component that comes after the scheduler could have acted.
	if _, err := client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "other"}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	w, err := client.CoreV1().ServiceAccounts("other").Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	<-w.ResultChan()
	got, err := client.CoreV1().Pods("default").Get(t.Context(), "p", metav1.GetOptions{})
	if err != nil || got.Spec.NodeName != "" {
		t.Errorf("pod on node %q, %v; want none", got.Spec.NodeName, err)
	}
}

func TestRBAC(t *testing.T) {
	config := serve(t, "-api-only", "-rbac")
	admin := kubernetes.NewForConfigOrDie(config)
	if _, err := admin.RbacV1().ClusterRoles().Get(t.Context(), "cluster-admin", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	config.Impersonate.UserName = "ann"
	if _, err := kubernetes.NewForConfigOrDie(config).CoreV1().Pods("").List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("list by somebody without roles: %v, want Forbidden", err)
	}
}

func TestBadCommandLines(t *testing.T) {
	for _, tc := range []struct {
		args string
		want string
	}{
		{"-without schedular", `unknown component "schedular"`},
		{"-unknown-images run", "give refuse or pause"},
		{"-nodes -1", "nodes"},
		{"-addr 0.0.0.0:0", "not a loopback address"},
		{"extra", "unexpected argument"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			var out bytes.Buffer
			err := run(t.Context(), strings.Fields("-kubeconfig "+filepath.Join(t.TempDir(), "k")+" "+tc.args), &out, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("run = %v, want %q", err, tc.want)
			}
		})
	}
}

func TestKubeconfigIsWrittenWhole(t *testing.T) {
	dir := t.TempDir()
	if err := writeFile(filepath.Join(dir, "k"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v %v, want one file", entries, err)
	}
	info, err := os.Stat(filepath.Join(dir, "k"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
}
