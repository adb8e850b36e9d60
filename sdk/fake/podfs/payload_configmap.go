package podfs

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// ConfigMapPayload is what a volume shows of a ConfigMap, as configmap.MakePayload does. Without items that is every key;
// an item whose key is missing is an error unless optional. A nil object, for one that is optional and missing, has no keys.
func ConfigMapPayload(object *corev1.ConfigMap, items []corev1.KeyToPath, defaultMode *int32, optional bool) (Payload, error) {
	data := map[string][]byte{}
	if object != nil {
		for key, value := range object.BinaryData {
			data[key] = value
		}
		for key, value := range object.Data {
			data[key] = []byte(value)
		}
	}
	return pick(data, items, defaultMode, optional, func(key string) error {
		return fmt.Errorf("configmap references non-existent config key: %s", key)
	})
}
