package enrol

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// request and answer are what a host and its hub say to each other.
type request struct {
	Secret string `json:"secret,omitempty"`
	Name   string `json:"name,omitempty"`
	CSR    []byte `json:"csr"`
}

type answer struct {
	Host string `json:"host"`
	Cert []byte `json:"cert"`
	CA   []byte `json:"ca"`
}

// most is how large either may be.
const most = 64 << 10

// An Identity is what a host has after it has joined.
type Identity struct {
	Host   string
	Events string // the hub's address
	Enrol  string
	Pair   tls.Certificate
	CA     *x509.CertPool
}

// TLS is how a host speaks to its hub and to nobody else.
func (id *Identity) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, ServerName: HubName, RootCAs: id.CA, Certificates: []tls.Certificate{id.Pair}}
}

// place is what of an identity is no key.
type place struct{ Host, Events, Enrol string }

// Join makes a key in dir, has it signed by the hub of the token, and keeps all in
// dir. The key never leaves it.
func Join(ctx context.Context, t Token, name, dir string) (host string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "host"}}, key)
	if err != nil {
		return "", err
	}
	a, err := post(ctx, t.Enrol, pinned(t.Pin), request{t.Secret, name, csr})
	if err != nil {
		return "", err
	}
	if err := a.check(t.Pin, key); err != nil {
		return "", err
	}
	return a.Host, errors.Join(
		WriteKey(filepath.Join(dir, "key.pem"), key),
		WritePEM(filepath.Join(dir, "cert.pem"), "CERTIFICATE", a.Cert),
		WritePEM(filepath.Join(dir, "ca.pem"), "CERTIFICATE", a.CA),
		writeJSON(filepath.Join(dir, "hub.json"), place{a.Host, t.Events, t.Enrol}))
}

func writeJSON(file string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return WriteFile(file, text)
}

// check holds what the hub has answered to what was asked.
func (a *answer) check(pin string, key *ecdsa.PrivateKey) error {
	ca, err := x509.ParseCertificate(a.CA)
	if err != nil || PinOf(ca) != pin {
		return errors.New("the hub's authority is not the token's")
	}
	cert, err := x509.ParseCertificate(a.Cert)
	if err != nil {
		return fmt.Errorf("the hub's answer: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		return fmt.Errorf("the hub's answer: %w", err)
	}
	if !key.PublicKey.Equal(cert.PublicKey) || !envelope.Host(a.Host) || cert.Subject.CommonName != a.Host {
		return errors.New("the hub's answer is for somebody else")
	}
	return nil
}

// pinned takes a server whose authority has the pin, and no other.
func pinned(pin string) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // there are no roots yet: VerifyConnection has the pin
		VerifyConnection: func(s tls.ConnectionState) error {
			for _, c := range s.PeerCertificates[1:] {
				if PinOf(c) != pin {
					continue
				}
				roots := x509.NewCertPool()
				roots.AddCert(c)
				_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, DNSName: HubName})
				return err
			}
			return errors.New("this is not the hub that the token is of")
		},
	}
}

func post(ctx context.Context, addr string, conf *tls.Config, r request) (*answer, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+addr+"/v1/enrol", bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: conf, DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport, Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the hub says %d: %s", res.StatusCode, strings.TrimSpace(string(body)))
	}
	a := &answer{}
	return a, json.Unmarshal(body, a)
}

// LoadIdentity reads what Join has kept.
func LoadIdentity(dir string) (*Identity, error) {
	text, err := os.ReadFile(filepath.Join(dir, "hub.json"))
	if err != nil {
		return nil, err
	}
	var p place
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("hub.json: %w", err)
	}
	id := &Identity{Host: p.Host, Events: p.Events, Enrol: p.Enrol, CA: x509.NewCertPool()}
	if id.Pair, err = tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")); err != nil {
		return nil, err
	}
	ca, err := readPEM(filepath.Join(dir, "ca.pem"), "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(ca)
	if err != nil {
		return nil, err
	}
	id.CA.AddCert(root)
	return id, nil
}

// Renew has the same key signed again, if it is time.
func (id *Identity) Renew(ctx context.Context, dir string, now time.Time) (bool, error) {
	leaf, err := x509.ParseCertificate(id.Pair.Certificate[0])
	if err != nil || now.Before(leaf.NotAfter.Add(RenewAt-HostLife)) {
		return false, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, id.Pair.PrivateKey)
	if err != nil {
		return false, err
	}
	a, err := post(ctx, id.Enrol, id.TLS(), request{CSR: csr})
	if err != nil {
		return false, err
	}
	if a.Host != id.Host {
		return false, errors.New("the hub's answer is for somebody else")
	}
	return true, WritePEM(filepath.Join(dir, "cert.pem"), "CERTIFICATE", a.Cert)
}

// Handler is the hub's side.
func Handler(a *Authority, r *Register) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/enrol", func(w http.ResponseWriter, req *http.Request) {
		var q request
		if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, most)).Decode(&q); err != nil {
			http.Error(w, "this is no request", http.StatusBadRequest)
			return
		}
		reply, err := admit(a, r, req.TLS, q)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(reply)
	})
	return mux
}

// admit signs the key of who has a token, or of who has a certificate with it.
func admit(a *Authority, r *Register, conn *tls.ConnectionState, q request) (*answer, error) {
	csr, err := x509.ParseCertificateRequest(q.CSR)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("request for a certificate: %w", err)
	}
	key := keySum(csr)
	host := ""
	if conn != nil && len(conn.VerifiedChains) > 0 && q.Secret == "" {
		m, ok := r.Member(conn.PeerCertificates[0].Subject.CommonName)
		if !ok || m.Key != key {
			return nil, errors.New("the host is unknown or was put out")
		}
		host = m.Host
	} else {
		m, err := r.Admit(q.Secret, q.Name, key)
		if err != nil {
			return nil, err
		}
		host = m.Host
	}
	cert, err := a.Host(q.CSR, host)
	return &answer{host, cert, a.Cert.Raw}, err
}

func keySum(csr *x509.CertificateRequest) string {
	return PinOf(&x509.Certificate{RawSubjectPublicKeyInfo: csr.RawSubjectPublicKeyInfo})
}
