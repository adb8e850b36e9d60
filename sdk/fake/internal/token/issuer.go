package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync"
)

// URL is who the tokens are from, and for whom they are unless said otherwise: the API server itself.
const URL = "https://kubernetes.default.svc.cluster.local"

// Algorithm is how tokens are signed.
const Algorithm = "ES256"

// Issuer signs tokens and recognizes its own. Its methods may be called concurrently.
type Issuer struct{ pair func() pair }

type pair struct {
	private *ecdsa.PrivateKey
	id      string
}

// New returns the issuer of a cluster. The key is made at first use.
func New(seed uint64) *Issuer {
	return &Issuer{sync.OnceValue(func() pair { return newPair(seed) })}
}

// newPair derives a key from the seed. A digest that is no key of the curve, of which there is one in 2^32, is digested again.
func newPair(seed uint64) pair {
	digest := sha256.Sum256(binary.LittleEndian.AppendUint64([]byte("podwright service account issuer"), seed))
	for {
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), digest[:])
		if err == nil {
			return pair{key, keyID(&key.PublicKey)}
		}
		digest = sha256.Sum256(digest[:])
	}
}

// keyID is keyIDFromPublicKey.
func keyID(key crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(fmt.Sprintf("token: public key: %v", err)) // the curve is one that it knows
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// KeySet is the public key as a JSON Web Key Set (RFC 7517), by which others check tokens.
type KeySet struct {
	Keys []Key `json:"keys"`
}

// Key is a public key of the curve P-256.
type Key struct {
	Use       string `json:"use"`
	Type      string `json:"kty"`
	ID        string `json:"kid"`
	Curve     string `json:"crv"`
	Algorithm string `json:"alg"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

// KeySet returns what tells tokens of this issuer from others.
func (i *Issuer) KeySet() KeySet {
	p := i.pair()
	point, err := p.private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		panic(fmt.Sprintf("token: public key: %v", err)) // a key of the curve has a point on it
	}
	return KeySet{[]Key{{
		Use: "sig", Type: "EC", ID: p.id, Curve: "P-256", Algorithm: Algorithm,
		X: base64.RawURLEncoding.EncodeToString(point[1 : 1+half]),
		Y: base64.RawURLEncoding.EncodeToString(point[1+half:]),
	}}}
}
