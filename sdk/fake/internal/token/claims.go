package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Claims are what a token says. Times are seconds since 1970. The fields are in the order in which they are written.
type Claims struct {
	Audience   []string `json:"aud"`
	Expiry     int64    `json:"exp"`
	IssuedAt   int64    `json:"iat"`
	Issuer     string   `json:"iss"`
	ID         string   `json:"jti"`
	Kubernetes Bound    `json:"kubernetes.io"`
	NotBefore  int64    `json:"nbf"`
	Subject    string   `json:"sub"`
}

// Bound is the account that a token is for, and what must exist as long as it holds.
type Bound struct {
	Namespace string `json:"namespace,omitempty"`
	Node      *Ref   `json:"node,omitempty"`
	Pod       *Ref   `json:"pod,omitempty"`
	Secret    *Ref   `json:"secret,omitempty"`
	Account   Ref    `json:"serviceaccount"`
	WarnAfter int64  `json:"warnafter,omitempty"`
}

// Ref names an object.
type Ref struct {
	Name string `json:"name,omitempty"`
	UID  string `json:"uid,omitempty"`
}

// ErrForeign is the error about a token that is none, or not of this kind: somebody else may know it.
var ErrForeign = errors.New("not a token of this issuer")

type header struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
}

// Sign makes a token of claims, whose issuer is filled in.
func (i *Issuer) Sign(c Claims) (string, error) {
	p := i.pair()
	c.Issuer = URL
	text, err := encode(header{Algorithm, p.id})
	if err != nil {
		return "", err
	}
	body, err := encode(c)
	if err != nil {
		return "", err
	}
	text += "." + body
	digest := sha256.Sum256([]byte(text))
	der, err := p.private.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	var s signature
	if _, err := asn1.Unmarshal(der, &s); err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(s.bytes()), nil
}

// signature is that of ECDSA. In a token both numbers are written one after the other, each in 32 bytes.
type signature struct{ R, S *big.Int }

const half = 32

func (s signature) bytes() []byte {
	b := make([]byte, 2*half)
	s.R.FillBytes(b[:half])
	s.S.FillBytes(b[half:])
	return b
}

// Read takes a token apart. [ErrForeign] is about a text that is no token or another issuer's; any other error is about
// one that pretends to be of this one. Whether it is expired, and for whom it is, the caller must see.
func (i *Issuer) Read(text string) (Claims, error) {
	var c Claims
	parts := strings.Split(text, ".")
	var h header
	if len(parts) != 3 || decode(parts[0], &h) != nil || decode(parts[1], &c) != nil || c.Issuer != URL {
		return Claims{}, ErrForeign
	}
	p := i.pair()
	if h.KeyID != "" && h.KeyID != p.id {
		return Claims{}, errors.New("invalid signature, no keys found")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return Claims{}, ErrForeign
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if h.Algorithm != Algorithm || len(raw) != 2*half ||
		!ecdsa.Verify(&p.private.PublicKey, digest[:], new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])) {
		return Claims{}, errors.New("go-jose/go-jose: error in cryptographic primitive") // as a real server words it
	}
	return c, nil
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func decode(part string, into any) error {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
