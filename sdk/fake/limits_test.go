package fake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// amounts reads a resource list from pairs of name and amount.
func amounts(pairs ...string) corev1.ResourceList {
	list := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		list[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return list
}

// sized is a pod whose container asks for some amounts and may use others.
func sized(name string, requests, limits corev1.ResourceList) *corev1.Pod {
	pod := plainPod(name)
	pod.Spec.Containers[0].Resources = corev1.ResourceRequirements{Requests: requests, Limits: limits}
	return pod
}

// texts are amounts as they are written.
func texts(list corev1.ResourceList) map[string]string {
	texts := map[string]string{}
	for name, q := range list {
		texts[string(name)] = q.String()
	}
	return texts
}

func limitRange(items ...corev1.LimitRangeItem) *corev1.LimitRange {
	return &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Name: "bounds"}, Spec: corev1.LimitRangeSpec{Limits: items}}
}

// refused holds that an error is Forbidden and says exactly that.
func refused(t *testing.T, err error, want string) {
	t.Helper()
	if !apierrors.IsForbidden(err) || err.Error() != want {
		t.Errorf("err = %v\nwant  %s", err, want)
	}
}

func TestLimitRangeDefaults(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		must(t)(client.CoreV1().LimitRanges("default").Create(t.Context(), limitRange(corev1.LimitRangeItem{
			Type: corev1.LimitTypeContainer, Default: amounts("cpu", "500m", "memory", "64Mi"), DefaultRequest: amounts("cpu", "100m"),
		}), metav1.CreateOptions{}))
		pod := sized("a", amounts("memory", "32Mi"), nil)
		pod.Spec.InitContainers = []corev1.Container{{Name: "first", Image: "i", Resources: corev1.ResourceRequirements{Limits: amounts("cpu", "1")}}}
		got := must(t)(client.CoreV1().Pods("default").Create(t.Context(), pod, metav1.CreateOptions{})).(*corev1.Pod)
		for _, tt := range []struct {
			rule string
			want map[string]string
			got  corev1.ResourceList
		}{
			{"what is asked for stays", map[string]string{"cpu": "100m", "memory": "32Mi"}, got.Spec.Containers[0].Resources.Requests},
			{"no limit is the default", map[string]string{"cpu": "500m", "memory": "64Mi"}, got.Spec.Containers[0].Resources.Limits},
			{"a limit stays", map[string]string{"cpu": "1", "memory": "64Mi"}, got.Spec.InitContainers[0].Resources.Limits},
			{"an init container has defaults too", map[string]string{"cpu": "1", "memory": "64Mi"}, got.Spec.InitContainers[0].Resources.Requests},
		} {
			if diff := cmp.Diff(tt.want, texts(tt.got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
			}
		}
		const note = "LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a; memory request for init container first; memory limit for init container first"
		if got := got.Annotations["kubernetes.io/limit-ranger"]; got != note {
			t.Errorf("annotation %q\nwant       %q", got, note)
		}
	})
}

