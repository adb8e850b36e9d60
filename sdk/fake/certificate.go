package fake

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"
)

// certificateAuthority signs what [Cluster.Serve] serves with. All clusters of a process share one: it is made once,
// lives in memory only, and its private key is never written.
type certificateAuthority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	pem         []byte
}

// authority makes the authority at its first use. It panics if the system has no randomness.
var authority = sync.OnceValue(func() *certificateAuthority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(fmt.Sprintf("fake: key of the certificate authority: %v", err))
	}
	template := certificateTemplate("minikubeCA", x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature)
	template.IsCA, template.BasicConstraintsValid = true, true
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err == nil {
		template, err = x509.ParseCertificate(der)
	}
	if err != nil {
		panic(fmt.Sprintf("fake: certificate authority: %v", err))
	}
	return &certificateAuthority{template, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
})

// certificateTemplate is valid at any time a test can see: a bubble begins in the year 2000.
func certificateTemplate(name string, usage x509.KeyUsage) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(fmt.Sprintf("fake: serial number of a certificate: %v", err))
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     usage,
	}
}

// serverConfig returns the TLS configuration of a server at some addresses, which speaks HTTP/2 and HTTP/1.1.
func (ca *certificateAuthority) serverConfig(ips ...net.IP) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := certificateTemplate("minikube", x509.KeyUsageDigitalSignature)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.IPAddresses = ips
	template.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local"}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, key.Public(), ca.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		NextProtos:   []string{"h2", "http/1.1"},
		MinVersion:   tls.VersionTLS12,
	}, nil
}
