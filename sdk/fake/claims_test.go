package fake_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func claim(name, size string) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: amounts("storage", size)},
	}}
}

func ofClass(c *corev1.PersistentVolumeClaim, class string) *corev1.PersistentVolumeClaim {
	c.Spec.StorageClassName = &class
	return c
}

func volume(name, size string, policy corev1.PersistentVolumeReclaimPolicy) *corev1.PersistentVolume {
	return &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PersistentVolumeSpec{
		Capacity: amounts("storage", size), AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		PersistentVolumeReclaimPolicy: policy,
		PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/data/" + name}},
	}}
}

// eventReasons are the reasons of the events of the namespace, in the order in which they came.
func eventReasons(t *testing.T, client kubernetes.Interface, kind string) []string {
	t.Helper()
	synctest.Wait()
	list, err := client.CoreV1().Events("default").List(t.Context(), metav1.ListOptions{FieldSelector: "involvedObject.kind=" + kind})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var reasons []string
	for _, e := range list.Items {
		if !seen[e.Reason] {
			reasons = append(reasons, e.Reason)
		}
		seen[e.Reason] = true
	}
	return reasons
}

func getClaim(t *testing.T, client kubernetes.Interface, name string) *corev1.PersistentVolumeClaim {
	t.Helper()
	return must(t)(client.CoreV1().PersistentVolumeClaims("default").Get(t.Context(), name, metav1.GetOptions{})).(*corev1.PersistentVolumeClaim)
}

func getVolume(t *testing.T, client kubernetes.Interface, name string) *corev1.PersistentVolume {
	t.Helper()
	return must(t)(client.CoreV1().PersistentVolumes().Get(t.Context(), name, metav1.GetOptions{})).(*corev1.PersistentVolume)
}

func TestAClaimIsBoundAtOnce(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		ctx := t.Context()
		made := must(t)(client.CoreV1().PersistentVolumeClaims("default").Create(ctx, claim("data", "1Gi"), metav1.CreateOptions{})).(*corev1.PersistentVolumeClaim)
		if class := made.Spec.StorageClassName; class == nil || *class != "standard" || made.Status.Phase != corev1.ClaimPending {
			t.Errorf("class %v, phase %s of the new claim", class, made.Status.Phase)
		}
		got, name := getClaim(t, client, "data"), "pvc-"+string(made.UID)
		if got.Spec.VolumeName != name || got.Status.Phase != corev1.ClaimBound || texts(got.Status.Capacity)["storage"] != "1Gi" ||
			len(got.Status.AccessModes) != 1 || !cmp.Equal(got.Finalizers, []string{"kubernetes.io/pvc-protection"}) {
			t.Errorf("claim %+v", got)
		}
		if diff := cmp.Diff(map[string]string{
			"pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes",
			"volume.beta.kubernetes.io/storage-provisioner": "k8s.io/minikube-hostpath", "volume.kubernetes.io/storage-provisioner": "k8s.io/minikube-hostpath",
		}, got.Annotations); diff != "" {
			t.Errorf("annotations (-want +got):\n%s", diff)
		}
		v := getVolume(t, client, name)
		if ref := v.Spec.ClaimRef; ref == nil || ref.UID != made.UID || v.Status.Phase != corev1.VolumeBound || v.Spec.StorageClassName != "standard" ||
			v.Spec.HostPath.Path != "/tmp/hostpath-provisioner/default/data" || v.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete ||
			v.Annotations["pv.kubernetes.io/provisioned-by"] != "k8s.io/minikube-hostpath" || !cmp.Equal(v.Finalizers, []string{"kubernetes.io/pv-protection"}) {
			t.Errorf("volume %+v", v)
		}
		if diff := cmp.Diff([]string{"ExternalProvisioning", "Provisioning", "ProvisioningSucceeded"}, eventReasons(t, client, "PersistentVolumeClaim")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		must(t)(nil, client.CoreV1().PersistentVolumeClaims("default").Delete(ctx, "data", metav1.DeleteOptions{}))
		synctest.Wait()
		if _, err := client.CoreV1().PersistentVolumes().Get(ctx, name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("the volume of a deleted claim: %v", err)
		}
	})
}

