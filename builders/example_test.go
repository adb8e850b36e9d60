package builders_test

import (
	"fmt"
	"os"

	b "github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
)

// show prints an object as it would stand in a file.
func show(obj descriptor.Object) {
	text, err := descriptor.Encode(obj, descriptor.Clean())
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(text)
}

// A pod of two containers that share a volume: one writes pages, one serves them.
func Example() {
	pod, err := b.Pod("site").
		Label("app", "site").
		TerminationGracePeriodSeconds(20).
		Containers(
			b.Container("writer", "example.com/writer:v2").
				Args("-every", "10s").
				SecretEnv("PASSWORD", "db", "password").
				Mount("pages", "/out"),
			b.Container("server", "nginx:1.27").
				Port("http", 8080).
				Request("cpu", "100m").Limit("memory", "256Mi").
				MountReadOnly("pages", "/usr/share/nginx/html").
				ReadinessProbe(b.Probe(b.HTTPGetAction("http").Path("/healthz")).PeriodSeconds(5)),
		).
		Volumes(b.Volume("pages", b.EmptyDirVolumeSource().SizeLimit("64Mi"))).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	show(pod)
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   labels:
	//     app: site
	//   name: site
	// spec:
	//   containers:
	//   - args:
	//     - -every
	//     - 10s
	//     env:
	//     - name: PASSWORD
	//       valueFrom:
	//         secretKeyRef:
	//           key: password
	//           name: db
	//     image: example.com/writer:v2
	//     name: writer
	//     volumeMounts:
	//     - mountPath: /out
	//       name: pages
	//   - image: nginx:1.27
	//     name: server
	//     ports:
	//     - containerPort: 8080
	//       name: http
	//     readinessProbe:
	//       httpGet:
	//         path: /healthz
	//         port: http
	//       periodSeconds: 5
	//     resources:
	//       limits:
	//         memory: 256Mi
	//       requests:
	//         cpu: 100m
	//     volumeMounts:
	//     - mountPath: /usr/share/nginx/html
	//       name: pages
	//       readOnly: true
	//   terminationGracePeriodSeconds: 20
	//   volumes:
	//   - emptyDir:
	//       sizeLimit: 64Mi
	//     name: pages
}

// Build reports everything that is wrong, not the first thing. errors.As finds the *multierror.Error, and the *field.Error of
// each problem in it.
func Example_errors() {
	_, err := b.Pod("site").
		RestartPolicy("Sometimes").
		Containers(b.Container("server", "").Port("http", 80_000).Mount("pages", "/out")).
		Build()
	fmt.Println(err)
	// Output:
	// Pod "site" is invalid:
	//   spec.containers[0].image: Required value
	//   spec.containers[0].ports[0].containerPort: Invalid value: 80000: must be between 1 and 65535, inclusive
	//   spec.containers[0].volumeMounts[0].name: Not found: "pages"
	//   spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"
}

// A builder is a value: what starts from it leaves it as it is. So a base needs no copying, also between goroutines.
func Example_base() {
	base := b.Pod("").Label("app", "site").Containers(b.Container("server", "nginx:1.27"))
	blue := base.Name("blue").Label("color", "blue")
	green := base.Name("green").Label("color", "green")
	for _, pod := range []b.PodBuilder{blue, green, base} {
		made := pod.Unchecked()
		fmt.Printf("%q %v\n", made.Name, made.Labels)
	}
	// Output:
	// "blue" map[app:site color:blue]
	// "green" map[app:site color:green]
	// "" map[app:site]
}

// Team is a mixin: a function that fits every builder with the methods that it names.
func Team[B interface{ Label(k, v string) B }](x B) B { return x.Label("team", "core") }

// Restricted is a mixin for pods only.
func Restricted(pod b.PodBuilder) b.PodBuilder {
	return pod.SecurityContext(b.PodSecurityContext().
		RunAsNonRoot(true).
		SeccompProfile(b.SeccompProfile(corev1.SeccompProfileTypeRuntimeDefault)))
}

func ExamplePodBuilder_With() {
	pod := b.Pod("site").
		With(Team, Restricted).
		Containers(b.Container("server", "nginx:1.27"))
	show(pod.MustBuild())

	rc := Team(b.ReplicationController("site"))
	fmt.Println("the controller's labels:", rc.Unchecked().Labels)
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   labels:
	//     team: core
	//   name: site
	// spec:
	//   containers:
	//   - image: nginx:1.27
	//     name: server
	//   securityContext:
	//     runAsNonRoot: true
	//     seccompProfile:
	//       type: RuntimeDefault
	// the controller's labels: map[team:core]
}

// Edit is for what no method sets, such as a status, and for taking something away.
func ExamplePodBuilder_Edit() {
	pod := b.Pod("site").
		Label("app", "site").Label("tier", "web").
		Containers(b.Container("server", "nginx:1.27")).
		Edit(func(pod *corev1.Pod) {
			delete(pod.Labels, "tier")
			pod.Status.Phase = corev1.PodRunning
		}).
		MustBuild()
	fmt.Println(pod.Labels, pod.Status.Phase)
	// Output:
	// map[app:site] Running
}

