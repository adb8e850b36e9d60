package kubelet_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/podfs"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// files are an image with commands that work on files: cat, put and mode.
func files(content fstest.MapFS) kubelet.Image {
	image := kubelet.Image{Program: untilTerminated, Exec: func(_ context.Context, c *kubelet.Container) error {
		var text []byte
		var err error
		switch name := c.Args[1]; c.Args[0] {
		case "cat":
			text, err = c.FS().ReadFile(name)
		case "put":
			err = c.FS().WriteFile(name, []byte(c.Args[2]), 0o644)
		case "mode":
			var info fs.FileInfo
			if info, err = c.FS().Stat(name); err == nil {
				text = []byte(fmt.Sprintf("%v %d", info.Mode(), info.Sys().(*podfs.Stat).GID))
			}
		}
		_, _ = c.Stdout.Write(text)
		return err
	}}
	if content != nil {
		image.Files = podfs.NewImage(content)
	}
	return image
}

// command runs a command in a container and returns its output and errors.
func (w *world) command(pod, container string, args ...string) string {
	w.Helper()
	var out output
	if _, err := w.kubelet.Exec(w.Context(), "default", pod, "", container, kubelet.Command{Args: args, Stdout: &out, Stderr: &out}); err != nil {
		w.Fatal(err)
	}
	return string(out)
}

// mounted is a pod of two containers, first and second, that mount a volume at /data.
func mounted(name string, source corev1.VolumeSource, change ...func(*corev1.VolumeMount)) *corev1.Pod {
	pod := podOf(name, "files", "files")
	pod.Spec.Containers[0].Name, pod.Spec.Containers[1].Name = "first", "second"
	pod.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: source}}
	for i := range pod.Spec.Containers {
		m := corev1.VolumeMount{Name: "data", MountPath: "/data"}
		for _, f := range change {
			f(&m)
		}
		pod.Spec.Containers[i].VolumeMounts = []corev1.VolumeMount{m}
	}
	return pod
}

var emptyDir = corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}

// TestIsolation: containers of a pod have files of their own, but for the volume that both mount.
func TestIsolation(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(fstest.MapFS{"srv/index.html": {Data: []byte("of the image")}}))
		w.run(mounted("app", emptyDir))
		w.command("app", "first", "put", "/srv/index.html", "mine")
		w.command("app", "first", "put", "/data/page", "ours")
		for _, tc := range [][2]string{
			{"first /srv/index.html", "mine"}, {"second /srv/index.html", "of the image"}, {"second /data/page", "ours"},
		} {
			container, name, _ := strings.Cut(tc[0], " ")
			if got := w.command("app", container, "cat", name); got != tc[1] {
				t.Errorf("%s: %q, want %q", tc[0], got, tc[1])
			}
		}
		w.run(mounted("other", emptyDir))
		if got := w.command("other", "first", "cat", "/data/page"); !strings.Contains(got, "no such file or directory") {
			t.Errorf("another pod's volume of the same name: %q", got)
		}
	})
}

// TestRestartsLoseTheRoot, but not the volumes.
func TestRestartsLoseTheRoot(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		w.run(mounted("app", emptyDir))
		w.command("app", "first", "put", "/root-file", "x")
		w.command("app", "first", "put", "/data/kept", "x")
		if err := w.kubelet.OOMKill("default", "app", "first"); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		if got := w.command("app", "first", "cat", "/root-file"); !strings.Contains(got, "no such file") {
			t.Errorf("after a restart: %q", got)
		}
		if got := w.command("app", "first", "cat", "/data/kept"); got != "x" {
			t.Errorf("in the volume after a restart: %q", got)
		}
	})
}