// TestAClaimInUseStays: a claim that a pod on a node refers to is only marked as deleted until that pod is gone.
func TestAClaimInUseStays(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		ctx, claims := t.Context(), client.CoreV1().PersistentVolumeClaims("default")
		must(t)(claims.Create(ctx, claim("data", "1Gi"), metav1.CreateOptions{}))
		unused := func() string {
			for _, c := range getClaim(t, client, "data").Status.Conditions {
				if c.Type == corev1.PersistentVolumeClaimUnused {
					return string(c.Status) + " " + c.Reason
				}
			}
			return ""
		}
		if got := unused(); got != "True NoPodsUsingPVC" {
			t.Errorf("condition Unused without a pod: %s", got)
		}
		pod := plainPod("p")
		pod.Spec.NodeName = "minikube"
		pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"},
		}}}
		must(t)(client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{}))
		if got := unused(); got != "False PodUsingPVC" {
			t.Errorf("condition Unused with a pod: %s", got)
		}
		must(t)(nil, claims.Delete(ctx, "data", metav1.DeleteOptions{}))
		if c := getClaim(t, client, "data"); c.DeletionTimestamp == nil || c.Status.Phase != corev1.ClaimBound {
			t.Errorf("deletion %v, phase %s", c.DeletionTimestamp, c.Status.Phase)
		}
		must(t)(nil, client.CoreV1().Pods("default").Delete(ctx, "p", metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}))
		if _, err := claims.Get(ctx, "data", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("the claim after its pod: %v", err)
		}
	}, fake.Without(fake.Kubelet))
}

// TestAClaimWithoutAClass waits for a volume that somebody makes, and takes the smallest that fits.
func TestAClaimWithoutAClass(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		ctx, volumes := t.Context(), client.CoreV1().PersistentVolumes()
		must(t)(volumes.Create(ctx, volume("small", "1Gi", "Retain"), metav1.CreateOptions{}))
		must(t)(client.CoreV1().PersistentVolumeClaims("default").Create(ctx, ofClass(claim("data", "2Gi"), ""), metav1.CreateOptions{}))
		if c := getClaim(t, client, "data"); c.Status.Phase != corev1.ClaimPending {
			t.Errorf("phase %s without a volume", c.Status.Phase)
		}
		if diff := cmp.Diff([]string{"FailedBinding"}, eventReasons(t, client, "PersistentVolumeClaim")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		must(t)(volumes.Create(ctx, volume("fits", "5Gi", "Retain"), metav1.CreateOptions{}))
		if c := getClaim(t, client, "data"); c.Spec.VolumeName != "fits" || c.Status.Phase != corev1.ClaimBound || texts(c.Status.Capacity)["storage"] != "5Gi" {
			t.Errorf("volume %s, phase %s, capacity %v", c.Spec.VolumeName, c.Status.Phase, c.Status.Capacity)
		}
		if v := getVolume(t, client, "small"); v.Status.Phase != corev1.VolumeAvailable {
			t.Errorf("the other volume is %s", v.Status.Phase)
		}
		must(t)(nil, client.CoreV1().PersistentVolumeClaims("default").Delete(ctx, "data", metav1.DeleteOptions{}))
		if v := getVolume(t, client, "fits"); v.Status.Phase != corev1.VolumeReleased {
			t.Errorf("a retained volume is %s", v.Status.Phase)
		}
		must(t)(nil, volumes.Delete(ctx, "fits", metav1.DeleteOptions{}))
		if _, err := volumes.Get(ctx, "fits", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("a released volume that was deleted: %v", err)
		}
	})
}