func ExamplePod() {
	show(b.Pod("crane").
		Label("app", "crane").
		Containers(b.Container("crane", "heejeong/crane").Port("http", 7070)).
		MustBuild())
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   labels:
	//     app: crane
	//   name: crane
	// spec:
	//   containers:
	//   - image: heejeong/crane
	//     name: crane
	//     ports:
	//     - containerPort: 7070
	//       name: http
}

// The template of a controller is a pod without a name.
func ExampleReplicationController() {
	crane := b.Pod("").
		Label("app", "crane").
		Containers(b.Container("crane", "heejeong/crane").ImagePullPolicy(corev1.PullAlways).Port("http", 7070))
	show(b.ReplicationController("crane").
		Replicas(3).
		Selector("app", "crane").
		Template(crane).
		MustBuild())
	// Output:
	// apiVersion: v1
	// kind: ReplicationController
	// metadata:
	//   name: crane
	// spec:
	//   replicas: 3
	//   selector:
	//     app: crane
	//   template:
	//     metadata:
	//       labels:
	//         app: crane
	//     spec:
	//       containers:
	//       - image: heejeong/crane
	//         imagePullPolicy: Always
	//         name: crane
	//         ports:
	//         - containerPort: 7070
	//           name: http
}

// PodFrom goes on from a pod that comes from elsewhere, and leaves that as it is.
func ExamplePodFrom() {
	found := &corev1.Pod{}
	found.Name = "crane"
	found.Spec.Containers = []corev1.Container{{Name: "crane", Image: "heejeong/crane"}}

	pod := b.PodFrom(found).Name("crane-debug").Containers(b.Container("shell", "busybox")).MustBuild()
	for _, c := range pod.Spec.Containers {
		fmt.Println(pod.Name, c.Name, c.Image)
	}
	fmt.Println(found.Name, len(found.Spec.Containers))
	// Output:
	// crane-debug crane heejeong/crane
	// crane-debug shell busybox
	// crane 1
}

// A volume has exactly one source: a call without one, or with two, does not compile.
func ExampleVolume() {
	volumes := []b.VolumeBuilder{
		b.Volume("cache", b.EmptyDirVolumeSource().SizeLimit("64Mi")),
		b.Volume("settings", b.ConfigMapVolumeSource("site").Items(b.KeyToPath("site.conf", "nginx.conf"))),
		b.Volume("all", b.ProjectedVolumeSource().Sources(b.SecretProjection("db"), b.ConfigMapProjection("site"))),
	}
	pod := b.Pod("site").Containers(b.Container("server", "nginx:1.27").Mount("cache", "/cache")).Volumes(volumes...)
	show(pod.MustBuild())
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: site
	// spec:
	//   containers:
	//   - image: nginx:1.27
	//     name: server
	//     volumeMounts:
	//     - mountPath: /cache
	//       name: cache
	//   volumes:
	//   - emptyDir:
	//       sizeLimit: 64Mi
	//     name: cache
	//   - configMap:
	//       items:
	//       - key: site.conf
	//         path: nginx.conf
	//       name: site
	//     name: settings
	//   - name: all
	//     projected:
	//       sources:
	//       - secret:
	//           name: db
	//       - configMap:
	//           name: site
}

// A probe has exactly one handler, whose port is a number or a name.
func ExampleProbe() {
	show(b.Pod("site").
		Containers(b.Container("server", "nginx:1.27").
			Port("http", 8080).
			StartupProbe(b.Probe(b.TCPSocketAction(8080)).FailureThreshold(30)).
			LivenessProbe(b.Probe(b.HTTPGetAction("http").Path("/healthz"))).
			ReadinessProbe(b.Probe(b.ExecAction().Command("test", "-e", "/tmp/ready")).PeriodSeconds(5))).
		MustBuild())
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: site
	// spec:
	//   containers:
	//   - image: nginx:1.27
	//     livenessProbe:
	//       httpGet:
	//         path: /healthz
	//         port: http
	//     name: server
	//     ports:
	//     - containerPort: 8080
	//       name: http
	//     readinessProbe:
	//       exec:
	//         command:
	//         - test
	//         - -e
	//         - /tmp/ready
	//       periodSeconds: 5
	//     startupProbe:
	//       failureThreshold: 30
	//       tcpSocket:
	//         port: 8080
}

// A hook can do what a probe does, except gRPC, and it can sleep.
func ExampleLifecycle() {
	show(b.Pod("site").
		Containers(b.Container("server", "nginx:1.27").Lifecycle(b.Lifecycle().PreStop(b.SleepAction(5)))).
		MustBuild())
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: site
	// spec:
	//   containers:
	//   - image: nginx:1.27
	//     lifecycle:
	//       preStop:
	//         sleep:
	//           seconds: 5
	//     name: server
}

func ExampleSecret() {
	show(b.Secret("db").Type(corev1.SecretTypeOpaque).StringData("password", "sesame").MustBuild())
	// Output:
	// apiVersion: v1
	// kind: Secret
	// metadata:
	//   name: db
	// stringData:
	//   password: sesame
	// type: Opaque
}