// TestConfigMapVolume: its files follow the object, but not where a subPath is mounted.
func TestConfigMapVolume(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		settings := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings", Namespace: "default"}, Data: map[string]string{"colour": "red"}}
		w.create(registry.ConfigMaps, settings)
		source := corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}}}
		pod := mounted("app", source)
		pod.Spec.Containers[1].VolumeMounts[0].SubPath, pod.Spec.Containers[1].VolumeMounts[0].MountPath = "colour", "/etc/colour"
		w.run(pod)
		if a, b := w.command("app", "first", "cat", "/data/colour"), w.command("app", "second", "cat", "/etc/colour"); a != "red" || b != "red" {
			t.Errorf("%q and %q, want red", a, b)
		}
		if got := w.command("app", "first", "put", "/data/colour", "x"); !strings.Contains(got, "read-only file system") {
			t.Errorf("writing: %q", got)
		}
		_, err := w.api.Update(registry.ConfigMaps, "default", "settings", byTest, func(obj store.Object) error {
			obj.(*corev1.ConfigMap).Data["colour"] = "blue"
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wait(0)
		if a, b := w.command("app", "first", "cat", "/data/colour"), w.command("app", "second", "cat", "/etc/colour"); a != "blue" || b != "red" {
			t.Errorf("after the change %q and, by subPath, %q", a, b)
		}
	})
}

// TestMissingKey: a pod waits for what its volume is made of.
func TestMissingKey(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		w.create(registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings", Namespace: "default"}})
		source := corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"},
			Items: []corev1.KeyToPath{{Key: "colour", Path: "c"}}}}
		w.run(mounted("app", source))
		want := []string{`Warning FailedMount : MountVolume.SetUp failed for volume "data" : configmap references non-existent config key: colour`}
		if diff := cmp.Diff(want, w.events("app")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		_, err := w.api.Update(registry.ConfigMaps, "default", "settings", byTest, func(obj store.Object) error {
			obj.(*corev1.ConfigMap).Data = map[string]string{"colour": "red"}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wait(0)
		if got := w.command("app", "first", "cat", "/data/c"); got != "red" {
			t.Errorf("when the key is there: %q", got)
		}
	})
}

// TestVolumesAndUsers: fsGroup, read-only mounts, subPathExpr, and what a pod's own files say.
func TestVolumesAndUsers(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		pod := mounted("app", emptyDir)
		pod.Spec.SecurityContext = &corev1.PodSecurityContext{FSGroup: new(int64(2000)), RunAsUser: new(int64(1000))}
		pod.Spec.Hostname, pod.Spec.HostAliases = "web", []corev1.HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a", "b"}}}
		pod.Spec.Containers[1].VolumeMounts[0].ReadOnly = true
		pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "NAME", Value: "mine"}}
		pod.Spec.Containers[0].VolumeMounts = append(pod.Spec.Containers[0].VolumeMounts,
			corev1.VolumeMount{Name: "data", MountPath: "/own", SubPathExpr: "of-$(NAME)"})
		w.run(pod)
		for _, tc := range []struct {
			container string
			args      []string
			want      string
		}{
			{"first", []string{"mode", "/data"}, "dgrwxrwxrwx 2000"},
			{"first", []string{"put", "/data/x", "y"}, ""},
			{"first", []string{"mode", "/data/x"}, "-rw-r--r-- 2000"},
			{"first", []string{"put", "/etc/x", "y"}, "open /etc/x: permission denied\n"},
			{"second", []string{"put", "/data/x", "y"}, "open /data/x: read-only file system\n"},
			{"first", []string{"put", "/own/file", "y"}, ""},
			{"second", []string{"cat", "/data/of-mine/file"}, "y"},
			{"first", []string{"cat", "/etc/hostname"}, "web\n"},
			{"first", []string{"cat", "/etc/resolv.conf"},
				"search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"},
		} {
			if got := w.command("app", tc.container, tc.args...); got != tc.want {
				t.Errorf("%s in %s: %q, want %q", tc.args, tc.container, got, tc.want)
			}
		}
		hosts := w.command("app", "first", "cat", "/etc/hosts")
		for _, line := range []string{"127.0.0.1\tlocalhost\n", "\tweb\n", "# Entries added by HostAliases.\n1.2.3.4\ta\tb\n"} {
			if !strings.Contains(hosts, line) {
				t.Errorf("%q is not in %q", line, hosts)
			}
		}
	})
}

