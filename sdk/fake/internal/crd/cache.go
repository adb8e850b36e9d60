package crd

import (
	"encoding/json"
	"sync"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// A suite of tests makes a cluster a test, all with the same definitions, and to compile their rules takes milliseconds. So what is made of
// a schema is kept in the process, for the schemas that were met last.

// mostKept is of how many schemas something is kept.
const mostKept = 256

// keeper keeps what was made of the latest things it was asked for. Safe for concurrent use; two who ask at once for something new both
// make it.
type keeper[T any] struct {
	mu   sync.Mutex
	made map[string]T
	keys []string // the oldest first
}

// get returns what make makes of the thing that key is the JSON of. An error is not kept.
func (k *keeper[T]) get(key any, make func() (T, error)) (T, error) {
	data, err := json.Marshal(key)
	if err != nil {
		return make()
	}
	if made, ok := k.find(string(data)); ok {
		return made, nil
	}
	made, err := make()
	if err == nil {
		k.keep(string(data), made)
	}
	return made, err
}

func (k *keeper[T]) find(key string) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	made, ok := k.made[key]
	return made, ok
}

func (k *keeper[T]) keep(key string, made T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made == nil {
		k.made = map[string]T{}
	}
	if _, ok := k.made[key]; ok {
		return
	}
	k.made[key] = made
	if k.keys = append(k.keys, key); len(k.keys) > mostKept {
		delete(k.made, k.keys[0])
		k.keys = append([]string(nil), k.keys[1:]...)
	}
}

var (
	parts keeper[*schemaParts]
	valid keeper[struct{}] // the schemas that were found valid
)

func partsOf(v *apiextensionsv1.CustomResourceValidation) (*schemaParts, error) {
	return parts.get(v, func() (*schemaParts, error) { return newParts(v) })
}