// TestReclaiming: what becomes of a volume is as its maker says, as far as there is anybody to do it.
func TestReclaiming(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(*corev1.PersistentVolume)
		want   string // the phase; empty: gone
	}{
		{"a temporary directory is deleted", func(v *corev1.PersistentVolume) { v.Spec.HostPath.Path = "/tmp/x" }, ""},
		{"another is not", func(v *corev1.PersistentVolume) {}, "Failed: host_path deleter only supports /tmp/.+ but received provided /data/v"},
		{"a recycled one is available again", func(v *corev1.PersistentVolume) { v.Spec.PersistentVolumeReclaimPolicy = "Recycle" }, "Available: "},
		{"one of a driver's is left to it", func(v *corev1.PersistentVolume) {
			v.Spec.HostPath, v.Spec.CSI = nil, &corev1.CSIPersistentVolumeSource{Driver: "d.example.com", VolumeHandle: "h"}
		}, "Released: "},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			settled(t, func(t *testing.T, client kubernetes.Interface) {
				ctx, v := t.Context(), volume("v", "1Gi", "Delete")
				tt.change(v)
				must(t)(client.CoreV1().PersistentVolumes().Create(ctx, v, metav1.CreateOptions{}))
				must(t)(client.CoreV1().PersistentVolumeClaims("default").Create(ctx, ofClass(claim("c", "1Gi"), ""), metav1.CreateOptions{}))
				must(t)(nil, client.CoreV1().PersistentVolumeClaims("default").Delete(ctx, "c", metav1.DeleteOptions{}))
				got, err := client.CoreV1().PersistentVolumes().Get(ctx, "v", metav1.GetOptions{})
				switch is := string(got.Status.Phase) + ": " + got.Status.Message; {
				case tt.want == "" && !apierrors.IsNotFound(err):
					t.Errorf("Get = %v, want NotFound", err)
				case tt.want != "" && is != tt.want:
					t.Errorf("%s, want %s", is, tt.want)
				}
			})
		})
	}
}

// TestClassesOfClaims: who waits for what, and with which event.
func TestClassesOfClaims(t *testing.T) {
	class := func(name, provisioner string, mode storagev1.VolumeBindingMode) *storagev1.StorageClass {
		return &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Provisioner: provisioner, VolumeBindingMode: &mode}
	}
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		ctx, claims := t.Context(), client.CoreV1().PersistentVolumeClaims("default")
		must(t)(client.StorageV1().StorageClasses().Create(ctx, class("theirs", "example.com/disks", "Immediate"), metav1.CreateOptions{}))
		must(t)(client.StorageV1().StorageClasses().Create(ctx, class("later", hostPath, "WaitForFirstConsumer"), metav1.CreateOptions{}))
		for _, c := range []string{"theirs", "later", "none"} {
			must(t)(claims.Create(ctx, ofClass(claim(c, "1Gi"), c), metav1.CreateOptions{}))
		}
		if diff := cmp.Diff([]string{"WaitForFirstConsumer", "ProvisioningFailed", "ExternalProvisioning"}, eventReasons(t, client, "PersistentVolumeClaim")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		pod := plainPod("p")
		pod.Spec.NodeSelector = nil
		pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "later"},
		}}}
		must(t)(client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{}))
		c := getClaim(t, client, "later")
		if c.Status.Phase != corev1.ClaimBound || c.Annotations["volume.kubernetes.io/selected-node"] != "minikube" {
			t.Errorf("phase %s, annotations %v with a consumer", c.Status.Phase, c.Annotations)
		}
		must(t)(client.StorageV1().StorageClasses().Create(ctx, class("none", hostPath, "Immediate"), metav1.CreateOptions{}))
		if c := getClaim(t, client, "none"); c.Status.Phase != corev1.ClaimBound {
			t.Errorf("phase %s once its class is there", c.Status.Phase)
		}
		if c := getClaim(t, client, "theirs"); c.Status.Phase != corev1.ClaimPending {
			t.Errorf("phase %s of a claim whose provisioner is not there", c.Status.Phase)
		}
		c.Spec.Resources.Requests = amounts("storage", "2Gi")
		_, err := claims.Update(ctx, c, metav1.UpdateOptions{})
		refused(t, err, `persistentvolumeclaims "later" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`)
	})
}

// hostPath is minikube's provisioner, the only one that is there.
const hostPath = "k8s.io/minikube-hostpath"

// TestTheDefaultClassIsMarked in lists, as kubectl get storageclass shows it.
func TestTheDefaultClassIsMarked(t *testing.T) {
	config := fake.RunT(t).RESTConfig()
	table := tableOf(t, config, "/apis/storage.k8s.io/v1/storageclasses")
	want := []any{"standard (default)", hostPath, "Delete", "Immediate", false}
	if len(table.Rows) != 1 {
		t.Fatalf("%d rows", len(table.Rows))
	}
	if diff := cmp.Diff(want, table.Rows[0].Cells[:5]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}
