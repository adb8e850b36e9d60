package podfs

import (
	"errors"
	"io/fs"

	corev1 "k8s.io/api/core/v1"
)

// A Payload is what a configMap, secret, downwardAPI or projected volume is to hold, by path relative to the volume. A
// volume keeps the bytes, so they must not be changed afterwards.
type Payload map[string]PayloadFile

// PayloadFile is one file of a [Payload].
type PayloadFile struct {
	Data []byte
	// Mode are the permission bits.
	Mode fs.FileMode
	// User owns the file; nil is root.
	User *int64
}

var errNoMode = errors.New("no defaultMode used, not even the default value for it")

// pick is the payload of the keys of an object: all of them, or those that items name, under the paths they give.
// missing is the error for a key that is not there.
func pick(
	data map[string][]byte, items []corev1.KeyToPath, defaultMode *int32, optional bool, missing func(key string) error,
) (Payload, error) {
	if defaultMode == nil {
		return nil, errNoMode
	}
	payload := make(Payload, len(data))
	if len(items) == 0 {
		for key, value := range data {
			payload[key] = PayloadFile{Data: value, Mode: fileMode(nil, defaultMode)}
		}
		return payload, nil
	}
	for i := range items {
		value, there := data[items[i].Key]
		if there {
			payload[items[i].Path] = PayloadFile{Data: value, Mode: fileMode(items[i].Mode, defaultMode)}
		} else if !optional {
			return nil, missing(items[i].Key)
		}
	}
	return payload, nil
}

func fileMode(own, standard *int32) fs.FileMode {
	if own == nil {
		own = standard
	}
	return fs.FileMode(*own).Perm()
}

func isTrue(b *bool) bool { return b != nil && *b }
