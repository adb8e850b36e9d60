package podfs

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

var standard = new(int32(0o644))

func TestConfigMapPayload(t *testing.T) {
	object := &corev1.ConfigMap{Data: map[string]string{"a": "1", "b": "2"}, BinaryData: map[string][]byte{"c": {0, 1}}}
	items := []corev1.KeyToPath{{Key: "a", Path: "x/a", Mode: new(int32(0o400))}, {Key: "c", Path: "c"}}
	rows := []struct {
		rule     string
		object   *corev1.ConfigMap
		items    []corev1.KeyToPath
		optional bool
		want     Payload
		err      string
	}{
		{"every key", object, nil, false, Payload{"a": {Data: []byte("1"), Mode: 0o644}, "b": {Data: []byte("2"), Mode: 0o644}, "c": {Data: []byte{0, 1}, Mode: 0o644}}, ""},
		{"items", object, items, false, Payload{"x/a": {Data: []byte("1"), Mode: 0o400}, "c": {Data: []byte{0, 1}, Mode: 0o644}}, ""},
		{"a missing key", object, []corev1.KeyToPath{{Key: "x", Path: "x"}}, false, nil, "configmap references non-existent config key: x"},
		{"an optional key", object, []corev1.KeyToPath{{Key: "x", Path: "x"}, items[1]}, true, Payload{"c": {Data: []byte{0, 1}, Mode: 0o644}}, ""},
		{"an optional object", nil, items, true, Payload{}, ""},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			got, err := ConfigMapPayload(row.object, row.items, standard, row.optional)
			words(t, row.err, err)
			equal(t, row.want, got)
		})
	}
	_, err := ConfigMapPayload(object, nil, nil, false)
	words(t, "no defaultMode used, not even the default value for it", err)
}
