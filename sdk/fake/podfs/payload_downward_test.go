package podfs

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var pod = &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
	Name: "web", Namespace: "shop", UID: "123", Labels: map[string]string{"app": "web", "tier": `front "end"`},
	Annotations: map[string]string{"example.com/Note": "a\nb"},
}}

func TestFieldValue(t *testing.T) {
	rows := []struct{ path, want, err string }{
		{"metadata.name", "web", ""},
		{"metadata.namespace", "shop", ""},
		{"metadata.uid", "123", ""},
		{"metadata.labels", "app=\"web\"\ntier=\"front \\\"end\\\"\"", ""},
		{"metadata.annotations", `example.com/Note="a\nb"`, ""},
		{"metadata.labels['app']", "web", ""},
		{"metadata.labels['gone']", "", ""},
		{"metadata.annotations['example.com/Note']", "a\nb", ""},
		{"metadata.name['x']", "", `fieldPath "metadata.name['x']" does not support subscript`},
		{"metadata.labels['a b']", "", "invalid key subscript in metadata.labels['a b']: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
		{"status.podIP", "", "unsupported fieldPath: status.podIP"},
		{"['x']", "", "unsupported fieldPath: ['x']"},
	}
	for _, row := range rows {
		t.Run(row.path, func(t *testing.T) {
			got, err := FieldValue(pod, row.path)
			words(t, row.err, err)
			equal(t, row.want, got)
		})
	}
}

func TestDownwardPayload(t *testing.T) {
	items := []corev1.DownwardAPIVolumeFile{
		{Path: "./labels", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels['app']"}},
		{Path: "limits/cpu", ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.cpu"}, Mode: new(int32(0o400))},
	}
	resource := func(ref *corev1.ResourceFieldSelector) (string, error) { return ref.Resource + "=2", nil }
	got, err := DownwardPayload(pod, items, standard, resource)
	ok(t, err)
	equal(t, Payload{"labels": {Data: []byte("web"), Mode: 0o644}, "limits/cpu": {Data: []byte("limits.cpu=2"), Mode: 0o400}}, got)
	items[0].FieldRef.FieldPath = "spec.x"
	_, err = DownwardPayload(pod, items, standard, nil)
	words(t, "[unsupported fieldPath: spec.x, resourceFieldRef: nothing here knows the resources of containers]", err)
}
