// Package enrol makes hosts known to a hub: a hub has an authority of its own, a
// host makes a key that it never gives away, and a token that is good once brings
// the two together.
package enrol

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// HubName is the name in a hub's certificate, whatever its address.
const HubName = "pledge-hub"

const (
	// HostLife is how long a host's certificate is good; it is renewed at RenewAt.
	HostLife = 30 * 24 * time.Hour
	RenewAt  = 20 * 24 * time.Hour
	caLife   = 10 * 365 * 24 * time.Hour
	hubLife  = 365 * 24 * time.Hour
	skew     = 5 * time.Minute // clocks differ
)

// An Authority signs certificates of hosts and of its hub.
type Authority struct {
	Cert *x509.Certificate
	key  crypto.Signer
}

// LoadAuthority reads the authority of a directory, or makes it there.
func LoadAuthority(dir string) (*Authority, error) {
	keyFile, certFile := filepath.Join(dir, "ca-key.pem"), filepath.Join(dir, "ca.pem")
	cert, err := readPEM(certFile, "CERTIFICATE")
	if errors.Is(err, os.ErrNotExist) {
		return newAuthority(keyFile, certFile)
	}
	if err != nil {
		return nil, err
	}
	key, err := readPEM(keyFile, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	a := &Authority{}
	if a.Cert, err = x509.ParseCertificate(cert); err != nil {
		return nil, fmt.Errorf("%s: %w", certFile, err)
	}
	a.key, err = parseKey(key)
	return a, err
}

func newAuthority(keyFile, certFile string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "pledge-hub authority"},
		NotBefore: time.Now().Add(-skew), NotAfter: time.Now().Add(caLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	if err := WriteKey(keyFile, key); err != nil {
		return nil, err
	}
	if err := WritePEM(certFile, "CERTIFICATE", der); err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &Authority{cert, key}, err
}

func serial() *big.Int {
	var b [16]byte
	rand.Read(b[:])
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b[:])
}

// Pin is what a token names an authority by.
func (a *Authority) Pin() string { return PinOf(a.Cert) }

// PinOf is the sum of a certificate's key.
func PinOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// Host signs a host's request. Of the request only the key counts: the name is
// the hub's choice, and no other right is in it.
func (a *Authority) Host(request []byte, host string) ([]byte, error) {
	csr, err := x509.ParseCertificateRequest(request)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("request for a certificate: %w", err)
	}
	if !envelope.Host(host) {
		return nil, fmt.Errorf("host %q: this is no name", host)
	}
	key, ok := csr.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("request for a certificate: want a key on P-256")
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: host},
		NotBefore: time.Now().Add(-skew), NotAfter: time.Now().Add(HostLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	return x509.CreateCertificate(rand.Reader, t, a.Cert, key, a.key)
}

// Hub makes a key and a certificate for the hub itself; as a client it is what
// no host is: HubName.
func (a *Authority) Hub() (cert []byte, key *ecdsa.PrivateKey, err error) {
	key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: HubName}, DNSNames: []string{HubName},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:   time.Now().Add(-skew), NotAfter: time.Now().Add(hubLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err = x509.CreateCertificate(rand.Reader, t, a.Cert, key.Public(), a.key)
	return cert, key, err
}

// Pool has the authority alone.
func (a *Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.Cert)
	return p
}

// WriteKey writes a private key, for its owner's eyes.
func WriteKey(file string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return WritePEM(file, "PRIVATE KEY", der)
}

// WritePEM writes a file as a whole, for its owner alone.
func WritePEM(file, kind string, der []byte) error {
	return WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// WriteFile replaces a file so that an end at any moment leaves the old or the new.
func WriteFile(file string, data []byte) error {
	f, err := os.OpenFile(file+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func readPEM(file, kind string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: no %s", file, kind)
	}
	return block.Bytes, nil
}

func parseKey(der []byte) (*ecdsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	k, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("a private key of another kind")
	}
	return k, nil
}
