package api

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// suffixAlphabet leaves out vowels and what looks like them, so that no suffix is a word, as
	// k8s.io/apimachinery's rand.String does.
	suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789"
	suffixLength   = 5
	maxNameLength  = 63
)

// draws is the one source of what is random in a cluster. Each draw is for something ("the name of a pod of
// ReplicationController crane"), and what it yields depends on the seed, on what it is for, and on how often that was
// drawn before. So goroutines that run in another order do not change who gets which name.
type draws struct {
	seed uint64
	mu   sync.Mutex
	done map[string]uint64 // how often something was drawn for
}

func newDraws(seed uint64) *draws { return &draws{seed: seed, done: map[string]uint64{}} }

// next returns the randomness of the next draw for something.
func (d *draws) next(what string) *rand.Rand {
	d.mu.Lock()
	n := d.done[what]
	d.done[what] = n + 1
	d.mu.Unlock()
	return d.nth(what, n)
}

// nth returns the randomness of the n-th draw for something, without counting it.
func (d *draws) nth(what string, n uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what))
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, n))
	return rand.New(rand.NewPCG(d.seed, h.Sum64()))
}

func suffix(r *rand.Rand) string {
	b := make([]byte, suffixLength)
	for i := range b {
		b[i] = suffixAlphabet[r.IntN(len(suffixAlphabet))]
	}
	return string(b)
}

// uidFor returns the UUID (version 4) of a new object. One whose name was drawn, or bears the time, is the only one
// ever to have it, so its draws need not be counted.
func (a *API) uidFor(r *registry.Resource, obj store.Object) types.UID {
	what := "uid " + r.Name + " " + obj.GetNamespace() + "/" + obj.GetName()
	if obj.GetGenerateName() != "" || r.StoreKey() == registry.Events.StoreKey() {
		return uuid(a.draws.nth(what, 0))
	}
	return uuid(a.draws.next(what))
}

// NewUID draws a UUID for something that is no object.
func (a *API) NewUID(what string) types.UID { return uuid(a.draws.next("uid of " + what)) }

func uuid(r *rand.Rand) types.UID {
	hi, lo := r.Uint64(), r.Uint64()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 2<<62
	return types.UID(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff))
}

// generateName is base, cut so that the name fits into a label, and a suffix, as SimpleNameGenerator does. The
// namespace only tells draws apart.
func (a *API) generateName(namespace, base string) string {
	r := a.draws.next("name " + namespace + "/" + base)
	if len(base) > maxNameLength-suffixLength {
		base = base[:maxNameLength-suffixLength]
	}
	return base + suffix(r)
}

// Now is the time as objects hold it: UTC, in seconds. More would be lost on the wire, and an object would differ
// from itself after a round trip.
func Now() metav1.Time { return metav1.Time{Time: time.Now().UTC().Truncate(time.Second)} }
