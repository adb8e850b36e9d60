package images_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

// apply creates the objects of a manifest, with words of it replaced, as a person does who fills in what only the cluster knows.
func (w world) apply(file string, replace ...string) {
	w.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		w.Fatal(err)
	}
	objects, err := descriptor.DecodeAll([]byte(strings.NewReplacer(replace...).Replace(string(data))), descriptor.File(file))
	if err != nil {
		w.Fatal(err)
	}
	for _, obj := range objects {
		if err := w.client.Create(context.Background(), obj.(sdk.Object)); err != nil {
			w.Fatal(err)
		}
	}
}

func (w world) wait(pod string, until sdk.Condition) *corev1.Pod {
	w.Helper()
	if err := w.client.Wait(context.Background(), sdk.PodNamed(pod), until); err != nil {
		w.Fatal(err)
	}
	synctest.Wait() // for programs that have just started to do what they do at once
	var p corev1.Pod
	if err := w.client.Get(context.Background(), pod, &p); err != nil {
		w.Fatal(err)
	}
	return &p
}

// get asks a port of a pod by a port-forward.
func (w world) get(pod, port, path string) (status int, body string, header http.Header) {
	w.Helper()
	forward, err := w.client.PortForward(context.Background(), sdk.PodNamed(pod), "0:"+port)
	if err != nil {
		w.Fatal(err)
	}
	defer forward.Close()
	client := forward.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Get("http://" + net.JoinHostPort(pod, port) + path)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

func (w world) wantBody(pod, port, path string, status int, part string) {
	w.Helper()
	got, body, _ := w.get(pod, port, path)
	if got != status || !strings.Contains(body, part) {
		w.Errorf("%s of %s: %d %q, want %d with %q", path, pod, got, body, status, part)
	}
}

// wantLog wants lines in a log that fit an expression.
func (w world) wantLog(pod, container, expr string) {
	w.Helper()
	if text := w.log(pod, container); !regexp.MustCompile(expr).MatchString(text) {
		w.Errorf("log of %s in %s is %q, want %s", container, pod, text, expr)
	}
}

func (w world) wantFile(pod, container, name, want string) {
	w.Helper()
	files, err := w.cluster.Files("default", pod, container)
	if err != nil {
		w.Fatal(err)
	}
	if data, err := files.ReadFile(name); err != nil || string(data) != want {
		w.Errorf("%s in %s of %s is %q, %v; want %q", name, container, pod, data, err, want)
	}
}

// remove deletes a pod, and tells how long that took.
func (w world) remove(pod string) time.Duration {
	w.Helper()
	var p corev1.Pod
	p.Name = pod
	begin := time.Now()
	if err := w.client.Delete(context.Background(), &p); err != nil {
		w.Fatal(err)
	}
	if err := w.client.Wait(context.Background(), sdk.PodNamed(pod), sdk.Deleted()); err != nil {
		w.Fatal(err)
	}
	return time.Since(begin)
}

func wait(d time.Duration) { <-time.After(d) }

// TestManifests runs what people find in the documentation of Kubernetes and in blogs, as it is.
func TestManifests(t *testing.T) {
	for file, check := range map[string]func(w world, apply func(replace ...string)){
		"01-shared-volume": func(w world, apply func(...string)) {
			apply()
			w.wait("two-containers", sdk.Exists())
			wait(10 * time.Second)
			w.wantBody("two-containers", "80", "/", 200, "Hello from the other container\n")
			w.wantLog("two-containers", "nginx-container", `(?m)"GET / HTTP/1\.1" 200 31 "-" "Go-http-client/1\.1" "-"$`)
		},
		"02-init-page": func(w world, apply func(...string)) {
			apply()
			w.wait("init-demo", sdk.Ready())
			w.wantBody("init-demo", "80", "/docs/", 200, "<h1>installed</h1>\n")
			w.wantBody("init-demo", "80", "/nope", 404, "<h1>404 Not Found</h1>")
			w.wantLog("init-demo", "nginx", `open\(\) "/usr/share/nginx/html/nope" failed \(2: No such file or directory\)`)
		},
		"03-init-order": func(w world, apply func(...string)) {
			apply()
			w.wait("myapp-pod", sdk.Ready())
			w.wantLog("myapp-pod", "first", `^first done\n$`)
			w.wantLog("myapp-pod", "second", `^second done\n$`)
			w.wantLog("myapp-pod", "myapp-container", `^The app is running!\n$`)
			if d := w.remove("myapp-pod"); d < 30*time.Second {
				w.Errorf("deleted after %v; the first process of a container takes no SIGTERM that it does not catch", d)
			}
		},
		"04-sidecar-logs": func(w world, apply func(...string)) {
			apply()
			w.wait("logging", sdk.Ready())
			wait(10 * time.Second)
			w.wantLog("logging", "logshipper", `(logging\n){8,}`)
		},
		"05-two-log-streams": func(w world, apply func(...string)) {
			apply()
			w.wait("counter", sdk.Ready())
			wait(5 * time.Second)
			w.wantLog("counter", "count-log-1", `0: tick\n1: tick\n2: tick\n`)
			w.wantLog("counter", "count-log-2", `INFO 0\nINFO 1\nINFO 2\n`)
		},
		"06-configmap-env": func(w world, apply func(...string)) {
			apply()
			w.wait("dapi-test-pod", sdk.Phase(corev1.PodSucceeded))
			w.wantLog("dapi-test-pod", "test-container", `^very charm\n$`)
		},
		"07-configmap-files": func(w world, apply func(...string)) {
			apply()
			w.wait("configmap-demo-pod", sdk.Ready())
			w.wantFile("configmap-demo-pod", "demo", "/config/game.properties", "enemy.types=aliens,monsters\nplayer.maximum-lives=5\n")
		},
		"08-nginx-conf": func(w world, apply func(...string)) {
			apply()
			w.wait("web", sdk.Ready())
			w.wantBody("web", "8080", "/healthz", 200, "alive")
			w.wantBody("web", "8080", "/", 200, "Welcome to nginx!")
			if status, _, header := w.get("web", "8080", "/old/x"); status != 301 || header.Get("Location") != "/new/" {
				w.Errorf("/old/x: %d to %q", status, header.Get("Location"))
			}
		},
		"09-secret-files": func(w world, apply func(...string)) {
			apply()
			w.wait("secret-test-pod", sdk.Phase(corev1.PodSucceeded))
			w.wantLog("secret-test-pod", "test-container", `^password=39528\$vdg7Jb\nusername=my-app\n400\n$`)
		},
		"10-downward-env": func(w world, apply func(...string)) {
			apply()
			p := w.wait("dapi-envars-fieldref", sdk.Ready())
			w.wantLog(p.Name, "test-container", `\n`+p.Spec.NodeName+`\ndapi-envars-fieldref\ndefault\n1\n67108864\n`)
		},
		"11-downward-files": func(w world, apply func(...string)) {
			apply()
			p := w.wait("kubernetes-downwardapi-volume-example", sdk.Ready())
			wait(time.Second)
			w.wantLog(p.Name, "client-container", `\n\ncluster="test-cluster1"\nzone="us-est-coast"\n?\n\nbuild="two"\n`)
		},
		"12-liveness-exec": func(w world, apply func(...string)) {
			apply()
			w.wait("liveness-exec", sdk.Ready())
			w.wantFile("liveness-exec", "liveness", "/tmp/healthy", "")
			wait(2 * time.Minute)
			if p := w.wait("liveness-exec", sdk.Exists()); p.Status.ContainerStatuses[0].RestartCount != 1 {
				w.Errorf("%d restarts after two minutes", p.Status.ContainerStatuses[0].RestartCount)
			}
		},
		"13-liveness-http": func(w world, apply func(...string)) {
			apply()
			w.wait("liveness-http", sdk.Ready())
			w.wantBody("liveness-http", "8080", "/healthz", 200, "ok")
			wait(70 * time.Second)
			if p := w.wait("liveness-http", sdk.Exists()); p.Status.ContainerStatuses[0].RestartCount < 1 {
				w.Errorf("no restart after 70 seconds")
			}
		},
		"14-lifecycle": func(w world, apply func(...string)) {
			apply()
			w.wait("lifecycle-demo", sdk.Ready())
			w.wantFile("lifecycle-demo", "lifecycle-demo-container", "/usr/share/message", "Hello from the postStart handler\n")
			if d := w.remove("lifecycle-demo"); d > 10*time.Second {
				w.Errorf("nginx -s quit took %v", d)
			}
		},
		"15-termination-message": func(w world, apply func(...string)) {
			apply()
			p := w.wait("termination-demo", sdk.Phase(corev1.PodSucceeded))
			if got := p.Status.ContainerStatuses[0].State.Terminated.Message; got != "Sleep expired\n" {
				w.Errorf("termination message %q", got)
			}
		},
		"16-graceful-trap": func(w world, apply func(...string)) {
			apply()
			w.wait("graceful", sdk.Ready())
			w.wantLog("graceful", "worker", `^working in graceful\n$`)
			if d := w.remove("graceful"); d < 3*time.Second || d > 20*time.Second {
				w.Errorf("the trap took %v", d)
			}
		},
		"17-content-puller": func(w world, apply func(...string)) {
			apply()
			w.wait("mirror", sdk.Ready())
			w.wantBody("mirror", "8080", "/", 200, "<h1>It works!</h1>")
			w.wantLog("mirror", "puller", `(?m)^pulled$`)
			w.wantLog("origin", "httpd", `"GET / HTTP/1\.1" 200 \d+`)
		},
		"18-replicated-hostnames": func(w world, apply func(...string)) {
			apply()
			if err := w.client.Wait(context.Background(), sdk.ControllerNamed("hostnames"), sdk.Ready()); err != nil {
				w.Fatal(err)
			}
			var pods corev1.PodList
			if err := w.client.List(context.Background(), &pods, sdk.SelectingText("app=hostnames")); err != nil || len(pods.Items) != 3 {
				w.Fatalf("%d pods, %v", len(pods.Items), err)
			}
			for _, p := range pods.Items {
				w.wantBody(p.Name, "9376", "/", 200, p.Name)
			}
		},
		"19-copied-tool": func(w world, apply func(...string)) {
			apply()
			w.wait("tools", sdk.Phase(corev1.PodSucceeded, corev1.PodFailed))
			w.wantLog("tools", "main", `^args: one two\n2\nID=alpine\n$`)
		},
		"20-kuard": func(w world, apply func(...string)) {
			apply()
			w.wait("kuard", sdk.Ready())
			w.wantBody("kuard", "8080", "/", 200, "Hostname: <code>kuard</code>")
			w.wantBody("kuard", "8080", "/fs/etc/hostname", 200, "kuard\n")
			w.wantBody("kuard", "8080", "/env/api", 200, `"commandLine":["/kuard"]`)
		},
	} {
		t.Run(file, func(t *testing.T) {
			inWorld(t, func(w world) {
				check(w, func(replace ...string) { w.apply(filepath.Join("testdata/manifests", file+".yaml"), replace...) })
			})
		})
	}
	if found, err := filepath.Glob("testdata/manifests/*.yaml"); err != nil || len(found) != 20 {
		t.Errorf("%d manifests, %v", len(found), err)
	}
}