func TestLimitRangeBounds(t *testing.T) {
	item := func(kind corev1.LimitType, least, most, ratio corev1.ResourceList) corev1.LimitRangeItem {
		return corev1.LimitRangeItem{Type: kind, Min: least, Max: most, MaxLimitRequestRatio: ratio}
	}
	two := sized("a", amounts("cpu", "300m"), amounts("cpu", "300m"))
	two.Spec.Containers = append(two.Spec.Containers, two.Spec.Containers[0])
	two.Spec.Containers[1].Name = "d"
	whole := sized("a", amounts("cpu", "1"), amounts("cpu", "1"))
	whole.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "2"), Limits: amounts("cpu", "2")}
	for _, tt := range []struct {
		rule  string
		limit corev1.LimitRangeItem
		pod   *corev1.Pod
		want  string // after "is forbidden: "
	}{
		{"within", item("Container", amounts("cpu", "100m"), amounts("cpu", "1"), nil), sized("a", amounts("cpu", "100m"), amounts("cpu", "1")), ""},
		{"a request too small", item("Container", amounts("cpu", "200m"), nil, nil), sized("a", amounts("cpu", "100m"), nil),
			"minimum cpu usage per Container is 200m, but request is 100m"},
		{"a limit too large", item("Container", nil, amounts("memory", "1Gi"), nil), sized("a", amounts("memory", "1Gi"), amounts("memory", "2Gi")),
			"maximum memory usage per Container is 1Gi, but limit is 2Gi"},
		{"several, in the order of names", item("Container", amounts("cpu", "200m", "memory", "1Gi"), nil, nil), sized("a", amounts("cpu", "100m", "memory", "1Mi"), nil),
			"[minimum cpu usage per Container is 200m, but request is 100m, minimum memory usage per Container is 1Gi, but request is 1Mi]"},
		{"a ratio", item("Container", nil, nil, amounts("cpu", "2")), sized("a", amounts("cpu", "100m"), amounts("cpu", "500m")),
			"cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000"},
		{"a ratio of nothing", item("Container", nil, nil, amounts("cpu", "2")), sized("a", nil, nil),
			"cpu max limit to request ratio per Container is 2, but no request is specified or request is 0"},
		{"a pod is its containers together", item("Pod", nil, amounts("cpu", "500m"), nil), two, "maximum cpu usage per Pod is 500m, but limit is 600m"},
		{"or what it says as a whole", item("Pod", nil, amounts("cpu", "1500m"), nil), whole, "maximum cpu usage per Pod is 1500m, but limit is 2"},
		{"a pod must have a limit", item("Pod", nil, amounts("cpu", "1"), nil), sized("a", nil, nil), "maximum cpu usage per Pod is 1.  No limit is specified"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			settled(t, func(t *testing.T, client kubernetes.Interface) {
				must(t)(client.CoreV1().LimitRanges("default").Create(t.Context(), limitRange(tt.limit), metav1.CreateOptions{}))
				_, err := client.CoreV1().Pods("default").Create(t.Context(), tt.pod, metav1.CreateOptions{})
				if tt.want != "" {
					refused(t, err, `pods "a" is forbidden: `+tt.want)
				} else if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestLimitRangeBoundsChanges: a pod that is resized and a claim are held against limit ranges as well.
func TestLimitRangeBoundsChanges(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pod := must(t)(client.CoreV1().Pods("default").Create(t.Context(), sized("a", amounts("cpu", "100m"), amounts("cpu", "1")), metav1.CreateOptions{})).(*corev1.Pod)
		must(t)(client.CoreV1().LimitRanges("default").Create(t.Context(), limitRange(
			corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: amounts("cpu", "1")},
			corev1.LimitRangeItem{Type: corev1.LimitTypePersistentVolumeClaim, Min: amounts("storage", "1Gi"), Max: amounts("storage", "2Gi")},
		), metav1.CreateOptions{}))
		pod.Spec.Containers[0].Resources.Limits = amounts("cpu", "1500m")
		_, err := client.CoreV1().Pods("default").UpdateResize(t.Context(), "a", pod, metav1.UpdateOptions{})
		refused(t, err, `pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 1500m`)
		_, err = client.CoreV1().PersistentVolumeClaims("default").Create(t.Context(), claim("c", "3Gi"), metav1.CreateOptions{})
		refused(t, err, `persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi`)
		_, err = client.CoreV1().PersistentVolumeClaims("default").Create(t.Context(), claim("c", "500Mi"), metav1.CreateOptions{})
		refused(t, err, `persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi`)
		must(t)(client.CoreV1().PersistentVolumeClaims("default").Create(t.Context(), claim("c", "1Gi"), metav1.CreateOptions{}))
	}, fake.Without(fake.Kubelet, fake.Scheduler))
}
