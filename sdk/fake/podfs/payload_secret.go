package podfs

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// SecretPayload is what a volume shows of a Secret, as secret.MakePayload does; its rules are those of [ConfigMapPayload].
func SecretPayload(object *corev1.Secret, items []corev1.KeyToPath, defaultMode *int32, optional bool) (Payload, error) {
	var data map[string][]byte
	if object != nil {
		data = object.Data
	}
	return pick(data, items, defaultMode, optional, func(key string) error {
		return fmt.Errorf("references non-existent secret key: %s", key)
	})
}
