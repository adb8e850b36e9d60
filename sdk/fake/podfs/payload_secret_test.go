package podfs

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestSecretPayload(t *testing.T) {
	object := &corev1.Secret{Data: map[string][]byte{"password": []byte("s3cret")}}
	got, err := SecretPayload(object, nil, new(int32(0o400)), false)
	ok(t, err)
	equal(t, Payload{"password": {Data: []byte("s3cret"), Mode: 0o400}}, got)
	_, err = SecretPayload(object, []corev1.KeyToPath{{Key: "user"}}, standard, false)
	words(t, "references non-existent secret key: user", err)
	got, err = SecretPayload(nil, nil, standard, true)
	ok(t, err)
	equal(t, Payload{}, got)
}