// TestHostsOfTheNode: with the node's network a pod has the names that the node knows, and its own aliases.
func TestHostsOfTheNode(t *testing.T) {
	const node = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\n" +
		"ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n192.168.49.2\tminikube\n"
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		pod := podOf("app", "files")
		pod.Spec.HostNetwork = true
		pod.Spec.HostAliases = []corev1.HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a"}}}
		pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{
			Path: "/etc/hosts", Type: new(corev1.HostPathFile)}}}}
		pod.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "v", MountPath: "/node"}}
		w.run(pod)
		container := pod.Spec.Containers[0].Name
		if diff := cmp.Diff(node, w.command("app", container, "cat", "/node")); diff != "" {
			t.Errorf("the node's (-want +got):\n%s", diff)
		}
		want := "# Kubernetes-managed hosts file (host network).\n" + node + "\n# Entries added by HostAliases.\n1.2.3.4\ta\n"
		if diff := cmp.Diff(want, w.command("app", container, "cat", "/etc/hosts")); diff != "" {
			t.Errorf("the pod's (-want +got):\n%s", diff)
		}
	})
}

// TestTerminationMessage: a program's last words are what it leaves in the file for them.
func TestTerminationMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("dying", func(_ context.Context, c *kubelet.Container) error {
			fmt.Fprintln(c.Stdout, "in the log")
			return errors.Join(c.FS().WriteFile("/dev/termination-log", []byte("farewell"), 0o644), kubelet.ExitError{Code: 4})
		})
		pod := podOf("app", "dying")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		got := w.run(pod).Status.ContainerStatuses[0].State.Terminated
		if got == nil || got.ExitCode != 4 || got.Message != "farewell" {
			t.Errorf("state %+v", got)
		}
	})
}

// TestEmptyDirLimit: a pod whose volume outgrows its limit is evicted.
func TestEmptyDirLimit(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		w.run(mounted("app", corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("1Mi"))}}))
		w.command("app", "first", "put", "/data/big", strings.Repeat("x", 2<<20))
		wait(time.Second)
		got := w.pod("app").Status
		if want := `Usage of EmptyDir volume "data" exceeds the limit "1Mi". `; got.Reason != "Evicted" || got.Message != want {
			t.Errorf("%s %q, want %q", got.Reason, got.Message, want)
		}
	})
}

// TestHostPath: pods of a node see its files, and a type that is not there keeps a pod from starting.
func TestHostPath(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("files", files(nil))
		host := func(typ corev1.HostPathType) corev1.VolumeSource {
			return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/lib/app", Type: &typ}}
		}
		w.run(mounted("strict", host(corev1.HostPathDirectory)))
		want := []string{`Warning FailedMount : MountVolume.SetUp failed for volume "data" : hostPath type check failed, /var/lib/app is not a directory, unable to determine its type: path "/var/lib/app" does not exist`}
		if diff := cmp.Diff(want, w.events("strict")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		w.run(mounted("one", host(corev1.HostPathDirectoryOrCreate)))
		w.run(mounted("two", host(corev1.HostPathDirectoryOrCreate)))
		w.command("one", "first", "put", "/data/x", "shared")
		if got := w.command("two", "second", "cat", "/data/x"); got != "shared" {
			t.Errorf("%q", got)
		}
	})
}

// TestNonRoot: a container that must not run as root and would does not start.
func TestNonRoot(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		pod := podOf("app", "app")
		pod.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true)}
		got := w.run(pod).Status.ContainerStatuses[0].State.Waiting
		if got == nil || got.Reason != "CreateContainerConfigError" || !strings.HasPrefix(got.Message, "container has runAsNonRoot and image will run as root (pod: ") {
			t.Errorf("waiting %+v", got)
		}
	})
}

// TestStdoutIsAFile: what a program writes to /dev/stdout is in its log, and after its end its files are gone.
func TestStdoutIsAFile(t *testing.T) {
	inWorld(t, func(w *world) {
		var left *podfs.FS
		w.handle("app", func(ctx context.Context, c *kubelet.Container) error {
			left = c.FS()
			return c.FS().WriteFile("/dev/stdout", []byte("by its name\n"), 0)
		})
		pod := podOf("app", "app")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(pod)
		if got := w.log("app", "app", false); got != "by its name\n" {
			t.Errorf("log %q", got)
		}
		if _, err := left.ReadFile("/etc/hosts"); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}
